import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DTYPES, type DType, ITEM_ARRAYS, itemsFrom } from '../../../src/layout/dtype.js';
import { product } from '../../../src/layout/hyperslab.js';
import {
  DataError,
  dtypeOf,
  isNdArray,
  type NdArrayLike,
  ndarray,
  toNdArray,
} from '../../../src/streams/index.js';

function refused(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    return (error as Error).message;
  }
  return 'no error';
}

/** Converts items in C order to nested arrays of a shape. */
function nest(items: readonly unknown[], shape: readonly number[]): unknown {
  if (shape.length === 0) return items[0];
  const [length, ...inner] = shape;
  const size = product(inner);
  return Array.from({ length }, (_, i) => nest(items.slice(i * size, (i + 1) * size), inner));
}

describe('ndarray', () => {
  test('views the given items without a copy', () => {
    const data = Int16Array.of(1, 2, 3, 4, 5, 6);
    expect(ndarray(data).shape).toEqual([6]);
    expect(ndarray(data, [2, 3])).toEqual({ data, shape: [2, 3] });
    expect(ndarray(data, [2, 3]).data).toBe(data);
    expect(ndarray(data.subarray(0, 1), []).shape).toEqual([]);
  });

  test.each([
    [[2, 2], 'Expected 4 items, of shape [2, 2], for an n-d array but received 6'],
    [[], 'Expected 1 items, of a single number, for an n-d array but received 6'],
    [
      [-2, -3],
      'Expected a shape of whole numbers of at least 0 for an n-d array but received [-2, -3]',
    ],
    [
      [1.5, 4],
      'Expected a shape of whole numbers of at least 0 for an n-d array but received [1.5, 4]',
    ],
  ])('refuses a shape %j for six items', (shape, message) => {
    expect(refused(() => ndarray(new Int16Array(6), shape))).toBe(message);
  });
});

describe('dtypeOf', () => {
  test('returns every dtype, and uint8 for a Buffer', () => {
    for (const dtype of DTYPES) expect(dtypeOf(new ITEM_ARRAYS[dtype](2))).toBe(dtype);
    expect(dtypeOf(Buffer.from('ab'))).toBe('uint8');
  });

  test.each([
    ['Uint8ClampedArray', new Uint8ClampedArray(2)],
    ['DataView', new DataView(new ArrayBuffer(2))],
    ['Array', [1, 2]],
    ['undefined', undefined],
  ])('refuses %s', (received, value) => {
    expect(refused(() => dtypeOf(value as never))).toBe(
      `Expected a typed array of integers or floats for the items of an array but received ${received}`,
    );
  });
});

test('n-d arrays are recognised by their form', () => {
  expect(isNdArray({ data: new Int8Array(2), shape: [2] })).toBe(true);
  for (const other of [
    null,
    3,
    [1, 2],
    new Int8Array(2),
    { data: [1, 2], shape: [2] },
    { data: new Int8Array(2) },
  ])
    expect(isNdArray(other)).toBe(false);
});

