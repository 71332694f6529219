import { mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ChunkError, type DatasetOptions, File } from '../../src/hdf5/index.js';
import { convert, Hdf5Error, JobError, SourceError, verify } from '../../src/index.js';
import type { VerifyReport } from '../../src/verify/index.js';
import { WORKERS } from '../support/effort.js';
import {
  description,
  type Model,
  noise,
  rejection,
  tempFolder,
  timeSeries,
  waves,
  writeRaw,
} from '../support/recordings.js';

const DATA = '/acquisition/x/data';

/** A file of one series, and its description. */
async function converted(model: Model = waves([1000, 4]), fields: Record<string, unknown> = {}) {
  const folder = tempFolder();
  const source = writeRaw(folder, 'a.bin', model);
  const path = join(folder, 'a.nwb');
  const what = description(path, [timeSeries('x', { source, chunks: [100, 4], ...fields })]);
  await convert(what, { workers: WORKERS });
  return { folder, path, source, what };
}

/** A file that holds only the data of a series, made without convert(). */
async function handMade(options: DatasetOptions, model: Model) {
  const folder = tempFolder();
  const path = join(folder, 'a.nwb');
  using file = new File(path, 'w');
  for (const group of ['/acquisition', '/acquisition/x']) file.createGroup(group).close();
  file.createDataset(DATA, options).close();
  file.close();
  const source = writeRaw(folder, 'a.bin', model);
  const check = await verify(path, description(path, [timeSeries('x', { source })]), {
    workers: WORKERS,
  });
  return check.datasets.find((one) => one.path === DATA);
}

const problems = (check: VerifyReport) =>
  check.datasets.filter(({ equal }) => !equal).map((one) => [one.path, one.problem]);

describe('a file that fits its description', () => {
  test('a file that fits is equal, and is not changed', async () => {
    const { path, what } = await converted();
    const before = { bytes: readFileSync(path), time: statSync(path).mtimeMs };
    const check = await verify(path, what, { workers: WORKERS });
    expect(problems(check)).toEqual([]);
    expect(check).toMatchObject({ path, equal: true, rawBytes: 8000 });
    expect(check.values).toBe(check.datasets.reduce((sum, { values }) => sum + values, 0));
    expect(check.seconds).toBeGreaterThanOrEqual(0);
    expect({ bytes: readFileSync(path), time: statSync(path).mtimeMs }).toEqual(before);
  });

  test('a file with other chunks and filters than described is equal', async () => {
    const { path, what, source } = await converted();
    const data = { source, chunks: [7, 3], compression: null, fletcher32: true };
    const other = { ...what, acquisition: [timeSeries('x', data)] };
    expect((await verify(path, other, { workers: WORKERS })).equal).toBe(true);
  });

  test('a file at another path than described is equal', async () => {
    const { folder, path, what } = await converted();
    const check = await verify(path, { ...what, path: join(folder, 'b.nwb') });
    expect(check).toMatchObject({ path, equal: true });
  });

  test('a file is verified in little memory', async () => {
    const { path, what } = await converted(waves([10_000, 4]));
    expect((await verify(path, what, { workers: 1, memory: '3 MiB' })).equal).toBe(true);
  });
});

