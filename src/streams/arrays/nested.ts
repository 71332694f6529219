import {
  type DType,
  fitsFloat32,
  type ItemArray,
  integerRange,
  numberFits,
  product,
} from '../../layout/index.js';
import { DataError, showShape, showValue } from './data-error.js';
import {
  type AnyItemArray,
  arrayMisfit,
  dtypeOf,
  isItemArray,
  isNdArray,
  type Misfit,
  type NdArray,
} from './nd-array.js';

/** A value that can be converted to an {@link NdArray}; nested arrays must be rectangular. */
export type NdArrayLike = number | bigint | AnyItemArray | NdArray | readonly NdArrayLike[];

/** Shape and dtype of a value, judged by its first items. */
export interface Form {
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** Whether the value consists of plain numbers, whose dtype is only a default. */
  readonly plain: boolean;
}

/** The form of a value; undefined if its first item is not a number. */
export function formOf(value: unknown): Form | undefined {
  if (typeof value === 'number') return { shape: [], dtype: 'float64', plain: true };
  if (typeof value === 'bigint') return { shape: [], dtype: 'int64', plain: true };
  if (isItemArray(value)) return { shape: [value.length], dtype: dtypeOf(value), plain: false };
  if (isNdArray(value)) return { shape: value.shape, dtype: dtypeOf(value.data), plain: false };
  if (!Array.isArray(value)) return undefined;
  if (value.length === 0) return { shape: [0], dtype: 'float64', plain: true };
  const first = formOf(value[0]);
  return first && { ...first, shape: [value.length, ...first.shape] };
}

/** Writes values of one shape into typed arrays of one dtype, in C order. */
export class NestedWriter {
  /** Number of items of one value. */
  readonly size: number;
  readonly #dtype: DType;
  readonly #shape: readonly number[];
  /** Per axis: items between neighbouring elements. */
  readonly #strides: readonly number[];
  /** The smallest and the largest number; undefined for float types. */
  readonly #range: readonly [number, number] | undefined;
  readonly #isBig: boolean;
  readonly #isSingle: boolean;

  constructor(dtype: DType, shape: readonly number[]) {
    this.#dtype = dtype;
    this.#shape = shape;
    this.#strides = shape.map((_, axis) => product(shape.slice(axis + 1)));
    this.#range = integerRange(dtype);
    this.#isSingle = dtype === 'float32';
    this.#isBig = dtype === 'int64' || dtype === 'uint64';
    this.size = product(shape);
  }

  /**
   * Writes a value to `target` from item `at` on. Returns false, with `target` partly written, if the value
   * has another shape, another dtype or an item that the dtype can't hold.
   */
  write(target: ItemArray, at: number, value: unknown): boolean {
    return this.#write(target, at, value, 0);
  }

  /** Whether a value is a typed array or an n-d array of exactly this dtype and shape. */
  isReady(value: unknown): value is ItemArray | NdArray {
    return isItemArray(value) || isNdArray(value) ? this.#items(value, 0) !== undefined : false;
  }

  #write(target: ItemArray, at: number, value: unknown, axis: number): boolean {
    if (axis === this.#shape.length && this.#put(target, at, value)) return true;
    if (Array.isArray(value)) {
      if (axis === this.#shape.length || value.length !== this.#shape[axis]) return false;
      const stride = this.#strides[axis];
      // A loop over indices, because forEach and every skip holes.
      for (let i = 0; i < value.length; i++)
        if (!this.#write(target, at + i * stride, value[i], axis + 1)) return false;
      return true;
    }
    if (!isItemArray(value) && !isNdArray(value)) return false;
    const items = this.#items(value, axis);
    if (!items) return false;
    (target as Float64Array).set(items as Float64Array, at);
    return true;
  }

  #put(target: ItemArray, at: number, value: unknown): boolean {
    if (typeof value === 'number') {
      const range = this.#range;
      if (range && !(Number.isInteger(value) && value >= range[0] && value <= range[1]))
        return false;
      if (this.#isSingle && !fitsFloat32(value)) return false;
      if (this.#isBig) (target as BigInt64Array)[at] = BigInt(value);
      else (target as Float64Array)[at] = value;
      return true;
    }
    if (typeof value !== 'bigint' || !bigintFits(value, this.#dtype)) return false;
    (target as BigInt64Array)[at] = value;
    return true;
  }

  /** The items of an array that has this writer's dtype and, from `axis` on, its shape; undefined for any other. */
  #items(value: ItemArray | NdArray, axis: number): ItemArray | undefined {
    const rank = this.#shape.length - axis;
    if (isItemArray(value)) {
      const fits = rank === 1 && value.length === this.#shape[axis];
      return fits && dtypeOf(value) === this.#dtype ? value : undefined;
    }
    const { data, shape } = value;
    const same = shape.length === rank && shape.every((n, i) => n === this.#shape[axis + i]);
    return same && dtypeOf(data) === this.#dtype && !arrayMisfit(value) ? data : undefined;
  }
}

/**
 * Why a value does not fit a shape and a dtype; undefined if it does.
 *
 * @param rows what the message says before the shape, such as `rows of `
 */
function misfitOf(
  value: unknown,
  dtype: DType,
  shape: readonly number[],
  rows = '',
): Misfit | undefined {
  const form = formOf(value);
  if (!form) {
    let first = value;
    while (Array.isArray(first)) first = first[0];
    return { expected: 'numbers or a typed array', received: showValue(first) };
  }
  if (isNdArray(value)) {
    const misfit = arrayMisfit(value);
    if (misfit) return misfit;
  }
  if (form.shape.join() !== shape.join()) {
    return { expected: `${rows}${showShape(shape)}`, received: showShape(form.shape) };
  }
  if (!form.plain && form.dtype !== dtype) return { expected: dtype, received: form.dtype };
  if (typeof value === 'number' || typeof value === 'bigint') {
    const fits = typeof value === 'number' ? numberFits(value, dtype) : bigintFits(value, dtype);
    return fits
      ? undefined
      : { expected: `numbers that ${dtype} can hold`, received: showValue(value) };
  }
  if (!Array.isArray(value)) return undefined;
  const inner = shape.slice(1);
  const prefix = inner.length > 0 ? 'rows of ' : '';
  for (let i = 0; i < value.length; i++) {
    const misfit = misfitOf(value[i], dtype, inner, prefix);
    if (misfit) return misfit;
  }
  return undefined;
}

/** The error for a value that does not fit a shape and a dtype. */
export function refusal(
  value: unknown,
  dtype: DType,
  shape: readonly number[],
  name: string,
): DataError {
  const misfit = misfitOf(value, dtype, shape);
  return new DataError({ name, ...(misfit ?? { expected: dtype, received: showValue(value) }) });
}

/** Only 64-bit integer types take bigints; the items of other types are numbers. */
function bigintFits(value: bigint, dtype: DType): boolean {
  if (dtype === 'int64') return BigInt.asIntN(64, value) === value;
  return dtype === 'uint64' && BigInt.asUintN(64, value) === value;
}
