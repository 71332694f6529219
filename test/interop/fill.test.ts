import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import {
  type AbstractDataChunkIterator,
  DataChunk,
  type FillData,
  fill,
  ndarray,
  planFill,
  slice,
  verifyFill,
} from '../../src/index.js';
import { BUILT, startChild } from '../support/child.js';
import { iterator } from '../support/iterators.js';
import { describeInterop, runPython } from '../support/python.js';
import {
  bytesOf,
  type Model,
  moduleText,
  noise,
  rejection,
  waves,
  writeModule,
  writeRaw,
  zeros,
} from '../support/recordings.js';
import { temporaryFolder } from './session.js';

const FORMATS = ['earliest', 'v110', 'userblock', 'none', 'page', 'fsm'];
const ROWS = 100;

/** Data, and what a dataset must hold after it was filled with them. */
interface Filling {
  readonly data: FillData;
  readonly expected: Model;
}

interface Checked {
  readonly differences: Record<string, string>;
  /** Other objects that changed. */
  readonly others: readonly string[];
  readonly pynwb?: Record<string, string>;
  readonly validation?: readonly string[];
}

function reversed({ dtype, shape, items }: Model): Model {
  return { dtype, shape, items: items.slice().reverse() };
}

/** Blocks that are not aligned with chunks, with the last rows first. */
function unaligned({ dtype, shape, items }: Model): AbstractDataChunkIterator {
  const [rows, columns] = shape;
  return iterator(
    [null, columns],
    function* () {
      for (let first = Math.floor((rows - 1) / 7) * 7; first >= 0; first -= 7)
        for (const [from, to] of [
          [1, columns],
          [0, 1],
        ]) {
          const end = Math.min(first + 7, rows);
          const part = zeros(dtype, (end - first) * (to - from));
          for (let row = first; row < end; row++)
            part.set(
              items.subarray(row * columns + from, row * columns + to) as never,
              (row - first) * (to - from),
            );
          const array = ndarray(part, [end - first, to - from]);
          yield new DataChunk(array, [slice(first, end), slice(from, to)]);
        }
    },
    { dtype },
  );
}

/** Every third row; the other rows hold `before`. */
function sparse({ dtype, shape, items }: Model, before: Model): Filling {
  const [rows, columns] = shape;
  const expected = { dtype, shape, items: before.items.slice() };
  const picked = Array.from({ length: Math.floor(rows / 3) }, (_, at) => 3 * at);
  const row = (at: number) => items.subarray(at * columns, (at + 1) * columns);
  for (const at of picked) expected.items.set(row(at) as never, at * columns);
  const chunks = function* () {
    for (const at of picked.toReversed())
      yield new DataChunk(ndarray(row(at).slice(), [columns]), at);
  };
  return { data: iterator([rows, columns], chunks, { dtype }), expected };
}

function ofType(dtype: Model['dtype'], { shape, items }: Model): Model {
  const converted = zeros(dtype, items.length);
  for (let at = 0; at < items.length; at++) converted[at] = items[at];
  return { dtype, shape, items: converted };
}

/** The values that fill.py writes into datasets with data. */
const HELD = ofType('int16', { dtype: 'int16', shape: [ROWS, 4], items: zeros('int16', ROWS * 4) });
HELD.items.forEach((_, at) => {
  HELD.items[at] = at % 100;
});

