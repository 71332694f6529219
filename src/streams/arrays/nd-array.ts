import { type DType, ITEM_ARRAYS, type ItemArray, product } from '../../layout/index.js';
import { DataError, showShape, showValue } from './data-error.js';

/** An n-d array: its items in C order, the last axis varying fastest. */
export interface NdArray {
  /** As many items as the shape says. */
  readonly data: ItemArray;
  /** Elements per axis; [] for a single item. */
  readonly shape: readonly number[];
}

/** Typed arrays over memory of any kind, as TypeScript names them in short. */
export type AnyItemArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** What was expected of a value, and what it was instead. */
export interface Misfit {
  readonly expected: string;
  readonly received: string;
}

// By name: an array may come from another realm, where `instanceof` fails; a Buffer is a Uint8Array.
const DTYPE_OF_CLASS = new Map(
  Object.entries(ITEM_ARRAYS).map(([dtype, { name }]) => [name, dtype as DType]),
);

/** The dtype of a typed array, or undefined for any other value. */
function arrayType(value: unknown): DType | undefined {
  if (!ArrayBuffer.isView(value)) return undefined;
  return DTYPE_OF_CLASS.get((value as Int8Array)[Symbol.toStringTag]);
}

/** Whether a value is a typed array that can hold items: not a clamped one, not a DataView. */
export function isItemArray(value: unknown): value is ItemArray {
  return arrayType(value) !== undefined;
}

/**
 * The dtype of a typed array; a Buffer counts as uint8.
 *
 * @throws DataError for a Uint8ClampedArray and whatever else holds no items
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

/** Whether a value has the form of an {@link NdArray}; that its shape fits is not looked at. */
export function isNdArray(value: unknown): value is NdArray {
  if (typeof value !== 'object' || value === null) return false;
  const { data, shape } = value as Partial<Record<keyof NdArray, unknown>>;
  return isItemArray(data) && Array.isArray(shape);
}

/** Why an array can't be used, if so. */
export function arrayMisfit(array: NdArray): Misfit | undefined {
  const { data, shape } = array;
  if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0)) {
    const received = `[${shape.map(showValue).join(', ')}]`;
    return { expected: 'a shape of whole numbers from 0 on', received };
  }
  const items = product(shape);
  if (items !== data.length) {
    return { expected: `${items} items, of ${showShape(shape)},`, received: String(data.length) };
  }
  return strideMisfit(array);
}

/** Other libraries' arrays look like ours, and may be views whose items lie in another order. */
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
 * An n-d array over the items of a typed array, which is not copied.
 *
 * @param shape elements per axis; default: one axis with all items
 * @throws DataError when the shape has more or fewer items
 */
export function ndarray(data: AnyItemArray, shape: readonly number[] = [data.length]): NdArray {
  dtypeOf(data);
  const array = { data: data as ItemArray, shape };
  const misfit = arrayMisfit(array);
  if (misfit) throw new DataError({ name: 'an n-d array', ...misfit });
  return array;
}
