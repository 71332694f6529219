import type { ChunkCodec, ChunkLayout, EncodedChunk, Piece } from '../hdf5/codec.js';
import { fillItems } from '../hdf5/copy.js';
import type { DType } from '../layout/dtype.js';
import { product, unravelIndex } from '../layout/hyperslab.js';
import { elementAt, pieceElement } from './element.js';
import type { Difference } from './wire.js';

/** Compares the values of chunks with pieces of a source. */
export interface ChunkComparison {
  readonly codec: ChunkCodec;
  readonly layout: ChunkLayout;
  readonly dtype: DType;
}

/**
 * The first value, in C order within the chunk, in which pieces and a stored chunk differ.
 *
 * @param start first element of the chunk
 * @param stored null where no chunk is stored: readers see the fill value
 */
export function compareChunk(
  { codec, layout, dtype }: ChunkComparison,
  pieces: readonly Piece[],
  start: readonly number[],
  stored: EncodedChunk | null,
): Difference | null {
  const { bytes, filterMask } = stored ?? unstored(layout);
  const at = codec.difference(pieces, start, bytes, filterMask);
  if (at < 0) return null;
  const index = unravelIndex(at, layout.chunk).map((i, axis) => i + start[axis]);
  return {
    index,
    source: pieceElement(pieces, index, dtype),
    file: elementAt(codec.decode(bytes, filterMask), at * layout.itemSize, dtype, false),
  };
}

/** What a reader sees where no chunk is stored, as a chunk that skipped all filters. */
function unstored({ chunk, itemSize, fillvalue, filters }: ChunkLayout): EncodedChunk {
  const bytes = new Uint8Array(product(chunk) * itemSize);
  fillItems(bytes, fillvalue);
  return { bytes, filterMask: 2 ** filters.length - 1 };
}
