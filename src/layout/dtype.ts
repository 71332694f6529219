/** The typed array for the items of each type. */
export const ITEM_ARRAYS = {
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

/** Types of the items of a bulk dataset, named as in numpy. */
export type DType = keyof typeof ITEM_ARRAYS;

/** A typed array of one of the {@link DType}s: a `BigInt64Array` for int64, and so on. */
export type ItemArray = InstanceType<(typeof ITEM_ARRAYS)[DType]>;

export const DTYPES = Object.keys(ITEM_ARRAYS) as readonly DType[];

/** Whether a text names a {@link DType}. */
export function isDType(text: string): text is DType {
  return Object.hasOwn(ITEM_ARRAYS, text);
}

/** Bytes of one item. */
export function itemSize(dtype: DType): number {
  return ITEM_ARRAYS[dtype].BYTES_PER_ELEMENT;
}

/** Converts numbers to items of a type. @throws RangeError for fractions, if the type is int64 or uint64 */
export function itemsFrom(values: readonly number[], dtype: DType): ItemArray {
  if (dtype === 'int64' || dtype === 'uint64') return ITEM_ARRAYS[dtype].from(values.map(BigInt));
  return ITEM_ARRAYS[dtype].from(values);
}
