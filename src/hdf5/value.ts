/** Number types that h5lib reads and writes; in the file they are little endian. */
export type NumericDatatype =
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'float32'
  | 'float64';

/**
 * Types of attributes and datasets.
 *
 * - `bool`: h5py's enumeration of FALSE and TRUE over int8.
 * - `string`: variable-length UTF-8. Fixed-length strings are read as this, too.
 * - `reference`: object reference, seen from here as the absolute path of its target.
 */
export type Datatype = NumericDatatype | 'bool' | 'string' | 'reference';

/** What can be in a file without h5lib being able to read its values (compounds, opaque data …). */
export type StoredDatatype = Datatype | 'unsupported';

export type TypedArray =
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

/** A scalar or an array in C order, with its type. */
export interface Value {
  readonly dtype: Datatype;
  /** Lengths of the axes; `[]` for a scalar. */
  readonly shape: readonly number[];
  /** Numbers as the typed array of `dtype`; `bool` as 0 and 1 in a Uint8Array; else strings. */
  readonly data: TypedArray | readonly string[];
}

const ARRAYS = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float32: Float32Array,
  float64: Float64Array,
  bool: Uint8Array,
} as const;

/** A view of `bytes` (host byte order) as the typed array of `dtype`; copies where it is not aligned. */
export function typedArray(dtype: NumericDatatype | 'bool', bytes: Uint8Array): TypedArray {
  const Type = ARRAYS[dtype];
  const aligned = bytes.byteOffset % Type.BYTES_PER_ELEMENT === 0 ? bytes : bytes.slice();
  return new Type(
    aligned.buffer as ArrayBuffer,
    aligned.byteOffset,
    aligned.byteLength / Type.BYTES_PER_ELEMENT,
  );
}
