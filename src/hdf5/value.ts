const NUMERIC_ARRAYS = {
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
} as const;

/** Types of numbers that h5lib reads and writes; it stores them little endian. */
export type NumericDatatype = keyof typeof NUMERIC_ARRAYS;

/** A typed array of one of the {@link NumericDatatype}s, over memory of any kind. */
export type TypedArray = (typeof NUMERIC_ARRAYS)[NumericDatatype]['prototype'];

/**
 * Types of attributes and datasets.
 *
 * - `bool`: h5py's enumeration of FALSE and TRUE over int8.
 * - `string`: variable-length UTF-8. Fixed-length strings are read as this type, too.
 * - `reference`: an object reference, represented by the absolute path of its target.
 */
export type Datatype = NumericDatatype | 'bool' | 'string' | 'reference';

/** The type of a dataset in a file; h5lib can't read `unsupported` values such as compounds and opaque data. */
export type StoredDatatype = Datatype | 'unsupported';

/** A scalar or an array in C order, with its type. */
export interface Value {
  readonly dtype: Datatype;
  /** Lengths of the axes; `[]` for a scalar. */
  readonly shape: readonly number[];
  /** The typed array of `dtype` for numbers; 0 and 1 in a Uint8Array for `bool`; else strings. */
  readonly data: TypedArray | readonly string[];
}

/** Views `bytes` (host byte order) as the typed array of `dtype`; copies them if they are not aligned. */
export function typedArray(dtype: NumericDatatype | 'bool', bytes: Uint8Array): TypedArray {
  const Type = dtype === 'bool' ? Uint8Array : NUMERIC_ARRAYS[dtype];
  const aligned = bytes.byteOffset % Type.BYTES_PER_ELEMENT === 0 ? bytes : bytes.slice();
  return new Type(
    aligned.buffer as ArrayBuffer,
    aligned.byteOffset,
    aligned.byteLength / Type.BYTES_PER_ELEMENT,
  );
}
