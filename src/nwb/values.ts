import type { Value } from '../hdf5/index.js';
import { type DType, itemsFrom } from '../layout/index.js';

/** A scalar text. */
export function text(value: string): Value {
  return { dtype: 'string', shape: [], data: [value] };
}

/** A 1-D array of texts. */
export function texts(values: readonly string[]): Value {
  return { dtype: 'string', shape: [values.length], data: values };
}

/** A scalar float64. */
export function float64(value: number): Value {
  return { dtype: 'float64', shape: [], data: Float64Array.of(value) };
}

/** A scalar int32. */
export function int32(value: number): Value {
  return { dtype: 'int32', shape: [], data: Int32Array.of(value) };
}

/** A 1-D array of float64. */
export function float64s(values: readonly number[]): Value {
  return { dtype: 'float64', shape: [values.length], data: Float64Array.from(values) };
}

/** A 1-D array of int32. */
export function int32s(values: readonly number[]): Value {
  return { dtype: 'int32', shape: [values.length], data: Int32Array.from(values) };
}

/** A 1-D array of booleans. */
export function bools(values: readonly boolean[]): Value {
  return { dtype: 'bool', shape: [values.length], data: Uint8Array.from(values, Number) };
}

/** A scalar object reference to an absolute path. */
export function reference(path: string): Value {
  return { dtype: 'reference', shape: [], data: [path] };
}

/** A 1-D array of object references to absolute paths. */
export function references(paths: readonly string[]): Value {
  return { dtype: 'reference', shape: [paths.length], data: paths };
}

/** An array of any shape, made from its numbers in C order. */
export function numbers(
  values: readonly number[],
  shape: readonly number[],
  dtype: DType,
): Value & { readonly dtype: DType } {
  return { dtype, shape, data: itemsFrom(values, dtype) };
}
