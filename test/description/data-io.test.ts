import { describe, expect, it } from 'vitest';
import {
  bulkData,
  checkDescription,
  type DataIOOptions,
  type Description,
  DescriptionError,
  dataIO,
  resolvePaths,
} from '../../src/description/index.js';
import type { SourceSpec } from '../../src/sources/index.js';
import { DataChunkIterator } from '../../src/streams/index.js';
import { bulk, example, series } from './example.js';
import { OwnIterator } from './iterators.js';

const array = { data: Int16Array.from({ length: 12 }, (_, i) => i), shape: [3, 4] };
const source: SourceSpec = { type: 'raw', path: 'ap.bin', dtype: 'int16', shape: [null, 4] };
const defaults = {
  chunks: 'auto',
  compression: 'gzip',
  compressionOpts: 4,
  shuffle: true,
  fletcher32: false,
  skipFill: false,
};

const check = (fields: object) =>
  checkDescription(example({ acquisition: [series({ ...fields })] }));
const resolved = (data: unknown) => check({ data }).acquisition[0].data;

/** The lines of the error's message. */
function complaints(action: () => unknown): string[] {
  try {
    action();
  } catch (error) {
    if (error instanceof DescriptionError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('dataIO', () => {
  it('puts options beside the data', () => {
    const options = { chunks: [2, null], maxshape: [null, 4], compressionOpts: 9 };
    expect(dataIO(array, options)).toEqual({ data: array, ...options });
    expect(dataIO(source, { fletcher32: true })).toEqual({ source, fletcher32: true });
    expect(dataIO(array)).toEqual({ data: array });
  });

  it('passes arrays and iterators on unchanged', () => {
    for (const data of [array, array.data, new OwnIterator()]) {
      const io = dataIO(data, { skipFill: true });
      expect('data' in io && io.data).toBe(data);
    }
  });

  it('converts lists to float64', () => {
    const made = dataIO([
      [1, 2.5],
      [3, Number.NaN],
    ]);
    const data = { data: Float64Array.of(1, 2.5, 3, Number.NaN), shape: [2, 2] };
    expect(made).toEqual({ data });
    expect(resolved(made)).toEqual({ data, ...defaults });
  });

  it('takes true for the default, as HDMF does', () => {
    const data = dataIO(array, { chunks: true, compression: true });
    expect(resolved(data)).toEqual({ data: array, ...defaults });
    expect(resolved(dataIO(array, { compression: false }))).toMatchObject({ compression: null });
  });

  it.each<[DataIOOptions | object, string]>([
    [
      { compression_opts: 4 },
      "Unknown key 'compression_opts' in options: did you mean 'compressionOpts'?",
    ],
    [{ maxShape: [null] }, "Unknown key 'maxShape' in options: did you mean 'maxshape'?"],
    [
      { compression: 'lzf' },
      "Expected 'gzip', false or null for options.compression but received 'lzf'",
    ],
    [
      { compressionOpts: 10 },
      'Expected a number of at most 9 for options.compressionOpts but received 10',
    ],
    [{ chunks: [0, 4] }, 'Expected a number greater than 0 for options.chunks[0] but received 0'],
    [{ skipFill: 1 }, 'Expected true or false for options.skipFill but received 1'],
  ])('refuses the options %j', (options, message) => {
    expect(complaints(() => dataIO(array, options))).toEqual([message]);
  });

  it('refuses options that are not a mapping', () => {
    const call = (options: unknown) => complaints(() => dataIO(array, options as DataIOOptions));
    expect(call(null)).toEqual(['Expected a mapping for options but received null']);
    expect(call('gzip')).toEqual(["Expected a mapping for options but received 'gzip'"]);
  });

  it.each<[string, unknown, string]>([
    ['a path', 'ap.bin', "'ap.bin'"],
    ['a mapping', { path: 'ap.bin' }, 'a mapping'],
    ['lists of different lengths', [[1, 2], [3]], 'a list of 2'],
    ['a generator', (function* () {})(), 'a Generator'],
    ['a function', () => [1], 'a function'],
    ['clamped items', new Uint8ClampedArray(3), 'a Uint8ClampedArray'],
    ['what dataIO made', dataIO([1], {}), 'a mapping'],
    ['nothing', undefined, 'nothing'],
  ])('refuses %s', (_, data, received) => {
    const [line, ...others] = complaints(() => dataIO(data as number[]));
    expect(others).toEqual([]);
    expect(line).toBe(
      'Expected a source, a list of numbers (or of lists of equal length), an NdArray, a typed ' +
        'array, or an iterator with dtype and maxshape (wrap any other iterator in a DataChunkIterator) for data ' +
        `but received ${received}`,
    );
  });
});

describe('bulk data in memory', () => {
  it('data in memory fit the type of a description', () => {
    const common = { type: 'TimeSeries', unit: 'm', rate: 10 } as const;
    const acquisition: Description['acquisition'] = [
      { ...common, name: 'array', data: array },
      { ...common, name: 'items', data: array.data },
      { ...common, name: 'iterator', data: new OwnIterator() },
      { ...common, name: 'options', data: { data: array, chunks: [1, 4] } },
      { ...common, name: 'io', data: dataIO([1, 2], { chunks: true }) },
      { ...common, name: 'times', data: [1], rate: undefined, timestamps: Float64Array.of(0) },
    ];
    expect(bulkData(checkDescription(example({ acquisition }))).map(({ label }) => label)).toEqual([
      'acquisition/array/data',
      'acquisition/items/data',
      'acquisition/iterator/data',
      'acquisition/options/data',
      'acquisition/io/data',
      'acquisition/times/timestamps',
    ]);
  });

  it('data in memory without options are bulk data with the default options', () => {
    expect(resolved(array)).toEqual({ data: array, ...defaults });
    const items = Float32Array.of(1, 2, 3);
    expect(resolved(items)).toEqual({ data: { data: items, shape: [3] }, ...defaults });
    expect(resolved({ data: items })).toEqual({ data: { data: items, shape: [3] }, ...defaults });
    const iterator = new OwnIterator();
    expect(resolved(iterator)).toEqual({ data: iterator, ...defaults, skipFill: true });
  });

  it('data in memory are neither copied nor read', () => {
    const unready = {
      get dtype(): string {
        throw new Error('read too early');
      },
      get maxshape(): number[] {
        throw new Error('read too early');
      },
      *[Symbol.iterator]() {},
    };
    for (const data of [array, new OwnIterator(), unready]) {
      const bare = resolved(data);
      expect('data' in bare && bare.data).toBe(data);
      const again = resolved({ data, chunks: [1, 4] });
      expect('data' in again && again.data).toBe(data);
      const kept = checkDescription(check({ data })).acquisition[0].data;
      expect('data' in kept && kept.data).toBe(data);
    }
  });

  it('a checked description with data in memory can be checked again, and its paths are not changed', () => {
    const rate = undefined;
    for (const data of [array, array.data, new OwnIterator(), dataIO(array, { skipFill: true })]) {
      const checked = check({ data, rate, timestamps: Float64Array.of(0, 1) });
      expect(checkDescription(checked)).toEqual(checked);
      const { acquisition } = resolvePaths(checked, '/recordings');
      expect(acquisition).toEqual(checked.acquisition);
    }
  });

  it('data in memory are listed with the sources', () => {
    const iterator = new OwnIterator();
    const timestamps = Float64Array.of(0, 1);
    const description = check({ data: iterator, rate: undefined, timestamps });
    const [data, times] = bulkData(description);
    expect(data).toMatchObject({ label: 'acquisition/ElectricalSeriesAP/data' });
    expect(data.data).toBe(description.acquisition[0].data);
    expect(times).toMatchObject({
      label: 'acquisition/ElectricalSeriesAP/timestamps',
      data: { data: { data: timestamps, shape: [2] } },
    });
  });

  it('data in memory may have NaN as the fill value', () => {
    expect(resolved(dataIO(array, { fillvalue: Number.NaN }))).toMatchObject({
      fillvalue: Number.NaN,
    });
  });

  it('chunks of the fill value are skipped by default only for iterators of the user', () => {
    const skips = (data: unknown) => {
      const { skipFill } = resolved(data) as { skipFill: boolean };
      return skipFill;
    };
    const ours = () => new DataChunkIterator([[1, 2, 3, 4]]);
    expect([bulk(), array, ours()].map(skips)).toEqual([false, false, false]);
    expect(skips(new OwnIterator())).toBe(true);
    expect(skips(dataIO(new OwnIterator(), { skipFill: false }))).toBe(false);
    expect(skips(dataIO(ours(), { skipFill: true }))).toBe(true);
    expect(skips(bulk({ skipFill: true }))).toBe(true);
  });

  const codeOnly =
    'an NdArray, a typed array, or an iterator with dtype and maxshape (wrap any other iterator in a DataChunkIterator)';

  it.each<[string, unknown, string | RegExp]>([
    [
      'a generator',
      (function* () {})(),
      `Expected ${codeOnly} for acquisition[0].data but received a Generator`,
    ],
    [
      'a generator with options',
      { data: (async function* () {})(), chunks: [1, 4] },
      `Expected ${codeOnly} for acquisition[0].data.data but received an AsyncGenerator`,
    ],
    [
      'a promise',
      Promise.resolve([1]),
      `Expected ${codeOnly} for acquisition[0].data but received a Promise`,
    ],
    [
      'an iterator without maxshape',
      { dtype: 'int16', *[Symbol.iterator]() {} },
      `Expected ${codeOnly} for acquisition[0].data but received an Object`,
    ],
    [
      'a shape of more items',
      { data: Int16Array.of(1, 2, 3), shape: [2, 4] },
      'Expected 8 items, of shape [2, 4], for acquisition[0].data but received 3',
    ],
    [
      'a shape of more items, with options',
      { data: { data: Int16Array.of(1, 2, 3), shape: [2, 4] }, compression: null },
      'Expected 8 items, of shape [2, 4], for acquisition[0].data but received 3',
    ],
    [
      'a misspelt option',
      { data: array, shuffel: true },
      "Unknown key 'shuffel' in acquisition[0].data: did you mean 'shuffle'?",
    ],
    [
      'an option that is wrong',
      { data: new OwnIterator(), compression: 'lzf' },
      "Expected 'gzip', false or null for acquisition[0].data.compression but received 'lzf'",
    ],
    [
      'options inside of an array',
      { ...array, shuffle: true },
      /^Unknown key 'shape' in acquisition\[0\]\.data \(known keys: data, chunks, /,
    ],
  ])('%s is refused', (_, data, message) => {
    const lines = complaints(() => resolved(data));
    expect(lines).toHaveLength(1);
    if (typeof message === 'string') expect(lines[0]).toBe(message);
    else expect(lines[0]).toMatch(message);
  });

  it('data of the wrong kind are refused as timestamps, too', () => {
    const lines = complaints(() => check({ rate: undefined, timestamps: (function* () {})() }));
    expect(lines).toEqual([
      `Expected ${codeOnly} for acquisition[0].timestamps but received a Generator`,
    ]);
  });
});

describe('manifests', () => {
  it.each<[unknown, string | RegExp]>([
    ['ap.bin', "Expected a mapping or a list for acquisition[0].timestamps but received 'ap.bin'"],
    [{}, 'Expected a mapping for acquisition[0].timestamps.source but received nothing'],
    [
      { data: [1], source },
      /^Unknown key 'data' in acquisition\[0\]\.timestamps \(known keys: source, /,
    ],
  ])('manifests get no advice that only a program can follow: %j', (timestamps, message) => {
    const [line, ...others] = complaints(() => check({ rate: undefined, timestamps }));
    expect(others).toEqual([]);
    if (typeof message === 'string') expect(line).toBe(message);
    else expect(line).toMatch(message);
  });
});
