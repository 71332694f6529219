import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import {
  Hdf5Error,
  type ItemArray,
  LayoutError,
  type NdArray,
  ndarray,
  type OpenDataset,
  type OpenFile,
  open,
  type Selection,
  slice,
} from '../../src/index.js';
import { ITEM_ARRAYS, product, resolveSelection } from '../../src/layout/index.js';
import { gzipBytes } from '../support/encoder.js';
import { describeInterop, runPython } from '../support/python.js';
import { bytesOf, readBack, rejection } from '../support/recordings.js';
import { temporaryFolder } from './session.js';

/** A write to a dataset, which custom_write.py repeats on a numpy array. */
type Statement =
  | { readonly write: Selection; readonly base: number; readonly scalar?: boolean }
  | { readonly append: number; readonly base: number }
  | { readonly resize: readonly number[] };

const SCRIPT = 'custom_write.py';
const FORMATS = ['earliest', 'v110', 'userblock', 'page', 'fsm'] as const;

/** Memory for two workers and a few chunks, so that open chunks are written early and read back. */
const LITTLE_MEMORY = 2 * gzipBytes(9, 24, 2) + 8 * 2 ** 10;

const IN_TWO_AXES: readonly Statement[] = [
  { write: [slice(1, null, 2), [0, 2, 5]], base: 1 },
  { write: slice(3, 5), base: 2, scalar: true },
  { write: [10, null], base: 3 },
  { write: -1, base: 4 },
  { write: [slice(20, 40, 3), 4], base: 5 },
  { write: [[0, 7, 8, 59], slice(-3, null)], base: 6 },
  { write: ['...', slice(0, 3)], base: 7 },
  { write: [slice(16, 24), slice(3, 6)], base: 8 },
];
const GROWING: readonly Statement[] = [
  { append: 2, base: 20 },
  { append: 1, base: 21 },
  { resize: [30, 7] },
  { resize: [65, 7] },
  { write: slice(62, 64), base: 22 },
];
const BY_PATH: Readonly<Record<string, readonly Statement[]>> = {
  scalar: [{ write: '...', base: 9 }],
  one_axis: [
    { write: slice(5, 50, 7), base: 1 },
    { append: 30, base: 2 },
    { resize: [20] },
    { resize: [300] },
    { write: [[19, 20, 299]], base: 3 },
  ],
  three_axes: [
    { write: [slice(0, 9, 2), 3, [0, 1, 5]], base: 1 },
    { write: [4, null, slice(2, 5)], base: 2 },
    { append: 3, base: 3 },
    { resize: [5, 4, 3] },
    { resize: [8, 5, 9] },
    { write: ['...', 8], base: 4 },
  ],
};

function statementsFor(path: string, { maxshape }: OpenDataset): readonly Statement[] {
  const grows = maxshape.includes(null) || path === 'bounded';
  return BY_PATH[path] ?? [...IN_TWO_AXES, ...(grows ? GROWING : [])];
}

/** The datasets that custom_write.py makes. */
function values(
  base: number,
  shape: readonly number[],
  like: OpenDataset,
  isBool: boolean,
): NdArray {
  const data = new ITEM_ARRAYS[like.dtype](product(shape)) as ItemArray;
  for (let i = 0; i < data.length; i++) {
    const value = (base + i) % (isBool ? 2 : 100);
    data[i] = typeof data[i] === 'bigint' ? BigInt(value) : value;
  }
  return ndarray(data, shape);
}

/** The statements are not awaited, but must take effect in their order. */
async function run(dataset: OpenDataset, statements: readonly Statement[]): Promise<void> {
  const isBool = dataset.path === '/bool';
  let extent = dataset.shape;
  const done = statements.map((statement) => {
    if ('write' in statement) {
      const { shape } = resolveSelection(statement.write, extent, dataset.path);
      const data = values(statement.base, statement.scalar ? [] : shape, dataset, isBool);
      return dataset.write(statement.write, data);
    }
    if ('append' in statement) {
      const [rows, ...row] = extent;
      extent = [rows + statement.append, ...row];
      return dataset.append(values(statement.base, [statement.append, ...row], dataset, isBool));
    }
    extent = statement.resize;
    return dataset.resize(extent);
  });
  await Promise.all(done);
  expect(dataset.shape).toEqual(extent);
}

async function withFile<T>(file: OpenFile, body: (file: OpenFile) => Promise<T>): Promise<T> {
  try {
    return await body(file);
  } finally {
    await file.close();
  }
}

