import type { DatasetOptions, File, Group, HdfObject, Value } from '../../src/hdf5/index.js';
import { type CanonicalTree, canonicalValue } from './canonical.js';

const MAX64 = 2n ** 63n - 1n;

/** Arrays of every number type with its extremes. */
const ARRAYS = {
  int8: Int8Array.of(-128, -1, 0, 1, 2, 127),
  uint8: Uint8Array.of(0, 1, 2, 128, 254, 255),
  int16: Int16Array.of(-32_768, -1, 0, 1, 2, 32_767),
  uint16: Uint16Array.of(0, 1, 2, 3, 65_534, 65_535),
  int32: Int32Array.of(-(2 ** 31), -1, 0, 1, 2, 2 ** 31 - 1),
  uint32: Uint32Array.of(0, 1, 2, 3, 2 ** 31, 2 ** 32 - 1),
  int64: BigInt64Array.of(-MAX64 - 1n, -1n, 0n, 2n ** 53n + 1n, 2n, MAX64),
  uint64: BigUint64Array.of(0n, 1n, 2n ** 53n + 1n, 2n ** 63n, 3n, 2n ** 64n - 1n),
  float32: Float32Array.of(Number.NaN, -0, 0.1, 1e-45, Number.POSITIVE_INFINITY, 3.4e38),
  float64: Float64Array.of(Number.NaN, -0, 0.1, 5e-324, Number.NEGATIVE_INFINITY, 1.7e308),
} as const;

const TEXTS = ['', 'volts', 'µV – 😀', 'two\nlines', 'x'.repeat(3000)];

/** Values of every type, scalar, array, table and empty, by name. */
export function sampleValues(): Record<string, Value> {
  const values: Record<string, Value> = {
    bool: { dtype: 'bool', shape: [], data: Uint8Array.of(1) },
    'bool table': { dtype: 'bool', shape: [2, 2], data: Uint8Array.of(1, 0, 0, 1) },
    'no bool': { dtype: 'bool', shape: [0], data: new Uint8Array() },
    texts: { dtype: 'string', shape: [TEXTS.length], data: TEXTS },
    'text table': { dtype: 'string', shape: [2, 2], data: TEXTS.slice(0, 4) },
    'no texts': { dtype: 'string', shape: [0], data: [] },
    one: { dtype: 'reference', shape: [], data: ['/targets'] },
    many: { dtype: 'reference', shape: [3], data: ['/targets', '/targets/µ', '/'] },
    'no references': { dtype: 'reference', shape: [0], data: [] },
  };
  for (const [index, text] of TEXTS.entries())
    values[`text ${index}`] = { dtype: 'string', shape: [], data: [text] };
  for (const [dtype, data] of Object.entries(ARRAYS) as [keyof typeof ARRAYS, Value['data']][]) {
    const part = (from: number, to: number) => (data as Int8Array).slice(from, to);
    values[`${dtype} scalar`] = { dtype, shape: [], data: part(5, 6) };
    values[`${dtype} array`] = { dtype, shape: [6], data };
    values[`${dtype} table`] = { dtype, shape: [3, 2], data };
    values[`${dtype} none`] = { dtype, shape: [0], data: part(0, 0) };
    values[`${dtype} no rows`] = { dtype, shape: [0, 3], data: part(0, 0) };
  }
  return values;
}

const FILTERS: readonly NonNullable<DatasetOptions['filters']>[] = [
  [],
  [{ kind: 'deflate', level: 4 }],
  [{ kind: 'shuffle' }, { kind: 'deflate', level: 9 }, { kind: 'fletcher32' }],
];
const FILTER_IDS = { shuffle: 2, deflate: 1, fletcher32: 3 } as const;

/** Chunked datasets of every number type, written through libhdf5, with room to grow. */
function chunkedSamples(): Record<string, { options: DatasetOptions; value: Value }> {
  const samples: Record<string, { options: DatasetOptions; value: Value }> = {};
  for (const [dtype, data] of Object.entries(ARRAYS) as [keyof typeof ARRAYS, Value['data']][])
    for (const [way, filters] of FILTERS.entries()) {
      const fillvalue = (data as Int8Array).slice(2, 3);
      const value: Value = { dtype, shape: [3, 2], data };
      samples[`${dtype} ${way}`] = {
        options: { dtype, shape: [3, 2], maxshape: [null, 2], chunks: [2, 2], filters, fillvalue },
        value,
      };
    }
  return samples;
}

