/** Types of the items of a bulk dataset, by their numpy names. */
export type DType =
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

const ITEM_SIZES: Readonly<Record<DType, number>> = {
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float32: 4,
  float64: 8,
};

export const DTYPES = Object.keys(ITEM_SIZES) as readonly DType[];

/** Whether a text names a {@link DType}. */
export function isDType(text: string): text is DType {
  return Object.hasOwn(ITEM_SIZES, text);
}

/** Bytes of one item. */
export function itemSize(dtype: DType): number {
  return ITEM_SIZES[dtype];
}
