import { type DType, ITEM_ARRAYS, type ItemArray, product } from '../../layout/index.js';
import { DataError, showShape, showValue } from './data-error.js';

/** An n-dimensional array. */
export interface NdArray {
  /** The items in C order: the last axis varies fastest. */
  readonly data: ItemArray;
  /** Elements per axis; `[]` for a single item. */
  readonly shape: readonly number[];
}

/** A typed array of one of the dtypes, over memory of any kind. */
export type AnyItemArray = (typeof ITEM_ARRAYS)[DType]['prototype'];

/** Why a value can't be used, in the words of an error message. */
export interface Misfit {
  readonly expected: string;
  readonly received: string;
}

// Looked up by name, because `instanceof` fails for arrays of another realm. A Buffer has the name Uint8Array.
const DTYPE_OF_CLASS = new Map(
  Object.entries(ITEM_ARRAYS).map(([dtype, { name }]) => [name, dtype as DType]),
);

/** The dtype of a typed array, or undefined for any other value. */
function arrayType(value: unknown): DType | undefined {
  if (!ArrayBuffer.isView(value)) return undefined;
  return DTYPE_OF_CLASS.get((value as Int8Array)[Symbol.toStringTag]);
}

/** Whether a value is a typed array of one of the dtypes; a Uint8ClampedArray or a DataView is not. */
export function isItemArray(value: unknown): value is ItemArray {
  return arrayType(value) !== undefined;
}

/**
 * The dtype of a typed array; a Buffer counts as uint8.
 *
 * @throws DataError for a Uint8ClampedArray and other values without a dtype
 */
export function dtypeOf(data: AnyItemArray): DType {
  const dtype = arrayType(data);
  if (dtype) return dtype;
  throw new DataError({
    name: 'the items of an array',
    expected: 'a typed array of integers or floats',
    received: showValue(data),
  });
}

/** Whether a value has the form of an {@link NdArray}; does not check that the shape fits the items. */
export function isNdArray(value: unknown): value is NdArray {
  if (typeof value !== 'object' || value === null) return false;
  const { data, shape } = value as Partial<Record<keyof NdArray, unknown>>;
  return isItemArray(data) && Array.isArray(shape);
}

/** Why an array can't be used; undefined if it can. */
export function arrayMisfit(array: NdArray): Misfit | undefined {
  const { data, shape } = array;
  if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0)) {
    const received = `[${shape.map(showValue).join(', ')}]`;
    return { expected: 'a shape of whole numbers of at least 0', received };
  }
  const items = product(shape);
  if (items !== data.length) {
    return { expected: `${items} items, of ${showShape(shape)},`, received: String(data.length) };
  }
  return strideMisfit(array);
}

/** Arrays of other libraries have the same form, but may be views whose items are in another order. */
function strideMisfit(array: NdArray & { readonly stride?: unknown }): Misfit | undefined {
  const { stride, shape } = array;
  if (!Array.isArray(stride) || array.data.length === 0) return undefined;
  const inOrder = shape.every(
    (length, axis) => length === 1 || stride[axis] === product(shape.slice(axis + 1)),
  );
  if (inOrder) return undefined;
  return { expected: 'items in C order', received: `strides [${stride.join(', ')}]` };
}

/**
 * Gives the items of a typed array a shape, without copying them.
 *
 * @param shape elements per axis. Default: one axis with all items
 * @throws DataError if the shape has more or fewer items
 */
export function ndarray(data: AnyItemArray, shape: readonly number[] = [data.length]): NdArray {
  dtypeOf(data);
  const array = { data: data as ItemArray, shape };
  const misfit = arrayMisfit(array);
  if (misfit) throw new DataError({ name: 'an n-d array', ...misfit });
  return array;
}
