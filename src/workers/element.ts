import type { DType } from '../layout/dtype.js';
import { contains } from '../layout/hyperslab.js';
import type { Piece } from '../sources/index.js';

const READERS: Record<DType, (view: DataView, at: number, little: boolean) => number | bigint> = {
  int8: (view, at) => view.getInt8(at),
  uint8: (view, at) => view.getUint8(at),
  int16: (view, at, little) => view.getInt16(at, little),
  uint16: (view, at, little) => view.getUint16(at, little),
  int32: (view, at, little) => view.getInt32(at, little),
  uint32: (view, at, little) => view.getUint32(at, little),
  int64: (view, at, little) => view.getBigInt64(at, little),
  uint64: (view, at, little) => view.getBigUint64(at, little),
  float32: (view, at, little) => view.getFloat32(at, little),
  float64: (view, at, little) => view.getFloat64(at, little),
};

/** The element that begins at a byte of `bytes`. */
export function elementAt(
  bytes: Uint8Array,
  at: number,
  dtype: DType,
  bigEndian: boolean,
): number | bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return READERS[dtype](view, at, !bigEndian);
}

/** The element at an index of the dataset, from the pieces that were read of it. */
export function pieceElement(
  pieces: readonly Piece[],
  index: readonly number[],
  dtype: DType,
): number | bigint {
  const one = { start: index, count: index.map(() => 1) };
  const piece = pieces.find((candidate) => contains(candidate, one));
  if (!piece) throw new RangeError(`Expected a piece with [${index}] but received none`);
  const at = piece.steps.reduce<number>((offset, step, axis) => {
    const within = index[axis] - piece.start[axis];
    return offset + (typeof step === 'number' ? within * step : step[within]);
  }, piece.offset);
  return elementAt(piece.bytes, at, dtype, piece.swap);
}