describeInterop('files that h5py made', () => {
  const folder = temporaryFolder();
  let paths: readonly string[];

  beforeAll(async () => {
    paths = (await runPython(SCRIPT, ['make', folder])) as string[];
  });

  test.each(FORMATS)('hold what numpy holds after the same writes (%s)', async (format) => {
    const path = join(folder, `${format}.h5`);
    copyFileSync(path, join(folder, `${format}.before.h5`));
    const checks = await withFile(
      await open(path, 'r+', { workers: 2, memory: LITTLE_MEMORY }),
      (file) =>
        Promise.all(
          paths.map(async (name) => {
            const dataset = file.dataset(name);
            const statements = statementsFor(name, dataset);
            await run(dataset, statements);
            return { path: name, statements };
          }),
        ),
    );
    const differences = await runPython(SCRIPT, ['check', path], { stdin: JSON.stringify(checks) });
    expect(differences).toEqual(Object.fromEntries(paths.map((name) => [name, ''])));
    // The values are read back, and libhdf5 reads the same.
    await withFile(await open(path, 'r', { workers: 1 }), async (file) => {
      for (const name of paths) {
        const read = await file.dataset(name).read();
        const expected = readBack(path, name);
        expect([name, read.shape]).toEqual([name, expected.shape]);
        expect([name, bytesOf(read).equals(bytesOf(expected))]).toEqual([name, true]);
      }
    });
  });

  test('are read in parts', async () => {
    await withFile(await open(join(folder, 'v110.h5'), 'r', { workers: 1 }), async (file) => {
      for (const name of ['dtype_i8', 'big_f8', 'contiguous_big', 'compact', 'bool']) {
        const dataset = file.dataset(name);
        const all = await dataset.read();
        const part = await dataset.read([[0, 3, 20], slice(1, 7, 2)]);
        expect(part.shape).toEqual([3, 3]);
        const expected = [0, 3, 20].flatMap((row) => [1, 3, 5].map((at) => all.data[row * 7 + at]));
        expect([name, [...part.data]]).toEqual([name, expected]);
        expect(await dataset.read([3, -1])).toEqual({ data: all.data.slice(27, 28), shape: [] });
      }
    });
  });

  test('with filters that are not ours are read if libhdf5 has them, never written', async () => {
    await withFile(await open(join(folder, 'others.h5'), 'r+'), async (file) => {
      const { data } = await file.dataset('scaleoffset').read([slice(0, 60, 59), 6]);
      expect([...data]).toEqual([6, 19]);
      for (const name of ['lzf', 'scaleoffset']) {
        const dataset = file.dataset(name);
        const message = `Expected the filters shuffle, deflate and fletcher32 for /${name} but received '${name}'`;
        for (const refused of [
          dataset.write(0, 1),
          dataset.append([0, 0, 0, 0, 0, 0, 0]),
          dataset.resize([60, 7]),
        ])
          expect(await rejection(refused)).toMatchObject({ name: 'LayoutError', message });
        expect(dataset.filters[0].name).toBe(name);
      }
      const refusal = (await rejection(file.dataset('lzf').read())) as LayoutError;
      expect(refusal).toBeInstanceOf(LayoutError);
      expect(refusal.message).toBe(
        "Expected the filters shuffle, deflate and fletcher32 for /lzf but received 'lzf'",
      );
      expect(refusal.cause).toBeInstanceOf(Hdf5Error);
    });
  });

  test('with values that lie elsewhere are not written', async () => {
    await withFile(await open(join(folder, 'others.h5'), 'r+'), async (file) => {
      const outside = (path: string) =>
        `Expected a dataset stored in ${file.path} for ${path} but received an external link to another file`;
      for (const path of ['/external', 'group/soft'])
        expect(() => file.dataset(path)).toThrow(outside(path));
      expect(file.dataset('/group/same').shape).toEqual([60, 7]);
      expect(file.dataset('/group/same')).toBe(file.dataset('scaleoffset'));
      expect(() => file.dataset('virtual')).toThrow(
        `Expected a dataset stored in ${file.path} for virtual but received a dataset whose values lie in other datasets, dtype_i2 of earliest.h5`,
      );
    });
  });

  test('have objects that are not datasets of numbers', async () => {
    await withFile(await open(join(folder, 'others.h5')), async (file) => {
      const refusal = 'Expected a dataset of numbers for';
      expect(() => file.dataset('/strings')).toThrow(
        `${refusal} /strings but received one of strings`,
      );
      expect(() => file.dataset('/references')).toThrow(
        `${refusal} /references but received one of references`,
      );
      expect(() => file.dataset('/compound')).toThrow(
        `${refusal} /compound but received one of another type, such as a compound or 12-bit integers`,
      );
      expect(() => file.dataset('/group')).toThrow(
        /\/group: expected a dataset but received a group/,
      );
      expect(() => file.dataset('/none')).toThrow(/\/none of .*: object 'none' doesn't exist/);
    });
  });
});

describeInterop("PyNWB's other way of iterative write", () => {
  const folder = temporaryFolder();

  test.each([
    ['plain', {}],
    ['gzip', { compression: 'gzip', shuffle: true }],
  ])('an empty dataset that PyNWB prepared is filled afterwards (%s)', async (name, options) => {
    const path = join(folder, `${name}.nwb`);
    await runPython(SCRIPT, ['make-nwb', path, JSON.stringify(options)]);
    await withFile(await open(path, 'a', { workers: 2 }), async (file) => {
      const data = file.dataset('/acquisition/synthetic_timeseries/data');
      expect([data.shape, data.maxshape, data.fillvalue]).toEqual([
        [0, 10],
        [null, 10],
        Number.NaN,
      ]);
      await data.resize([8, 10]);
      await data.write([slice(0, 3), null], 1);
      await data.write([slice(3, 6), null], 2);
    });
    expect(await runPython(SCRIPT, ['check-nwb', path])).toEqual({
      maxshape: [null, 10],
      compression: null,
      shuffle: false,
      ...options,
      rows: [['1.0'], ['1.0'], ['1.0'], ['2.0'], ['2.0'], ['2.0'], ['nan'], ['nan']],
      validation: [],
    });
  });
});