describeInterop('files that others made, filled', () => {
  const folder = temporaryFolder();

  beforeAll(async () => {
    await runPython('fill.py', ['make', folder]);
  });

  /** Differences after datasets were filled once, or several times with the same result. */
  async function filled(
    path: string,
    fillings: Readonly<Record<string, Filling>>,
    pynwb = false,
    memory = '64MiB',
  ): Promise<Checked> {
    const data = Object.fromEntries(
      Object.entries(fillings).map(([name, filling]) => [name, filling.data]),
    );
    const before = readFileSync(path);
    // The module of these tests reads whole rows only, and a plan samples chunks.
    const sampled = Object.entries(data).filter(
      ([, one]) => !('type' in one && one.type === 'module'),
    );
    const planned = await planFill(path, Object.fromEntries(sampled), { workers: 2, memory });
    expect(readFileSync(path).equals(before)).toBe(true);
    const report = await fill(path, data, { workers: 2, memory });
    for (const { path: name, chunks, filters } of planned.datasets)
      expect(report.datasets).toContainEqual(
        expect.objectContaining({ path: name, chunks, filters }),
      );
    await expectVerified(path, data);
    for (const { path: name, shape, receivedBytes, storedBytes } of report.datasets) {
      const { expected } = fillings[name];
      expect([name, shape]).toEqual([name, expected.shape]);
      expect(receivedBytes).toBeLessThanOrEqual(expected.items.byteLength);
      expect(storedBytes).toBeGreaterThan(0);
    }
    expect(report.fileBytes).toBe(statSync(path).size);
    const datasets = Object.fromEntries(
      Object.entries(fillings).map(([name, { expected }], at) => {
        const items = join(folder, `expected${at}.bin`);
        writeFileSync(items, bytesOf({ data: expected.items }));
        return [name, { items, dtype: expected.dtype, shape: expected.shape }];
      }),
    );
    const stdin = JSON.stringify({ path, before: `${path}.before`, pynwb, datasets });
    return (await runPython('fill.py', ['check'], { stdin })) as Checked;
  }

  /** Expects the datasets to be equal to their data, as far as these can be read again, and the file to stay as it is. */
  async function expectVerified(path: string, data: Record<string, FillData>): Promise<void> {
    const lasting = Object.entries(data).filter(([, one]) => !('maxshape' in one));
    if (lasting.length === 0) return;
    const before = readFileSync(path);
    const { datasets } = await verifyFill(path, Object.fromEntries(lasting), { workers: 1 });
    expect(datasets.filter(({ equal }) => !equal)).toEqual([]);
    expect(readFileSync(path).equals(before)).toBe(true);
  }

  const same = (fillings: Readonly<Record<string, Filling>>) =>
    Object.fromEntries(Object.keys(fillings).map((name) => [name, '']));

  /** A .npy file of version 1.0. */
  function npy(name: string, { shape, items }: Model): FillData {
    const header = `{'descr': '<i2', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
    const text = header.padEnd(117).concat('\n');
    const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, text.length, 0]);
    const path = join(folder, name);
    writeFileSync(path, Buffer.concat([start, Buffer.from(text), bytesOf({ data: items })]));
    return { type: 'npy', path };
  }

  test('PyNWB reads the data of each kind of source from the datasets that it prepared', async () => {
    const path = join(folder, 'pynwb.nwb');
    copyFileSync(path, `${path}.before`);
    const model = waves([ROWS, 4]);
    const floats = ofType('float32', model);
    const halves = [0, 1].map((half) => ({
      ...model,
      shape: [ROWS / 2, 4],
      items: model.items.slice(half * ROWS * 2, (half + 1) * ROWS * 2),
    }));
    const columns = [0, 1, 2, 3].map((column) => ({
      ...model,
      shape: [ROWS],
      items: Int16Array.from({ length: ROWS }, (_, row) => Number(model.items[4 * row + column])),
    }));
    const counted: Model = {
      ...model,
      items: Int16Array.from({ length: ROWS * 4 }, (_, at) => at % 1000),
    };
    const data = (name: string) => `/acquisition/${name}/data`;
    const fillings: Record<string, Filling> = {
      [data('contiguous')]: { data: npy('b.npy', reversed(model)), expected: reversed(model) },
      [data('plain')]: { data: npy('a.npy', model), expected: model },
      [data('gzip')]: {
        data: {
          type: 'concat',
          sources: halves.map((half, at) => writeRaw(folder, `half${at}.bin`, half)),
        },
        expected: model,
      },
      [data('fletcher32')]: {
        data: {
          type: 'stack',
          sources: columns.map((one, at) => writeRaw(folder, `column${at}.bin`, one)),
        },
        expected: model,
      },
      [data('shape')]: {
        data: writeModule(folder, 'm.mjs', moduleText([ROWS, 4])),
        expected: counted,
      },
      [data('nan')]: {
        data: writeRaw(folder, 'big.bin', floats, { endian: 'big' }),
        expected: floats,
      },
    };
    const checked = await filled(path, fillings, true);
    expect(checked).toEqual({
      differences: same(fillings),
      others: [],
      pynwb: same(fillings),
      validation: [],
    });
    // The chunks are replaced by chunks of other sizes.
    const other = noise([ROWS + 30, 4]);
    const nans = ofType('float32', { ...waves([ROWS, 4]), items: floats.items });
    const again: Record<string, Filling> = {
      [data('contiguous')]: { data: unaligned(model), expected: model },
      [data('plain')]: { data: unaligned(other), expected: other },
      [data('gzip')]: { data: ndarray(other.items, other.shape), expected: other },
      [data('fletcher32')]: { data: writeRaw(folder, 'other.bin', other), expected: other },
      [data('shape')]: sparse(reversed(model), counted),
      [data('nan')]: sparse(reversed(floats), nans),
    };
    const checkedAgain = await filled(path, again, true);
    expect(checkedAgain).toEqual({
      differences: same(again),
      others: [],
      pynwb: same(again),
      validation: [],
    });
  });

  test.each(FORMATS)('h5py reads what was filled twice, of all kinds (%s)', async (format) => {
    const path = join(folder, `${format}.h5`);
    copyFileSync(path, `${path}.before`);
    const model = waves([ROWS, 4]);
    const nan = zeros('float32', 9 * 20).fill(Number.NaN as never);
    const wide = { dtype: 'float32', shape: [9, 20], items: nan } as const;
    const first: Record<string, Filling> = {
      '/plain': { data: writeRaw(folder, 'plain.bin', model), expected: model },
      '/gzip': { data: unaligned(model), expected: model },
      '/all': { data: ndarray(model.items, model.shape), expected: model },
      '/big': { data: writeRaw(folder, 'big.bin', model, { endian: 'big' }), expected: model },
      '/big_held': sparse(ofType('int32', model), ofType('int32', HELD)),
      '/held': sparse(ofType('float64', model), ofType('float64', HELD)),
      '/held_fixed': sparse(model, HELD),
      '/wide': sparse(ofType('float32', waves([9, 20])), wide),
    };
    expect(await filled(path, first)).toEqual({ differences: same(first), others: [] });
    // Noise compresses worse than waves: chunks that become noise grow and move, and the others shrink.
    const longer = noise([ROWS + 33, 4]);
    const back = reversed(model);
    const second: Record<string, Filling> = {
      '/plain': { data: unaligned(longer), expected: longer },
      '/gzip': { data: writeRaw(folder, 'plain.bin', longer), expected: longer },
      '/all': { data: unaligned(longer), expected: longer },
      '/big': { data: unaligned(back), expected: back },
      '/big_held': sparse(ofType('int32', noise([ROWS, 4])), first['/big_held'].expected),
      '/held': sparse(ofType('float64', back), first['/held'].expected),
      '/held_fixed': { data: ndarray(back.items, back.shape), expected: back },
      '/wide': sparse(ofType('float32', noise([9, 20])), first['/wide'].expected),
    };
    expect(await filled(path, second)).toEqual({ differences: same(second), others: [] });
  });

  test.each(FORMATS)(
    'h5py reads what was filled of datasets without chunks (%s)',
    async (format) => {
      const path = join(folder, `flat-${format}.h5`);
      copyFileSync(join(folder, `${format}.h5`), path);
      copyFileSync(path, `${path}.before`);
      const model = waves([ROWS, 4]);
      const back = reversed(model);
      const doubles = ofType('float64', model);
      const longer = noise([ROWS + 33, 4]);
      const channels = [0, 1, 2, 3].map((column) =>
        writeRaw(folder, `flat${column}.bin`, {
          ...model,
          shape: [ROWS],
          items: model.items.filter((_, at) => at % 4 === column) as Int16Array,
        }),
      );
      const fortran = { order: 'F', endian: 'big' } as const;
      const first: Record<string, Filling> = {
        '/flat': { data: { type: 'stack', sources: channels }, expected: model },
        '/flat_big': { data: writeRaw(folder, 'flat.bin', back, fortran), expected: back },
        '/flat_held': sparse(doubles, ofType('float64', HELD)),
        '/unallocated': { data: unaligned(model), expected: model },
        '/compact': { data: ndarray(back.items, back.shape), expected: back },
        '/plain': { data: writeRaw(folder, 'longer.bin', longer), expected: longer },
      };
      expect(await filled(path, first)).toEqual({ differences: same(first), others: [] });
      const wide = waves([ROWS, 9]);
      const columns = [7, 2, 3, 0];
      const picked = Int16Array.from({ length: ROWS * 4 }, (_, at) =>
        Number(wide.items[9 * Math.floor(at / 4) + columns[at % 4]]),
      );
      copyFileSync(path, `${path}.before`);
      const second: Record<string, Filling> = {
        '/flat': {
          data: { ...writeRaw(folder, 'wide.bin', wide), columns },
          expected: { ...model, items: picked },
        },
        '/flat_big': { data: unaligned(model), expected: model },
        '/flat_held': { data: writeRaw(folder, 'f8.bin', doubles), expected: doubles },
        '/unallocated': sparse(back, model),
        '/compact': { data: npy('c.npy', model), expected: model },
      };
      expect(await filled(path, second)).toEqual({ differences: same(second), others: [] });
    },
  );

  test.each(['earliest', 'v110'])(
    'a full disk costs nothing that was there (%s)',
    async (format) => {
      const path = join(folder, `full-${format}.h5`);
      copyFileSync(join(folder, `${format}.h5`), path);
      copyFileSync(path, `${path}.before`);
      const rows = 8000;
      // In KiB: the limit is among the last chunks, where little room is left for metadata.
      const limit = Math.floor((statSync(path).size + rows * 8) / 1024) - 8;
      const child = startChild(
        `const { fill } = await import(${JSON.stringify(BUILT.index)});
       const data = new Int16Array(${rows * 4}).fill(7);
       const asked = fill(${JSON.stringify(path)}, { '/plain': { data, shape: [${rows}, 4] } }, { workers: 1 });
       say(await asked.then(() => 'filled', (error) => error.name));`,
        limit,
      );
      expect(await child.line()).toBe('JobError');
      expect(await child.end()).toBe(0);
      const stdin = JSON.stringify({ path, before: `${path}.before`, pynwb: false, datasets: {} });
      expect(await runPython('fill.py', ['check'], { stdin })).toEqual({
        differences: {},
        others: [],
      });
      const model = noise([rows, 4]);
      const again = { '/plain': { data: ndarray(model.items, model.shape), expected: model } };
      expect(await filled(path, again)).toEqual({ differences: same(again), others: [] });
    },
  );

  test('datasets that can not be filled are refused, and no byte of a file changes', async () => {
    const path = join(folder, 'refusals.h5');
    const model = waves([ROWS, 4]);
    const data = ndarray(model.items, model.shape);
    const before = [path, join(folder, 'outside.h5')].map((name) => readFileSync(name));
    const refused = async (names: readonly string[]) => {
      const datasets = Object.fromEntries(names.map((name) => [name, data]));
      return ((await rejection(fill(path, datasets, { workers: 1 }))) as Error).message;
    };
    const filters = 'the filters shuffle, deflate and fletcher32';
    const outside = `Expected a dataset stored in ${path} for`;
    expect(await refused(['/data', '/lzf'])).toBe(
      `Expected ${filters} for /lzf but received 'lzf'`,
    );
    expect(await refused(['/external'])).toBe(
      `${outside} /external but received an external link to another file`,
    );
    expect(await refused(['/group/soft'])).toBe(
      `${outside} /group/soft but received an external link to another file`,
    );
    const empty = ndarray(new Int16Array(0), [0, 4]);
    const unread = { '/lzf': empty, '/external': empty };
    const { datasets } = await verifyFill(path, unread, { workers: 1 });
    expect(datasets.map(({ problem }) => problem)).toEqual([
      `expected ${filters} but received 'lzf'`,
      expect.stringMatching(/^H5Oopen failed for \/external of .*: an external link leads to /),
    ]);
    expect(await refused(['/data', '/group/hard'])).toBe(
      'Expected a dataset of its own for /group/hard but received the same dataset as /data',
    );
    expect([path, join(folder, 'outside.h5')].map((name) => readFileSync(name))).toEqual(before);
    copyFileSync(path, `${path}.before`);
    const hard = { '/group/hard': { data, expected: model } };
    expect(await filled(path, hard)).toMatchObject({ differences: same(hard) });
  });

  test('h5py reads the data that were written before an iterator failed', async () => {
    const path = join(folder, 'failed.h5');
    copyFileSync(join(folder, 'v110.h5'), path);
    copyFileSync(path, `${path}.before`);
    const model = waves([400, 4]);
    const broken = new Error('no more');
    const data = iterator([null, 4], function* () {
      yield new DataChunk(ndarray(model.items, model.shape), slice(0, 400));
      throw broken;
    });
    expect(await rejection(fill(path, { '/all': data }, { workers: 2 }))).toBe(broken);
    const items = join(folder, 'failed.bin');
    writeFileSync(items, bytesOf({ data: model.items }));
    const datasets = { '/all': { items, dtype: model.dtype, shape: model.shape } };
    const stdin = JSON.stringify({ path, before: `${path}.before`, pynwb: false, datasets });
    const checked = await runPython('fill.py', ['check'], { stdin });
    expect(checked).toEqual({ differences: { '/all': '' }, others: [] });
  });
});
