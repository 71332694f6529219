import type {
  ChunkLayout,
  EncodedChunk,
  Hyperslab,
  Origin,
  Piece,
  WrittenChunks,
} from './chunk-types.js';
import { callCodec } from './codec-errors.js';
import { type NativeCodec, native } from './native.js';

/**
 * Turns pieces into stored chunks and back, in memory alone. It keeps its buffers, so use one for
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
