/** A filter of a dataset's pipeline, for HDF5 files that every reader opens. */

import type { DeflatedBytes } from './deflated.js';
import type { Placements } from './placements.js';
import type { Stages } from './stages.js';

export type Filter =
  | { readonly kind: 'shuffle' }
  /** 0 stores, 1 to 9 as zlib's, 10 to 12 libdeflate's. HDF5 itself knows 0 to 9. */
  | { readonly kind: 'deflate'; readonly level: number }
  | { readonly kind: 'fletcher32' };
/** The chunks of one dataset. */
export interface ChunkLayout {
  /** Bytes of one item. */
  readonly itemSize: number;
  /** Shape of a chunk, in elements. */
  readonly chunk: readonly number[];
  /** Shape of the dataset, in elements. */
  readonly extent: readonly number[];
  /** One item, little endian: what the cells of edge chunks outside of the extent hold. */
  readonly fillvalue: Uint8Array;
  /** In the order in which they are applied on writing. */
  readonly filters: readonly Filter[];
  /**
   * Whether a ChunkWriter passes over chunks whose every item is the fill value, byte for byte (of edge
   * chunks, every item within the extent). A dataset of this fill value reads the same without them.
   * False by default. A ChunkCodec encodes every chunk.
   */
  readonly skipFill?: boolean;
}

/** A rectangular part of a dataset, in elements, in C axis order. */
export interface Hyperslab {
  readonly start: readonly number[];
  readonly count: readonly number[];
}

/** A hyperslab of the dataset as it lies in memory. */
export interface Piece extends Hyperslab {
  readonly bytes: Uint8Array;
  /** Where element [0, …, 0] of the piece begins, in bytes. */
  readonly offset: number;
  /** Per axis: bytes between neighbours (may be negative), or the byte offset of each index. */
  readonly steps: readonly (number | Int32Array)[];
  /** Whether items are big endian in memory; they must then have 1, 2, 4 or 8 bytes. */
  readonly swap: boolean;
}

/** Memory that holds what a file has from a position on. */
export interface Origin {
  readonly bytes: Uint8Array;
  /** Of the file, open for reading. */
  readonly descriptor: number;
  /** Of `bytes[0]` in the file, bytes. */
  readonly position: number;
}

export interface EncodedChunk {
  readonly bytes: Uint8Array;
  /** Bit i is set where filter i was skipped. */
  readonly filterMask: number;
}

/**
 * What a ChunkWriter does with each chunk: `gather` brings the items of the pieces together, `filter` makes
 * of them what is stored. Of chunks that `skipFill` passes over there is no more than `gather`; of those that
 * are shared with a source, nothing comes out of `write`.
 */
export type WriteStages = Stages<'gather' | 'filter' | 'checksum' | 'write'>;
export interface WrittenChunks {
  /**
   * In C order of the job's chunks, and fewer than the job has if it was stopped. Chunks that `skipFill`
   * passed over are not stored.
   */
  readonly placements: Placements;
  /**
   * One number for each placement: the checksum (see `checksum()`) of the bytes that were stored, taken
   * before they were written. 0n for a chunk that `skipFill` passed over.
   */
  readonly checksums: BigUint64Array;
  readonly stages: WriteStages;
  readonly deflated: DeflatedBytes;
}

/** Items in memory along axes: those of an array, or of a chunk. */
export interface Lattice {
  /** May lie in shared memory, which is then only ever copied. */
  readonly bytes: Uint8Array;
  /** Byte at which element [0, …, 0] begins, were there no tables. */
  readonly offset: number;
  /** Per axis: bytes between neighbours; may be 0 or negative. */
  readonly steps: readonly number[];
  /** Per axis: the index of each element, which is taken times the step; null for 0, 1, 2 … */
  readonly tables?: readonly (Int32Array | null)[];
}
