/** Reads the item that begins at byte `at`. */
export type ReadItem<Item> = (view: DataView, at: number, isLittle: boolean) => Item;

/** How items of the types whose every value is a number are read; 64-bit integers are bigints, or rounded. */
export const NUMBER_READERS = {
  int8: (view, at) => view.getInt8(at),
  uint8: (view, at) => view.getUint8(at),
  int16: (view, at, isLittle) => view.getInt16(at, isLittle),
  uint16: (view, at, isLittle) => view.getUint16(at, isLittle),
  int32: (view, at, isLittle) => view.getInt32(at, isLittle),
  uint32: (view, at, isLittle) => view.getUint32(at, isLittle),
  float32: (view, at, isLittle) => view.getFloat32(at, isLittle),
  float64: (view, at, isLittle) => view.getFloat64(at, isLittle),
} as const satisfies Readonly<Record<string, ReadItem<number>>>;
