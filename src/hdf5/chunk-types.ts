import type { DeflatedBytes } from './deflated.js';
import type { Placements } from './placements.js';
import type { Stages } from './stages.js';

/** A filter of a dataset's pipeline; only filters that every HDF5 reader has. */
export type Filter =
  | { readonly kind: 'shuffle' }
  /** 0 only stores, 1 to 9 are zlib's levels, 10 to 12 are libdeflate's. HDF5 itself knows 0 to 9. */
  | { readonly kind: 'deflate'; readonly level: number }
  | { readonly kind: 'fletcher32' };

/** The chunks of one dataset: their shape, their items and their filters. */
export interface ChunkLayout {
  /** Bytes of one item. */
  readonly itemSize: number;
  /** Shape of a chunk, in elements. */
  readonly chunk: readonly number[];
  /** Shape of the dataset, in elements. */
  readonly extent: readonly number[];
  /** One little-endian item; fills the part of an edge chunk that lies outside the extent. */
  readonly fillvalue: Uint8Array;
  /** In the order in which they are applied on writing. */
  readonly filters: readonly Filter[];
  /**
   * Whether a ChunkWriter skips chunks in which every item inside the extent equals the fill value, byte
   * for byte: readers see the fill value in place of a chunk that is not stored. A ChunkCodec encodes
   * every chunk all the same. Default: false
   */
  readonly skipFill?: boolean;
}

/** A rectangular part of a dataset, in elements, in C axis order. */
export interface Hyperslab {
  readonly start: readonly number[];
  readonly count: readonly number[];
}

/** A hyperslab of the dataset, and where its items lie in memory. */
export interface Piece extends Hyperslab {
  readonly bytes: Uint8Array;
  /** Byte of `bytes` at which element [0, …, 0] of the piece begins. */
  readonly offset: number;
  /** Per axis: bytes between neighbours (may be negative), or the byte offset of each index. */
  readonly steps: readonly (number | Int32Array)[];
  /** Whether the items are big endian in memory; their size must then be 1, 2, 4 or 8 bytes. */
  readonly swap: boolean;
}

/** Memory that holds a copy of a range of a file. */
export interface Origin {
  readonly bytes: Uint8Array;
  /** Descriptor of the file, which is open for reading. */
  readonly descriptor: number;
  /** Position of `bytes[0]` in the file, in bytes. */
  readonly position: number;
}

export interface EncodedChunk {
  readonly bytes: Uint8Array;
  /** Bit i is set if filter i was skipped. */
  readonly filterMask: number;
}

/**
 * The work of a ChunkWriter on each chunk: `gather` collects the items from the pieces, `filter` encodes
 * them, `checksum` hashes the encoded bytes, and `write` writes them to the file. For chunks that `skipFill`
 * skips, only `gather` counts; `write` outputs no bytes for chunks that share their bytes with a source.
 */
export type WriteStages = Stages<'gather' | 'filter' | 'checksum' | 'write'>;

export interface WrittenChunks {
  /**
   * In C order of the job's chunks; fewer than the job has if it was stopped. Chunks that `skipFill`
   * skipped are not stored.
   */
  readonly placements: Placements;
  /**
   * The checksum (see `checksum()`) of the stored bytes for each placement, computed before the bytes are
   * written. 0n for a chunk that `skipFill` skipped.
   */
  readonly checksums: BigUint64Array;
  readonly stages: WriteStages;
  readonly deflated: DeflatedBytes;
}

/** Where the items of an array or a chunk lie in memory. */
export interface Lattice {
  /** May be shared memory. */
  readonly bytes: Uint8Array;
  /** Byte of `bytes` from which the steps count: where index 0 of every axis lies. */
  readonly offset: number;
  /** Per axis: bytes between the indices i and i + 1; may be 0 or negative. */
  readonly steps: readonly number[];
  /** Per axis: the index of each element, which is multiplied by the step; null means 0, 1, 2 … */
  readonly tables?: readonly (Int32Array | null)[];
}