/** Writes a file with everything that h5lib can write. */
export function fillFile(file: File): void {
  const values = sampleValues();
  file.createGroup('targets').close();
  file.createGroup('targets/µ').close();
  file.createGroup('nothing').close();
  file.createSoftLink('soft', '/targets/µ');
  file.createSoftLink('targets/dangling', 'no/where');
  using attributed = file.createGroup('attributed');
  setAll(attributed, values);
  setAll(file, { title: values['text 2'] });
  using datasets = file.createGroup('datasets');
  using compact = file.createGroup('compact');
  for (const [name, value] of Object.entries(values)) {
    using dataset = datasets.writeDataset(name, value);
    dataset.attributes.set('of', { dtype: 'string', shape: [], data: [name] });
    if (value.dtype === 'string' || value.dtype === 'reference') continue;
    writeWith(compact, name, { ...value, layout: 'compact' }, value);
  }
  using chunked = file.createGroup('chunked');
  for (const [name, { options, value }] of Object.entries(chunkedSamples()))
    writeWith(chunked, name, options, value);
}

const REPLACED: Value = { dtype: 'uint8', shape: [2], data: Uint8Array.of(1, 2) };

function setAll(object: HdfObject, values: Readonly<Record<string, Value>>): void {
  for (const [name, value] of Object.entries(values)) {
    // Replaced: the first value must leave no trace.
    object.attributes.set(name, REPLACED);
    object.attributes.set(name, value);
  }
  object.attributes.set('gone', REPLACED);
  object.attributes.delete('gone');
}

function writeWith(group: Group, name: string, options: DatasetOptions, value: Value): void {
  const { dtype, shape, maxshape, layout, chunks, filters, fillvalue } = options;
  using dataset = group.createDataset(name, {
    ...{ dtype, shape },
    ...(maxshape && { maxshape }),
    ...(layout && { layout }),
    ...(chunks && { chunks }),
    ...(filters && { filters }),
    ...(fillvalue && { fillvalue }),
  });
  dataset.write(value.data);
}

/** The contents of `fillFile`'s file, in the form of canonical.py. */
export function expectedTree(): CanonicalTree {
  const values = sampleValues();
  const all = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, canonicalValue(value)]),
  );
  const group = (attributes = {}) => ({ kind: 'group', attributes });
  const tree: CanonicalTree = {
    '/': group({ title: all['text 2'] }),
    '/targets': group(),
    '/targets/µ': group(),
    '/targets/dangling': { kind: 'soft', target: 'no/where' },
    '/nothing': group(),
    '/soft': { kind: 'soft', target: '/targets/µ' },
    '/attributed': group(all),
    '/datasets': group(),
    '/compact': group(),
    '/chunked': group(),
  };
  for (const [name, value] of Object.entries(values)) {
    const of = { dtype: 'string', shape: [], data: [name] };
    tree[`/datasets/${name}`] = expectedDataset(value, { layout: 'contiguous' }, { of });
    if (value.dtype === 'string' || value.dtype === 'reference') continue;
    tree[`/compact/${name}`] = expectedDataset(value, { layout: 'compact' });
  }
  for (const [name, { options, value }] of Object.entries(chunkedSamples())) {
    const { maxshape, chunks, filters = [], dtype, fillvalue = [] } = options;
    tree[`/chunked/${name}`] = expectedDataset(value, {
      ...{ layout: 'chunked', maxshape, chunks },
      filters: filters.map(({ kind }) => FILTER_IDS[kind]),
      fillvalue: canonicalValue({ dtype, shape: [], data: fillvalue }).data,
    });
  }
  return tree;
}

function expectedDataset(value: Value, storage: Record<string, unknown>, attributes = {}) {
  const { dtype, shape } = value;
  const size = dtype === 'bool' ? 1 : Number(/\d+$/.exec(dtype)?.[0] ?? 0) / 8;
  return {
    kind: 'dataset',
    attributes,
    maxshape: shape,
    bigEndian: false,
    chunks: null,
    filters: [],
    fillvalue: size === 0 ? null : '00'.repeat(size),
    ...storage,
    value: canonicalValue(value),
  };
}
