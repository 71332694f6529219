import { expect, test } from 'vitest';
import { type DType, slice } from '../../src/layout/index.js';
import {
  checkDataChunk,
  DataChunk,
  DataChunkIterator,
  DataError,
  isDataChunkIterator,
  ndarray,
} from '../../src/streams/index.js';

test('a chunk has an n-d array and its selection', () => {
  const data = Int16Array.of(1, 2, 3, 4);
  const selection = [slice(0, 2), null];
  const chunk = new DataChunk(ndarray(data, [2, 2]), selection);
  expect(chunk.data).toEqual({ data, shape: [2, 2] });
  expect(chunk.data.data).toBe(data);
  expect(chunk.selection).toBe(selection);
  expect(new DataChunk([[1], [2]], 0).data).toEqual({ data: Float64Array.of(1, 2), shape: [2, 1] });
  expect(new DataChunk(5, null)).toMatchObject({ data: { shape: [] }, selection: null });
});

test('a chunk without a selection is refused', () => {
  expect(() => new DataChunk([1], undefined as never)).toThrow(
    'Expected a selection for a DataChunk but received undefined',
  );
});

test('a chunk of the declared dtype is returned unchanged', () => {
  const chunk = new DataChunk(Int16Array.of(1), 0);
  expect(checkDataChunk(chunk, 'int16', 'it')).toBe(chunk);
});

test('plain numbers are converted to the declared dtype', () => {
  const chunk = new DataChunk(
    [
      [1, 2],
      [3, 4],
    ],
    slice(2),
  );
  expect(checkDataChunk(chunk, 'int8', 'it')).toMatchObject({
    data: { data: Int8Array.of(1, 2, 3, 4), shape: [2, 2] },
    selection: slice(2),
  });
  expect(checkDataChunk(chunk, 'int64', 'it').data.data).toEqual(BigInt64Array.of(1n, 2n, 3n, 4n));
  expect(checkDataChunk(new DataChunk(7n, 0), 'uint64', 'it').data.data).toEqual(
    BigUint64Array.of(7n),
  );
});

test('an object with data and a selection is accepted as a chunk', () => {
  const chunk = checkDataChunk({ data: [1, 2], selection: [3] }, 'uint16', 'it');
  expect(chunk).toBeInstanceOf(DataChunk);
  expect(chunk).toMatchObject({ data: { data: Uint16Array.of(1, 2), shape: [2] }, selection: [3] });
});

const int32 = new DataChunk(Int32Array.of(1), 0);
test.each<[string, unknown, DType, string]>([
  ['another type', int32, 'int16', 'int16 for chunk 3 but received int32'],
  [
    'typed float64',
    new DataChunk(Float64Array.of(1), 0),
    'float32',
    'float32 for chunk 3 but received float64',
  ],
  [
    'numbers beyond',
    new DataChunk([300], 0),
    'uint8',
    'numbers that uint8 can hold for chunk 3 but received 300',
  ],
  [
    'bigints for floats',
    new DataChunk([3n], 0),
    'float64',
    'numbers that float64 can hold for chunk 3 but received 3n',
  ],
  ['a bare array', Int16Array.of(1), 'int16', 'a DataChunk for chunk 3 but received Int16Array'],
  ['nothing', undefined, 'int16', 'a DataChunk for chunk 3 but received undefined'],
  ['data alone', { data: [1] }, 'int16', 'a DataChunk for chunk 3 but received Object'],
])('refuses %s', (_, value, dtype, message) => {
  const check = () => checkDataChunk(value, dtype, 'chunk 3');
  expect(check).toThrow(DataError);
  expect(check).toThrow(`Expected ${message}`);
});

test('iterators are recognised by their members, without calling them', () => {
  const fail = (): never => {
    throw new Error('asked');
  };
  const own = {
    get dtype() {
      return fail();
    },
    get maxshape() {
      return fail();
    },
    async *[Symbol.asyncIterator]() {},
  };
  expect(isDataChunkIterator(own)).toBe(true);
  expect(isDataChunkIterator(new DataChunkIterator((async function* () {})()))).toBe(true);
  const { dtype, maxshape } = { dtype: 'int16', maxshape: [null] };
  for (const other of [
    [1],
    null,
    'abc',
    new Int8Array(1),
    { dtype, maxshape },
    (function* () {})(),
  ])
    expect(isDataChunkIterator(other)).toBe(false);
  expect(isDataChunkIterator({ dtype, maxshape, [Symbol.iterator]: undefined })).toBe(false);
});