describe('toNdArray', () => {
  test('returns arrays unchanged', () => {
    const data = Float32Array.of(1, 2, 3);
    expect(toNdArray(data).data).toBe(data);
    const array = ndarray(data, [3, 1]);
    expect(toNdArray(array)).toBe(array);
    expect(toNdArray(array, 'float32')).toBe(array);
    expect(toNdArray(Buffer.of(1, 2), 'uint8').shape).toEqual([2]);
  });

  test('converts numbers to float64 and bigints to int64, or to the given dtype', () => {
    expect(toNdArray(2.5)).toEqual({ data: Float64Array.of(2.5), shape: [] });
    expect(toNdArray(2n)).toEqual({ data: BigInt64Array.of(2n), shape: [] });
    expect(toNdArray([1, 2], 'int16')).toEqual({ data: Int16Array.of(1, 2), shape: [2] });
    expect(toNdArray([1, 2n], 'uint64')).toEqual({ data: BigUint64Array.of(1n, 2n), shape: [2] });
    expect(toNdArray([Number.NaN], 'float32').data[0]).toBeNaN();
  });

  test('gives empty arrays a shape', () => {
    expect(toNdArray([])).toEqual({ data: new Float64Array(0), shape: [0] });
    expect(toNdArray([[], []], 'int8')).toEqual({ data: new Int8Array(0), shape: [2, 0] });
  });

  test('accepts rows that are typed arrays or n-d arrays', () => {
    const rows = [Int16Array.of(1, 2), Int16Array.of(3, 4)];
    const table = { data: Int16Array.of(1, 2, 3, 4), shape: [2, 2] };
    expect(toNdArray(rows)).toEqual(table);
    expect(toNdArray([table, rows])).toEqual({
      data: Int16Array.of(1, 2, 3, 4, 1, 2, 3, 4),
      shape: [2, 2, 2],
    });
  });

  test('flattens nested arrays of any shape and dtype', () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 });
    fc.assert(
      fc.property(shapes, fc.constantFrom(...DTYPES), (shape, dtype) => {
        const items = Array.from({ length: product(shape) }, (_, i) => i % 100);
        const array = toNdArray(nest(items, shape) as NdArrayLike, dtype);
        expect(array).toEqual({ data: itemsFrom(items, dtype), shape });
      }),
    );
  });

  test('finds a single item that does not fit, wherever it is', () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(shapes, fc.nat(), (shape, seed) => {
        const items: unknown[] = new Array(product(shape)).fill(7);
        items[seed % items.length] = 300;
        const message = refused(() => toNdArray(nest(items, shape) as NdArrayLike, 'uint8'));
        expect(message).toContain('numbers that uint8 can hold for an n-d array but received 300');
      }),
    );
  });

  const huge = 2n ** 63n;
  test.each<[string, unknown, DType | undefined, string]>([
    [
      'rows of different lengths',
      [[1, 2], [3]],
      undefined,
      'rows of shape [2] for it but received shape [1]',
    ],
    ['a row among numbers', [1, [2]], undefined, 'a single number for it but received shape [1]'],
    [
      'a number among rows',
      [[1], 2],
      undefined,
      'rows of shape [1] for it but received a single number',
    ],
    [
      'rows that differ at a deeper level',
      [
        [[1], [2]],
        [[3], [4, 5]],
      ],
      undefined,
      'rows of shape [1] for it but received shape [2]',
    ],
    ['a hole', new Array(2), undefined, 'numbers or a typed array for it but received undefined'],
    ['text', ['a'], undefined, "numbers or a typed array for it but received 'a'"],
    ['text further in', [1, 'a'], undefined, "numbers or a typed array for it but received 'a'"],
    ['a boolean', true, undefined, 'numbers or a typed array for it but received true'],
    ['null', null, undefined, 'numbers or a typed array for it but received null'],
    ['an object', [{}], undefined, 'numbers or a typed array for it but received Object'],
    [
      'a promise',
      Promise.resolve(1),
      undefined,
      'numbers or a typed array for it but received Promise',
    ],
    [
      'clamped items',
      new Uint8ClampedArray(1),
      undefined,
      'numbers or a typed array for it but received Uint8ClampedArray',
    ],
    [
      'a fraction as an integer',
      [1, 0.5],
      'int32',
      'numbers that int32 can hold for it but received 0.5',
    ],
    [
      'NaN as an integer',
      Number.NaN,
      'int64',
      'numbers that int64 can hold for it but received NaN',
    ],
    [
      'a number that would become infinite',
      [1, 1e39],
      'float32',
      'numbers that float32 can hold for it but received 1e+39',
    ],
    ['a bigint beyond', huge, 'int64', `numbers that int64 can hold for it but received ${huge}n`],
    ['a negative bigint', [-1n], 'uint64', 'numbers that uint64 can hold for it but received -1n'],
    [
      'a bigint as a float',
      [1, 2n],
      undefined,
      'numbers that float64 can hold for it but received 2n',
    ],
    ['another type', new Int16Array(2), 'int32', 'int32 for it but received int16'],
    [
      'another type in a row',
      [new Int16Array(1), new Int8Array(1)],
      undefined,
      'int16 for it but received int8',
    ],
    [
      'a shape that does not match the items',
      { data: new Int8Array(3), shape: [2] },
      undefined,
      '2 items, of shape [2], for it but received 3',
    ],
    [
      'items in another order',
      { data: new Int8Array(4), shape: [2, 2], stride: [1, 2] },
      undefined,
      'items in C order for it but received strides [1, 2]',
    ],
  ])('refuses %s', (_, value, dtype, message) => {
    expect(refused(() => toNdArray(value as NdArrayLike, dtype, 'it'))).toBe(`Expected ${message}`);
  });

  test('accepts strides of C order', () => {
    const array = { data: new Int8Array(6), shape: [2, 1, 3], stride: [3, 99, 1] };
    expect(toNdArray(array)).toBe(array);
  });
});
