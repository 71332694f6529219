import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { File } from '../../src/hdf5/index.js';
import { DataWriter, fill, ndarray, open, type Progress } from '../../src/index.js';
import { asyncIterator, iterator, rows } from '../support/iterators.js';
import {
  bytesOf,
  moduleText,
  readBack,
  rejection,
  tempFolder,
  waves,
  writeModule,
  writeRaw,
} from '../support/recordings.js';

const SHAPE = [20_000, 8] as const;

/** A file with `/flat`, which is contiguous and holds 1, and `/chunked`, which is empty. */
function made(): { folder: string; path: string } {
  const folder = tempFolder();
  const path = join(folder, 'a.h5');
  using file = new File(path, 'w');
  const data = new Int16Array(SHAPE[0] * SHAPE[1]).fill(1);
  file.writeDataset('flat', { dtype: 'int16', shape: SHAPE, data }).close();
  const chunks = { shape: [0, 8], maxshape: [null, 8], chunks: [1000, 8] };
  file.createDataset('chunked', { dtype: 'int16', ...chunks }).close();
  return { folder, path };
}

test('a source is read in blocks within the allowed memory', async () => {
  const { folder, path } = made();
  const model = waves(SHAPE);
  const progress: Progress[] = [];
  const report = await fill(
    path,
    { '/flat': writeRaw(folder, 'a.bin', model, { order: 'F' }) },
    { memory: '64 KiB', workers: 1, onProgress: (one) => progress.push(one) },
  );
  const held = readBack(path, '/flat');
  expect(bytesOf(held).equals(bytesOf({ data: model.items }))).toBe(true);
  const bytes = model.items.byteLength;
  expect(report.memory.planned).toBeGreaterThan(0);
  expect(report.memory.planned).toBeLessThanOrEqual(64 * 1024);
  expect(report).toMatchObject({ rawBytes: bytes, storedBytes: bytes, warnings: [] });
  expect(report.datasets).toMatchObject([
    { path: '/flat', shape: SHAPE, chunks: null, chunkCount: 0, filters: [], rawBytes: bytes },
  ]);
  // The planned bytes are known from the beginning.
  expect(new Set(progress.map(({ bytesPlanned }) => bytesPlanned))).toEqual(new Set([bytes]));
  expect(progress.at(-1)).toMatchObject({ bytesRead: bytes });
});

test('datasets with and without chunks are filled together', async () => {
  const { folder, path } = made();
  const [flat, chunked] = [1, 2].map(
    () => new DataWriter({ dtype: 'int16', maxshape: [SHAPE[0], 8] }),
  );
  const filling = fill(path, { '/flat': flat, '/chunked': chunked }, { workers: 1 });
  for (let block = 0; block < 3; block++)
    for (const writer of [flat, chunked]) {
      await writer.append(new Int16Array(800).fill(2 + block));
      await writer.flush();
    }
  for (const writer of [flat, chunked]) writer.end();
  await filling;
  const expected = Array.from({ length: 2400 }, (_, at) => 2 + Math.floor(at / 800));
  expect([...readBack(path, '/chunked').data.slice(0, 2400)]).toEqual(expected);
  expect([...readBack(path, '/flat').data.slice(0, 2408)]).toEqual([
    ...expected,
    ...Array(8).fill(1),
  ]);
  const model = waves(SHAPE);
  const source = writeRaw(folder, 'a.bin', model);
  await fill(path, { '/chunked': source, '/flat': source }, { workers: 2, memory: '8 MiB' });
  for (const name of ['/flat', '/chunked'])
    expect(bytesOf(readBack(path, name)).equals(bytesOf({ data: model.items }))).toBe(true);
});

test('a source that fails is reported with its hyperslab, and the blocks before it are written', async () => {
  const { folder, path } = made();
  const late = `if (start[0] + count[0] > 19000) throw new Error('the disk is gone');`;
  const source = writeModule(folder, 'm.mjs', moduleText(SHAPE, late));
  const error = await rejection(fill(path, { '/flat': source }, { workers: 1, memory: '64 KiB' }));
  expect(error).toMatchObject({
    name: 'JobError',
    fields: { dataset: '/flat', sources: [source.path] },
    message: expect.stringMatching(/the disk is gone/),
  });
  const { data } = readBack(path, '/flat');
  expect([...data.slice(0, 3000)]).toEqual(Array.from({ length: 3000 }, (_, at) => at % 1000));
  expect(data.at(-1)).toBe(1);
});

test('a source that changes meanwhile is reported', async () => {
  const { folder, path } = made();
  const source = writeRaw(folder, 'a.bin', waves(SHAPE));
  const onProgress = () => utimesSync(source.path, 1, 1);
  const error = await rejection(fill(path, { '/flat': source }, { workers: 1, onProgress }));
  expect(error).toMatchObject({ name: 'ChangedError', fields: { path: source.path } });
});

test('a DataChunk beyond the extent is refused, and the ones before it are kept', async () => {
  const { path } = made();
  const data = iterator([null, 8], function* () {
    yield rows(0, 3, 8);
    yield rows(SHAPE[0] - 2, 5, 8);
  });
  const error = await rejection(fill(path, { '/flat': data }, { workers: 1 }));
  expect(error).toMatchObject({
    name: 'LayoutError',
    message: expect.stringMatching(/DataChunk 1/),
  });
  const held = readBack(path, '/flat');
  expect(held.shape).toEqual(SHAPE);
  expect([...held.data.slice(0, 25)]).toEqual([...Array(24).keys(), 1]);
});

test('a signal stops filling', async () => {
  const { path } = made();
  const controller = new AbortController();
  const reason = new Error('enough');
  const data = asyncIterator([...SHAPE], async function* () {
    for (let first = 0; first < SHAPE[0]; first += 10) {
      if (first === 100) controller.abort(reason);
      yield rows(first, 10, 8);
    }
  });
  const { signal } = controller;
  expect(await rejection(fill(path, { '/flat': data }, { workers: 1, signal }))).toBe(reason);
  const held = readBack(path, '/flat').data;
  expect([...held.slice(0, 400)].map(Number)).toEqual([...Array(400).keys()]);
  expect(held.at(-1)).toBe(1);
});

test('more data than libhdf5 takes at once are read and written in parts', async () => {
  const path = join(tempFolder(), 'a.h5');
  const shape = [3, 3_000_000];
  {
    using file = new File(path, 'w');
    const data = new Float32Array(9_000_000);
    file.writeDataset('flat', { dtype: 'float32', shape, data }).close();
  }
  const items = Float32Array.from({ length: 9_000_000 }, (_, at) => at % 10_007);
  await using file = await open(path, 'r+', { workers: 1 });
  const flat = file.dataset('flat');
  await flat.write('...', ndarray(items, shape));
  const odd = await flat.read([[0, 2], { start: 1, stop: null, step: 2 } as never]);
  expect(odd.data[1]).toBe(items[3]);
  expect(odd.data.at(-1)).toBe(items.at(-1));
  expect(Buffer.compare(bytesOf(await flat.read()), bytesOf({ data: items }))).toBe(0);
  writeFileSync(join(path, '../done'), '');
});