describe('differences', () => {
  test('a different value is reported with its index and both values', async () => {
    const model = waves([1000, 4]);
    const { path, source, what } = await converted(model);
    const bytes = readFileSync(source.path);
    bytes.writeInt16LE(-3, (777 * 4 + 2) * 2);
    writeFileSync(source.path, bytes);
    const check = await verify(path, what, { workers: WORKERS });
    const file = model.items[777 * 4 + 2];
    expect(check.equal).toBe(false);
    expect(problems(check)).toEqual([
      [DATA, `first difference at [777, 2]: -3 in the source, ${file} in the file`],
    ]);
    const found = check.datasets.find(({ equal }) => !equal);
    expect(found?.difference).toEqual({ index: [777, 2], source: -3, file });
  });

  test.each([1, 2, 3])(
    'the first of many differences is reported with %i workers',
    async (workers) => {
      const { path, source, what } = await converted();
      const bytes = readFileSync(source.path);
      for (const row of [999, 650, 421, 420]) bytes[row * 8] ^= 1;
      writeFileSync(source.path, bytes);
      const check = await verify(path, what, { workers });
      expect(check.datasets.find(({ equal }) => !equal)?.difference?.index).toEqual([420, 0]);
    },
  );

  test('a difference is found in each of the datasets', async () => {
    const folder = tempFolder();
    const series = ['x', 'y', 'z'].map((name, i) => {
      const source = writeRaw(folder, `${name}.bin`, waves([500 + i, 4]));
      return timeSeries(name, { source, chunks: [50, 4] });
    });
    const what = description(join(folder, 'a.nwb'), series);
    const { path } = await convert(what, { workers: WORKERS });
    for (const name of ['x', 'z']) {
      const bytes = readFileSync(join(folder, `${name}.bin`));
      bytes[300 * 8] ^= 1;
      writeFileSync(join(folder, `${name}.bin`), bytes);
    }
    const check = await verify(path, what, { workers: WORKERS });
    expect(problems(check).map(([where]) => where)).toEqual([
      '/acquisition/x/data',
      '/acquisition/z/data',
    ]);
  });

  test('64-bit integers are compared exactly', async () => {
    const items = BigInt64Array.of(2n ** 53n, 2n ** 53n);
    const { path, source, what } = await converted(
      { dtype: 'int64', shape: [2], items },
      { chunks: [2] },
    );
    items[1]++;
    writeFileSync(source.path, new Uint8Array(items.buffer));
    const check = await verify(path, what);
    const found = check.datasets.find(({ equal }) => !equal);
    expect(found?.difference).toEqual({ index: [1], source: 2n ** 53n + 1n, file: 2n ** 53n });
  });

  test('another shape is a difference', async () => {
    const { path, source, what } = await converted();
    writeFileSync(source.path, Buffer.alloc(999 * 8));
    const shorter = { source: { ...source, shape: [999, 4] } };
    const check = await verify(path, { ...what, acquisition: [timeSeries('x', shorter)] });
    expect(problems(check)).toEqual([[DATA, 'expected the shape [999, 4] but received [1000, 4]']]);
  });

  test('another type is a difference', async () => {
    const { path, source, what } = await converted();
    const unsigned = { source: { ...source, dtype: 'uint16' as const } };
    const check = await verify(path, { ...what, acquisition: [timeSeries('x', unsigned)] });
    expect(problems(check)).toEqual([[DATA, 'expected uint16 but received int16']]);
  });

  test('another value of a small dataset is a difference', async () => {
    const { path, what } = await converted();
    const nwbfile = { ...what.nwbfile, sessionDescription: 'another' };
    expect(problems(await verify(path, { ...what, nwbfile }))).toEqual([
      ['/session_description', 'expected another as value 0 but received a small recording'],
    ]);
  });

  test('another type or shape of a small dataset is a difference', async () => {
    const path = join(tempFolder(), 'a.nwb');
    const of = (values: number[], dtype: 'int16' | 'float64' | 'int64') =>
      description(path, [timeSeries('x', { values, dtype })]);
    await convert(of([1, 2, 3], 'int16'));
    expect(problems(await verify(path, of([1, 2, 3], 'int16')))).toEqual([]);
    for (const dtype of ['float64', 'int64'] as const)
      expect(problems(await verify(path, of([1, 2, 3], dtype)))).toEqual([
        [DATA, `expected ${dtype} but received int16`],
      ]);
    expect(problems(await verify(path, of([1, 2], 'int16')))).toEqual([
      [DATA, 'expected the shape [2] but received [3]'],
    ]);
    expect(problems(await verify(path, of([1, 5, 3], 'int16')))).toEqual([
      [DATA, 'expected 5 as value 1 but received 2'],
    ]);
  });

  test('another unit or gain of a series is a difference', async () => {
    const { path, what } = await converted();
    const [series] = what.acquisition ?? [];
    const other = {
      ...what,
      acquisition: [{ ...series, unit: 'A', conversion: 2 }],
    } as typeof what;
    const found = problems(await verify(path, other));
    expect(found.map(([where]) => where)).toEqual([`${DATA}@unit`, `${DATA}@conversion`]);
  });

  test('a missing dataset is a difference', async () => {
    const { path, source, what } = await converted();
    const two = {
      ...what,
      acquisition: [...(what.acquisition ?? []), timeSeries('y', { source })],
    };
    const found = problems(await verify(path, two));
    expect(found.map(([where]) => where).sort()).toEqual([
      '/acquisition/y/data',
      '/acquisition/y/starting_time',
    ]);
    for (const [, problem] of found) expect(problem).toMatch(/H5Oopen failed/);
  });
});

