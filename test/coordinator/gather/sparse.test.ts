import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { File, type TypedArray } from '../../../src/hdf5/index.js';
import {
  type AbstractDataChunkIterator,
  convert,
  DataChunk,
  DataChunkIterator,
  LayoutError,
  ndarray,
  slice,
} from '../../../src/index.js';
import { iterator } from '../../support/iterators.js';
import {
  description,
  listing,
  readBack,
  rejection,
  tempFolder,
  timeSeries,
} from '../../support/recordings.js';

const DATA = '/acquisition/x/data';

/** For each chunk along axis 0, whether it is stored. */
function storedChunks(path: string): boolean[] {
  using file = new File(path, 'r');
  using dataset = file.dataset(DATA);
  const places = dataset.locate(
    dataset.shape.map(() => 0),
    dataset.shape,
  );
  return [...places].filter((_, at) => at % 3 === 0).map((address) => address >= 0);
}

describe('chunks of nothing but the fill value', () => {
  const blocks = [
    [0, 0, 0, 0],
    [0, 5, 0, 0],
    [0, 0, 0, 0],
    [1, 2, 3, 4],
  ];
  const own = () =>
    iterator([null], function* () {
      for (const [at, block] of blocks.entries())
        yield new DataChunk(Int16Array.from(block), slice(4 * at, 4 * at + 4));
    });

  test.each([
    ['skipped for an iterator of the user', own, {}, [false, true, false, true]],
    [
      'stored for an iterator with skipFill false',
      own,
      { skipFill: false },
      [true, true, true, true],
    ],
    [
      'stored for a DataChunkIterator',
      () => new DataChunkIterator(Int16Array.from(blocks.flat())),
      {},
      [true, true, true, true],
    ],
    [
      'skipped for a DataChunkIterator with skipFill',
      () => new DataChunkIterator(Int16Array.from(blocks.flat())),
      { skipFill: true },
      [false, true, false, true],
    ],
  ] as const)('are %s', async (_, data, storage, stored) => {
    const path = join(tempFolder(), 'a.nwb');
    const what = description(path, [timeSeries('x', { data: data(), chunks: [4], ...storage })]);
    const report = await convert(what, { workers: 2 });
    expect(storedChunks(path)).toEqual(stored);
    expect(report.datasets[0]).toMatchObject({
      chunkCount: 4,
      chunksSkipped: stored.filter((isStored) => !isStored).length,
      receivedBytes: 32,
    });
    expect(readBack(path, DATA).data).toEqual(Int16Array.from(blocks.flat()));
  });

  test('are stored if they replace stored chunks', async () => {
    const path = join(tempFolder(), 'a.nwb');
    const data = iterator([8], function* () {
      // The chunk is full, so it is encoded at once, and then again.
      yield new DataChunk(Int16Array.of(1, 2, 3, 4), slice(0, 4));
      yield new DataChunk(new Int16Array(4), slice(4, 8));
      yield new DataChunk(new Int16Array(4), slice(0, 4));
      yield new DataChunk(Int16Array.of(7), 6);
    });
    const report = await convert(description(path, [timeSeries('x', { data, chunks: [4] })]));
    expect(report.datasets[0]).toMatchObject({ chunksSkipped: 0, chunksRewritten: 2 });
    expect(readBack(path, DATA).data).toEqual(Int16Array.of(0, 0, 0, 0, 0, 0, 7, 0));
  });

  test('are recognised by their bytes: NaN equals NaN, and -0 differs from 0', async () => {
    const chunks = (items: number[]) =>
      iterator([4], () => [new DataChunk(Float32Array.from(items), null)].values(), {
        dtype: 'float32',
      });
    const path = join(tempFolder(), 'a.nwb');
    const nans = new Array(4).fill(Number.NaN);
    for (const [items, fillvalue, isStored] of [
      [nans, Number.NaN, false],
      [nans, 0, true],
      [[0, -0, 0, 0], 0, true],
    ] as const) {
      const data = { data: chunks([...items]), chunks: [4], fillvalue };
      await convert(description(path, [timeSeries('x', data)]), { overwrite: true });
      expect(storedChunks(path)).toEqual([isStored]);
      const value = readBack(path, DATA).data as TypedArray;
      expect([...value]).toEqual([...items]);
    }
  });
});

