import { callCodec } from './codec-errors.js';
import type { DeflatedBytes } from './deflated.js';
import { native } from './native.js';
import type { Placements } from './placements.js';
import type { Stages } from './stages.js';

/** A filter of a dataset's pipeline, for HDF5 files that every reader opens. */
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

/** What the addon exports for this file. @internal */
export interface NativeCodec {
  readonly ChunkCodec: new (
    layout: ChunkLayout,
  ) => {
    encode(pieces: readonly Piece[], chunkStart: readonly number[]): EncodedChunk;
    decode(stored: Uint8Array, filterMask: number, out?: Uint8Array): Uint8Array;
    difference(
      pieces: readonly Piece[],
      chunkStart: readonly number[],
      stored: Uint8Array,
      filterMask: number,
    ): number;
    heldBytes(): number;
    release(): void;
  };
  readonly ChunkWriter: new (
    token: bigint,
    layout: ChunkLayout,
  ) => {
    write(
      pieces: readonly Piece[],
      slab: Hyperslab,
      stop?: Int32Array,
      origin?: Origin,
    ): WrittenChunks;
    writeDense(chunks: readonly Uint8Array[]): WrittenChunks;
    heldBytes(): number;
    close(): void;
  };
  encoderBytes(layout: ChunkLayout): number;
}

/**
 * CallQueue pieces into stored chunks and back, in memory alone. It keeps its buffers, so use one for
 * all chunks of a dataset.
 *
 * Methods throw a TypeError or RangeError for arguments that don't fit: a piece that leaves its
 * bytes, a start that is no chunk of the extent.
 */
export class ChunkCodec {
  readonly #native: InstanceType<NativeCodec['ChunkCodec']>;

  /** @throws RangeError for a layout that HDF5 could not store, such as chunks of 4 GiB */
  constructor(layout: ChunkLayout) {
    this.#native = callCodec(() => new native.ChunkCodec(layout));
  }

  /** Native memory held now, in bytes. */
  get bytesHeld(): number {
    return this.#native.heldBytes();
  }

  /**
   * Encodes the chunk that starts at `chunkStart` (elements). The bytes are a copy, the caller's to
   * keep. Deflate is skipped where it would not make the chunk smaller (HDF5's rule for optional
   * filters), so always at level 0.
   *
   * @throws ChunkError where the pieces don't hold every element of the chunk once
   */
  encode(pieces: readonly Piece[], chunkStart: readonly number[]): EncodedChunk {
    return callCodec(() => this.#native.encode(pieces, chunkStart));
  }

  /**
   * Decodes a stored chunk to its items in C order, at full chunk shape.
   *
   * @param out of a chunk's bytes, not shared and apart from `stored`: is decoded into and returned;
   * without it, a new array. After an error it holds anything.
   * @throws ChunkError for a chunk that is damaged, of the wrong size, or fails its checksum;
   * RangeError for an `out` of another length
   */
  decode(stored: Uint8Array, filterMask: number, out?: Uint8Array): Uint8Array {
    return callCodec(() => this.#native.decode(stored, filterMask, out));
  }

  /**
   * Compares pieces with a stored chunk, byte by byte (NaN equals itself) and within the extent.
   * Returns -1 when they are equal, else the C-order index within the chunk of the first element
   * that differs.
   *
   * @throws ChunkError as encode() and decode() do
   */
  difference(
    pieces: readonly Piece[],
    chunkStart: readonly number[],
    stored: Uint8Array,
    filterMask: number,
  ): number {
    return callCodec(() => this.#native.difference(pieces, chunkStart, stored, filterMask));
  }

  /**
   * Frees the buffers, which are made again when they are needed. A codec that is merely forgotten
   * keeps them until the garbage collector comes, which in a thread that makes no garbage is never.
   */
  release(): void {
    this.#native.release();
  }

  [Symbol.dispose](): void {
    this.release();
  }
}

/**
 * Encodes the chunks of jobs and writes them to an open file of this process, from any thread,
 * without libhdf5. Written chunks become part of a dataset when they are placed.
 */
export class ChunkWriter {
  readonly #native: InstanceType<NativeCodec['ChunkWriter']>;

  /**
   * @param token of the file, see `File.token`
   * @throws ClosedError where no open file has this token; RangeError for a layout that HDF5 could
   * not store
   */
  constructor(token: bigint, layout: ChunkLayout) {
    this.#native = callCodec(() => new native.ChunkWriter(token, layout));
  }

  /** Native memory held now, in bytes; at most {@link encoderBytes}. */
  get bytesHeld(): number {
    return this.#native.heldBytes();
  }

  /**
   * Encodes and writes every chunk of `slab`, which must consist of whole chunks inside the extent.
   * Stops before the next chunk once `stop[0]` is not 0; other threads may set it when it lies on a
   * SharedArrayBuffer. On an error, space that was reserved stays unused in the file.
   *
   * @param origin where pieces were read from: a chunk that is stored as it is there is shared with that
   * file, and not written, where the file system can (XFS, Btrfs)
   *
   * @throws WriteError, ClosedError, ChunkError (the pieces don't tile the slab), RangeError
   */
  write(
    pieces: readonly Piece[],
    slab: Hyperslab,
    stop?: Int32Array,
    origin?: Origin,
  ): WrittenChunks {
    return callCodec(() => this.#native.write(pieces, slab, stop, origin));
  }

  /**
   * Encodes and writes chunks that are whole in memory, in C order and little endian; tells of them in
   * their order.
   *
   * @throws WriteError, ClosedError, RangeError for one that has not the bytes of a chunk
   */
  writeDense(chunks: readonly Uint8Array[]): WrittenChunks {
    return callCodec(() => this.#native.writeDense(chunks));
  }

  /** Frees the buffers and lets go of the file. Closing twice does nothing. */
  close(): void {
    this.#native.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * Bytes of native memory that one ChunkWriter of this layout holds at most, without allocating them.
 *
 * @throws RangeError for a layout that HDF5 could not store
 */
export function encoderBytes(layout: ChunkLayout): number {
  return callCodec(() => native.encoderBytes(layout));
}