describe('stored data', () => {
  const sevens = (): Model => ({
    dtype: 'int16',
    shape: [20, 3],
    items: new Int16Array(60).fill(7),
  });
  const stored = { dtype: 'int16', shape: [20, 3], chunks: [6, 2] } as const;

  test('elements without a stored chunk count as the fill value', async () => {
    const fillvalue = Int16Array.of(7);
    const filters = [{ kind: 'shuffle' }, { kind: 'deflate', level: 4 }] as const;
    expect(await handMade({ ...stored, fillvalue }, sevens())).toMatchObject({ equal: true });
    const filtered = await handMade({ ...stored, fillvalue, filters }, sevens());
    expect(filtered).toMatchObject({ equal: true, values: 60 });
    const model = sevens();
    model.items[40] = 8;
    expect(await handMade({ ...stored, fillvalue, filters }, model)).toMatchObject({
      difference: { index: [13, 1], source: 8, file: 7 },
    });
    expect(await handMade(stored, sevens())).toMatchObject({
      difference: { index: [0, 0], source: 7, file: 0 },
    });
  });

  test('a dataset that is not chunked is a difference', async () => {
    const { chunks: _, ...contiguous } = stored;
    expect(await handMade(contiguous, sevens())).toMatchObject({
      equal: false,
      problem: 'expected a chunked dataset but received a contiguous one',
    });
  });

  test('a group in place of a dataset is a difference', async () => {
    const { folder, what } = await converted();
    const path = join(folder, 'b.nwb');
    using file = new File(path, 'w');
    for (const group of ['/acquisition', '/acquisition/x', DATA]) file.createGroup(group).close();
    file.close();
    const check = await verify(path, what);
    expect(check.equal).toBe(false);
    expect(problems(check)).toContainEqual([
      DATA,
      `H5Oopen failed for ${DATA}: expected a dataset but received a group`,
    ]);
  });
});

describe('damaged files', () => {
  test('damage to a chunk throws a JobError that names the job and keeps the cause', async () => {
    const { path, what } = await converted(noise([1000, 4]), { fletcher32: true });
    const bytes = readFileSync(path);
    using file = new File(path, 'r');
    using dataset = file.dataset(DATA);
    const [address] = dataset.locate([500, 0], [100, 4]);
    file.close();
    bytes[address + 5] ^= 1;
    writeFileSync(path, bytes);
    const error = await rejection(verify(path, what, { workers: WORKERS }));
    expect(error).toBeInstanceOf(JobError);
    expect(error).toMatchObject({ fields: { dataset: DATA }, cause: { tag: 'ChunkError' } });
    expect((error as JobError).cause).toBeInstanceOf(ChunkError);
    expect((error as Error).message).toMatch(
      /checksum .*\(\/acquisition\/x\/data, \[\d+:\d+, 0:4\], file .*a\.nwb\)/,
    );
  });

  test('damage to the chunk index throws an Hdf5Error', async () => {
    const { path, what } = await converted();
    const bytes = readFileSync(path);
    for (let at = bytes.indexOf('TREE'); at >= 0; at = bytes.indexOf('TREE', at + 4))
      if (bytes[at + 4] === 1) bytes.write('JUNK', at);
    writeFileSync(path, bytes);
    expect(await rejection(verify(path, what, { workers: WORKERS }))).toBeInstanceOf(Hdf5Error);
  });

  test('a truncated file throws an Hdf5Error', async () => {
    const { path, what } = await converted();
    truncateSync(path, statSync(path).size - 100);
    expect(await rejection(verify(path, what))).toBeInstanceOf(Hdf5Error);
  });

  test('a path without an HDF5 file throws an Hdf5Error', async () => {
    const { folder, path, source, what } = await converted();
    mkdirSync(join(folder, 'dir'));
    for (const none of [`${path}.no`, source.path, join(folder, 'dir')])
      expect(await rejection(verify(none, what))).toBeInstanceOf(Hdf5Error);
  });
});

test('sources that do not fit are errors, not differences', async () => {
  const { path, source, what } = await converted();
  truncateSync(source.path, 100);
  expect(await rejection(verify(path, what))).toBeInstanceOf(SourceError);
});