describe('a matrix of a million by a million', () => {
  /** Single values far apart: the diagonal, and the last element. */
  const matrix = (maxshape: (number | null)[]): AbstractDataChunkIterator =>
    iterator(
      maxshape,
      function* () {
        for (let at = 0; at < 1e6; at += 99_991)
          yield new DataChunk(ndarray(Float64Array.of(at + 0.5), []), [at, at]);
        yield new DataChunk(ndarray(Float64Array.of(-1), []), [999_999, 999_999]);
      },
      { dtype: 'float64' },
    );

  const recording = (maxshape: (number | null)[], chunks: number[]) => {
    const folder = tempFolder();
    const path = join(folder, 'a.nwb');
    const data = { data: matrix(maxshape), chunks };
    return { folder, path, what: description(path, [timeSeries('x', data)]) };
  };

  function expectDiagonal(path: string): void {
    using file = new File(path, 'r');
    using dataset = file.dataset(DATA);
    expect(dataset.shape).toEqual([1e6, 1e6]);
    const itemAt = (row: number, column: number) =>
      (dataset.read({ start: [row, column], count: [1, 1] }).data as Float64Array)[0];
    for (let at = 0; at < 1e6; at += 99_991) {
      expect(itemAt(at, at)).toBe(at + 0.5);
      expect(itemAt(at, 999_999 - at)).toBe(0);
    }
    expect(itemAt(999_999, 999_999)).toBe(-1);
  }

  test("is written with 'earliest', into a file about as large as its data", async () => {
    const { path, what } = recording([1e6, 1e6], [10, 10]);
    const report = await convert(what, { workers: 2 });
    expect(report.datasets[0]).toMatchObject({
      shape: [1e6, 1e6],
      chunkCount: 1e10,
      receivedBytes: 12 * 8,
      rawBytes: 8e12,
    });
    expect(report.rawBytes).toBe(12 * 8);
    expect(report.fileBytes).toBeLessThan(1e6);
    expectDiagonal(path);
  });

  test("is refused with 'v110' if it has too many chunks, with advice", async () => {
    for (const maxshape of [
      [1e6, 1e6],
      [null, 1e6],
    ]) {
      const { folder, what } = recording(maxshape, [10, 10]);
      const data = { data: matrix(maxshape), chunks: [10, 10] };
      const declared = { ...data.data, recommendedDataShape: [1e6, 1e6] };
      const known = { ...what, acquisition: [timeSeries('x', { ...data, data: declared })] };
      const error = await rejection(convert(known, { libver: 'v110' }));
      expect(error).toBeInstanceOf(LayoutError);
      expect((error as Error).message).toMatch(
        /^Expected fewer than 4294967296 chunks with libver 'v110' for \/acquisition\/x\/data but received 10000000000 possible chunks of \[10, 10\] \(take larger chunks, libver 'earliest', or a second unlimited axis in maxshape\)$/,
      );
      expect(listing(folder)).toEqual([]);
    }
  });

  test.each([
    ['larger chunks', [1e6, 1e6], [1000, 1000], 'fixed-array'],
    ['two axes without bound', [null, null], [10, 10], 'btree-v2'],
  ])("is written in 'v110' with %s", async (_, maxshape, chunks, index) => {
    const { path, what } = recording(maxshape as number[], chunks as number[]);
    const report = await convert(what, { workers: 1, libver: 'v110' });
    expect(report.datasets[0]).toMatchObject({ shape: [1e6, 1e6], index });
    expectDiagonal(path);
  });
});
