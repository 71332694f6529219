import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  BudgetError,
  ClosedError,
  DataChunk,
  DataChunkIterator,
  DataError,
  DataWriter,
  type DataWriterOptions,
  ndarray,
  type OpenDataset,
  type OpenFile,
  OutputError,
  open,
  slice,
} from '../../src/index.js';
import { asyncIterator } from '../support/iterators.js';
import { rejection, tempFolder } from '../support/recordings.js';
import { newFile, withOpen } from './files.js';

async function withCounts(
  body: (counts: ReturnType<Awaited<ReturnType<typeof open>>['createDataset']>) => Promise<void>,
): Promise<void> {
  await using file = await open(join(tempFolder(), 'a.h5'), 'a', { workers: 1 });
  const options = { maxshape: [40, 2], chunks: [4, 2] };
  const counts = file.createDataset('counts', { dtype: 'int16', shape: [3, 2], ...options });
  await counts.write(null, 9);
  await body(counts);
}

/** Rows of two items, counting from 0. */
function* rows(count: number): Generator<Int16Array> {
  for (let row = 0; row < count; row++) yield Int16Array.of(row, row);
}

test('an appended iterator counts from the end, a consumed one from the beginning', async () => {
  await withCounts(async (counts) => {
    await counts.append(new DataChunkIterator(rows(6)));
    const firsts = () => counts.read([null, 0]).then(({ data }) => [...data]);
    expect(await firsts()).toEqual([9, 9, 9, 0, 1, 2, 3, 4, 5]);
    await counts.consume(new DataChunkIterator(rows(2)));
    expect(await firsts()).toEqual([0, 1, 9, 0, 1, 2, 3, 4, 5]);
  });
});

test('an appended iterator may choose rows in any order, up to maxshape', async () => {
  await withCounts(async (counts) => {
    const one = (selection: ConstructorParameters<typeof DataChunk>[1], value: number) =>
      new DataChunk(ndarray(new Int16Array(2).fill(value), [1, 2]), selection);
    const chunks = [one(5, 1), one(slice(2, 3), 2), one([[4]], 3), one([slice(0, 1), null], 4)];
    const scattered = asyncIterator([null, 2], async function* () {
      yield* chunks;
    });
    await counts.append(scattered);
    const { data } = await counts.read([null, 1]);
    expect([...data]).toEqual([9, 9, 9, 4, 0, 2, 0, 3, 1]);
    const beyond = asyncIterator([null, 2], async function* () {
      yield one(31, 1);
    });
    const error = await rejection(counts.append(beyond));
    expect((error as Error).message).toMatch(
      /^Expected an index from 0 to 30 along axis 0 for DataChunk 0 of \/counts/,
    );
    expect(counts.shape).toEqual([9, 2]);
  });
});

test('elements outside the extent are not written', async () => {
  await withCounts(async (counts) => {
    for (const selection of [slice(3, 4), slice(2, 9), slice(90, 95), [null, slice(0, 3)]])
      expect(await rejection(counts.write(selection, 1))).toMatchObject({
        message: expect.stringMatching(
          /^Expected indices below \d along axis \d for .*resize it first/,
        ),
      });
    await counts.write(slice(3, 3), 1);
    // Reading clips the selection, as NumPy does.
    expect((await counts.read(slice(2, 9))).shape).toEqual([1, 2]);
  });
});

test('a value that is no iterator is refused in words', async () => {
  await withCounts(async (counts) => {
    for (const wrong of [rows(3), [1, 2], undefined, Int16Array.of(1, 2)])
      expect(await rejection(counts.consume(wrong as never))).toMatchObject({
        name: 'DataError',
        message: expect.stringContaining('an iterator with dtype and maxshape'),
      });
  });
});

describe('a DataWriter whose data are refused', () => {
  const ROWS: DataWriterOptions = { dtype: 'int16', maxshape: [null, 2] };
  const counts = { dtype: 'int16', shape: [3, 2], maxshape: [40, 2], chunks: [4, 2] } as const;
  const ways = ['append', 'consume'] as const;

  /** The error with which the calls of the writer and of the dataset reject. */
  async function refused(dataset: OpenDataset, way: (typeof ways)[number]) {
    const writer = new DataWriter(ROWS);
    const waiting = [writer.append(Int16Array.of(1, 2)), writer.flush()];
    const error = await rejection(dataset[way](writer));
    for (const one of waiting) expect(await rejection(one)).toBe(error);
    return error;
  }

  test.each(ways)('a DataWriter is rejected if %s refuses its data', async (way) => {
    const path = await newFile({ counts });
    await withOpen(path, 'r', async (file) => {
      expect(await refused(file.dataset('counts'), way)).toBeInstanceOf(OutputError);
    });
    const tight = { workers: 1, memory: 64 };
    const small = (file: OpenFile) => refused(file.dataset('counts'), way);
    expect(await withOpen(path, 'r+', small, tight)).toBeInstanceOf(BudgetError);
    const closed = await withOpen(path, 'r+', (file) => file.dataset('counts'));
    expect(await refused(closed, way)).toBeInstanceOf(ClosedError);
  });

  test('a DataWriter that another dataset is reading is not rejected', async () => {
    const path = await newFile({ counts, others: counts });
    await withOpen(path, 'r+', async (file) => {
      const writer = new DataWriter(ROWS);
      const taken = file.dataset('counts').append(writer);
      await writer.append(Int16Array.of(1, 2));
      expect(await rejection(file.dataset('others').append(writer))).toBeInstanceOf(DataError);
      await writer.append(Int16Array.of(3, 4));
      writer.end();
      await taken;
      const { data } = await file.dataset('counts').read(slice(3, null));
      expect([...data]).toEqual([1, 2, 3, 4]);
    });
  });
});
