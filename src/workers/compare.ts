import type { ChunkLayout, EncodedChunk, Piece } from '../hdf5/chunk-types.js';
import type { ChunkCodec } from '../hdf5/codec.js';
import { fillItems } from '../hdf5/copy.js';
import type { DType } from '../layout/dtype.js';
import { contains, product, shapeText, unravelIndex } from '../layout/hyperslab.js';
import { NUMBER_READERS, type ReadItem } from '../layout/item-readers.js';
import { inFileOrder } from './job-reader.js';
import type { Difference } from './wire.js';

/** The codec, layout and dtype that a comparison of a dataset's chunks needs. */
export interface ChunkComparison {
  readonly codec: ChunkCodec;
  readonly layout: ChunkLayout;
  readonly dtype: DType;
  /** Whether items are big endian in the file. */
  readonly bigEndian: boolean;
}

/**
 * The first element, in C order within the chunk, that differs between the pieces of a source and a stored chunk.
 *
 * @param start first element of the chunk
 * @param stored null if the chunk is not stored, so that readers see the fill value
 * @returns null if all elements are equal
 */
export function compareChunk(
  { codec, layout, dtype, bigEndian }: ChunkComparison,
  pieces: readonly Piece[],
  start: readonly number[],
  stored: EncodedChunk | null,
): Difference | null {
  const { bytes, filterMask } = stored ?? unstored(layout);
  const items = inFileOrder(pieces, bigEndian);
  const at = codec.difference(items, start, bytes, filterMask);
  if (at < 0) return null;
  const index = unravelIndex(at, layout.chunk).map((i, axis) => i + start[axis]);
  return {
    index,
    source: pieceElement(pieces, index, dtype),
    file: elementAt(codec.decode(bytes, filterMask), at * layout.itemSize, dtype, bigEndian),
  };
}

/** A chunk of fill values, as readers see a chunk that is not stored; encoded without any filter. */
function unstored({ chunk, itemSize, fillvalue, filters }: ChunkLayout): EncodedChunk {
  const bytes = new Uint8Array(product(chunk) * itemSize);
  fillItems(bytes, fillvalue);
  return { bytes, filterMask: 2 ** filters.length - 1 };
}

const READERS: Readonly<Record<DType, ReadItem<number | bigint>>> = {
  ...NUMBER_READERS,
  int64: (view, at, isLittle) => view.getBigInt64(at, isLittle),
  uint64: (view, at, isLittle) => view.getBigUint64(at, isLittle),
};

/** The element that begins at byte `at` of `bytes`. */
export function elementAt(
  bytes: Uint8Array,
  at: number,
  dtype: DType,
  bigEndian: boolean,
): number | bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return READERS[dtype](view, at, !bigEndian);
}

/** The element at an index of the dataset, taken from the pieces of a source. */
export function pieceElement(
  pieces: readonly Piece[],
  index: readonly number[],
  dtype: DType,
): number | bigint {
  const one = { start: index, count: index.map(() => 1) };
  const piece = pieces.find((candidate) => contains(candidate, one));
  if (!piece)
    throw new RangeError(
      `Expected a piece that contains the element ${shapeText(index)} but received none`,
    );
  const at = piece.steps.reduce<number>((offset, step, axis) => {
    const within = index[axis] - piece.start[axis];
    return offset + (typeof step === 'number' ? within * step : step[within]);
  }, piece.offset);
  return elementAt(piece.bytes, at, dtype, piece.swap);
}
