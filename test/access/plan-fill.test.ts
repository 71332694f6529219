import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { File } from '../../src/hdf5/index.js';
import { type FillData, fill, ndarray, planFill } from '../../src/index.js';
import { iterator, rows } from '../support/iterators.js';
import { rejection, tempFolder, waves, writeRaw } from '../support/recordings.js';

const ROWS = 400;

/** A file with `/empty`, which may grow, and `/flat`, which is contiguous and holds zeros; and a source for both. */
function made() {
  const folder = tempFolder();
  const path = join(folder, 'a.h5');
  using file = new File(path, 'w');
  const filters = [{ kind: 'shuffle' }, { kind: 'deflate', level: 4 }] as const;
  const growing = { shape: [0, 4], maxshape: [null, 4], chunks: [100, 4], filters };
  file.createDataset('empty', { dtype: 'int16', ...growing }).close();
  const data = new Int16Array(ROWS * 4);
  file.writeDataset('flat', { dtype: 'int16', shape: [ROWS, 4], data }).close();
  return { folder, path, source: writeRaw(folder, 'a.bin', waves([ROWS, 4])) };
}

test('a plan says how datasets would grow, what they hold and how they are stored, and writes nothing', async () => {
  const { folder, path, source } = made();
  const before = readFileSync(path);
  const data = { '/empty': { ...source, path: 'a.bin' }, '/flat': source };
  const options = { baseDir: folder, workers: 2, memory: '8 MiB' };
  const planned = await planFill('a.h5', data, options);
  const [empty, flat] = planned.datasets;
  expect(empty).toMatchObject({
    path: '/empty',
    dtype: 'int16',
    shape: [ROWS, 4],
    currentShape: [0, 4],
    maxshape: [null, 4],
    chunks: [100, 4],
    chunkCount: 4,
    chunkBytes: 800,
    rawBytes: 3200,
    storedBytes: 0,
  });
  expect(flat).toMatchObject({
    path: '/flat',
    shape: [ROWS, 4],
    currentShape: [ROWS, 4],
    chunks: null,
    chunkCount: 0,
    chunkBytes: 0,
    jobCount: expect.any(Number),
    storedBytes: 3200,
    estimatedBytes: 3200,
  });
  expect(planned).toMatchObject({ path, rawBytes: 6400, warnings: [] });
  expect(planned.memory.allowed).toBe(8 * 2 ** 20);
  expect(readFileSync(path)).toEqual(before);
  const report = await fill('a.h5', data, options);
  expect([report.workers, report.memory]).toEqual([planned.workers, planned.memory]);
  expect(empty.estimatedBytes / report.datasets[0].storedBytes).toBeCloseTo(1, 1);
  const [again] = (await planFill('a.h5', data, options)).datasets;
  expect(again).toMatchObject({
    currentShape: [ROWS, 4],
    storedBytes: report.datasets[0].storedBytes,
  });
});

test('arrays and iterators are planned with the shapes that they declare', async () => {
  const { path } = made();
  const planned = await planFill(path, {
    '/empty': iterator([null, 4], () => [rows(0, 3, 4)].values(), { dtype: 'float64' }) as never,
    '/flat': ndarray(new Int16Array(ROWS * 4), [ROWS, 4]),
  }).catch((error: Error) => error.message);
  expect(planned).toMatch(/^Expected data of int16 for \/empty but received float64$/);
  const { datasets } = await planFill(path, {
    '/empty': iterator([null, 4], () => [rows(0, 3, 4)].values()),
    '/flat': ndarray(new Int16Array(ROWS * 4), [ROWS, 4]),
  });
  expect(datasets).toMatchObject([
    { path: '/empty', shape: [0, 4], jobCount: 0, estimatedBytes: 0 },
    { path: '/flat', shape: [ROWS, 4], jobCount: 0, estimatedBytes: 3200 },
  ]);
});

test.each<[what: string, data: (made: { source: FillData; path: string }) => unknown]>([
  ['an unknown dataset', ({ source }) => ({ '/none': source })],
  ['too few rows', () => ({ '/flat': ndarray(new Int16Array(4), [1, 4]) })],
  ['another type', () => ({ '/flat': ndarray(new Int8Array(ROWS * 4), [ROWS, 4]) })],
  ['a relative path', ({ source }) => ({ flat: source })],
  ['the file as its source', ({ path, source }) => ({ '/empty': { ...source, path, offset: 0 } })],
  ['no datasets', () => ({})],
])('a plan refuses %s in the words of fill', async (_, data) => {
  const { path, source } = made();
  const given = data({ path, source }) as Record<string, FillData>;
  const planned = (await rejection(planFill(path, given))) as Error;
  const filled = (await rejection(fill(path, given))) as Error;
  expect([planned.name, planned.message]).toEqual([filled.name, filled.message]);
});

test('unknown options and files that do not exist are refused', async () => {
  const { folder, path, source } = made();
  const data = { '/empty': source };
  const message = async (...[at, options]: [string, object?]) =>
    ((await rejection(planFill(at, data, options))) as Error).message;
  expect(await message(path, { overwrite: true })).toMatch(/^Unknown option 'overwrite'/);
  expect(await message(join(folder, 'none.h5'))).toBe(`${join(folder, 'none.h5')} doesn't exist`);
  writeFileSync(join(folder, 'text.h5'), 'text');
  expect(await message(join(folder, 'text.h5'))).toMatch(/can't be opened as an HDF5 file/);
});
