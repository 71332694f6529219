import { endianness } from 'node:os';
import type { DType } from '../../layout/dtype.js';
import { isEmpty } from '../../layout/hyperslab.js';
import { NUMBER_READERS, type ReadItem } from '../../layout/item-readers.js';
import { SourceError } from '../errors.js';
import { type Scaling, type ScalingSpec, scaling } from '../scaling.js';
import type { Piece, SourceReader } from '../types.js';
import { after, nameOf } from './parts.js';

/** Bytes of a float64, which must begin at a multiple of as many bytes. */
const ITEM = Float64Array.BYTES_PER_ELEMENT;

/**
 * Converts numbers to float64: value * scale + offset; {@link scaling} says how exactly.
 *
 * @throws SourceError if the source has more than one axis
 */
export function scaleValues(source: SourceReader, spec: ScalingSpec): SourceReader {
  const { info } = source;
  if (info.shape.length !== 1) {
    throw new SourceError({
      path: nameOf(source),
      expected: 'one axis, of values to scale,',
      received: `shape [${info.shape.join(', ')}]`,
    });
  }
  const convert = scaling(spec);
  return {
    info: { ...info, dtype: 'float64', isBool: false },
    scratchBytes: (slab) => source.scratchBytes(slab) + slab.count[0] * ITEM + ITEM,
    read(slab, scratch) {
      if (isEmpty(slab)) return [];
      const [first] = slab.start;
      const [count] = slab.count;
      const begin = Math.ceil(scratch.byteOffset / ITEM) * ITEM;
      const values = new Float64Array(scratch.buffer, begin, count);
      const rest = scratch.subarray(begin - scratch.byteOffset + count * ITEM);
      return after(source.read(slab, rest), (pieces) => {
        for (const piece of pieces)
          convertPiece(piece, info.dtype, convert, values, piece.start[0] - first);
        const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
        const { start } = slab;
        const swap = endianness() === 'BE';
        return [{ start, count: slab.count, bytes, offset: 0, steps: [ITEM], swap }];
      });
    },
    close: () => source.close(),
  };
}

/** Converts the items of a piece to `values`, from index `to` on. */
function convertPiece(
  { bytes, offset, steps: [step], count: [count], swap }: Piece,
  dtype: DType,
  convert: Scaling,
  values: Float64Array,
  to: number,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const item = READ[dtype];
  for (let at = 0; at < count; at++) {
    const byte = offset + (typeof step === 'number' ? at * step : step[at]);
    values[to + at] = convert(item(view, byte, !swap));
  }
}

const HIGH = 2 ** 32;

/** Reads an item as float64. 64-bit integers are rounded to the nearest float64, without allocating a BigInt. */
const READ: Readonly<Record<DType, ReadItem<number>>> = {
  ...NUMBER_READERS,
  int64: (view, at, isLittle) =>
    view.getInt32(isLittle ? at + 4 : at, isLittle) * HIGH +
    view.getUint32(isLittle ? at : at + 4, isLittle),
  uint64: (view, at, isLittle) =>
    view.getUint32(isLittle ? at + 4 : at, isLittle) * HIGH +
    view.getUint32(isLittle ? at : at + 4, isLittle),
};
