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
 * Encodes pieces to stored chunks and decodes stored chunks, in memory only. A codec reuses its buffers,
 * so use one for all chunks of a dataset.
 *
 * Methods throw a TypeError or RangeError for arguments that don't fit, such as a piece that reaches
 * beyond its bytes, or a `chunkStart` at which no chunk of the extent begins.
 */
export class ChunkCodec {
  readonly #native: InstanceType<NativeCodec['ChunkCodec']>;

  /** @throws RangeError for a layout that HDF5 can't store, such as chunks of 4 GiB */
  constructor(layout: ChunkLayout) {
    this.#native = callCodec(() => new native.ChunkCodec(layout));
  }

  /** Native memory that the codec holds now, in bytes. */
  get bytesHeld(): number {
    return this.#native.heldBytes();
  }

  /**
   * Encodes the chunk that starts at `chunkStart` (elements). The caller owns the returned bytes.
   * Deflate is skipped if it would not make the chunk smaller (HDF5's rule for optional filters), so
   * always at level 0.
   *
   * @throws ChunkError if the pieces don't hold every element of the chunk exactly once
   */
  encode(pieces: readonly Piece[], chunkStart: readonly number[]): EncodedChunk {
    return callCodec(() => this.#native.encode(pieces, chunkStart));
  }

  /**
   * Decodes a stored chunk to its items in C order, little endian, in the full shape of a chunk.
   *
   * @param out receives the items and is returned; as long as a chunk, not shared memory, and not
   * overlapping `stored`. Its contents are undefined after an error. Default: a new array
   * @throws ChunkError for a chunk that is damaged, has the wrong size or fails its checksum;
   * RangeError for an `out` of another length
   */
  decode(stored: Uint8Array, filterMask: number, out?: Uint8Array): Uint8Array {
    return callCodec(() => this.#native.decode(stored, filterMask, out));
  }

  /**
   * Compares pieces with the part of a stored chunk inside the extent, byte by byte (NaN equals itself).
   *
   * @returns the index, in C order within the chunk, of the first element that differs; -1 if none does
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
   * Frees the buffers; they are allocated again when the codec is used again. Without this call they live
   * until the garbage collector runs, which may never happen in a thread that creates no garbage.
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
   * @param token identifies the file, see `File.token`
   * @throws ClosedError if no open file has this token; RangeError for a layout that HDF5 can't store
   */
  constructor(token: bigint, layout: ChunkLayout) {
    this.#native = callCodec(() => new native.ChunkWriter(token, layout));
  }

  /** Native memory that the writer holds now, in bytes; at most {@link encoderBytes}. */
  get bytesHeld(): number {
    return this.#native.heldBytes();
  }

  /**
   * Encodes and writes every chunk of `slab`, which must consist of whole chunks inside the extent.
   * After an error, space that was reserved stays unused in the file.
   *
   * @param stop once `stop[0]` is not 0, no further chunk is begun; other threads can set the value if it
   * lies on a SharedArrayBuffer
   * @param origin the file range that the pieces were read from. If a chunk's stored bytes equal bytes of
   * that range and the file system can share blocks between files (XFS, Btrfs), they are shared instead of
   * written.
   * @throws WriteError; ClosedError if the file or the writer was closed; ChunkError if the pieces don't
   * tile the slab; RangeError
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
   * Encodes and writes chunks that are complete in memory: dense, in C order, little endian. The result is
   * in the order of `chunks`.
   *
   * @throws WriteError; ClosedError if the file or the writer was closed; RangeError for an array that is
   * not as long as a chunk
   */
  writeDense(chunks: readonly Uint8Array[]): WrittenChunks {
    return callCodec(() => this.#native.writeDense(chunks));
  }

  /** Frees the buffers and releases the file. A second call does nothing. */
  close(): void {
    this.#native.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * The most native memory that a ChunkWriter of this layout holds, in bytes. Allocates nothing.
 *
 * @throws RangeError for a layout that HDF5 can't store
 */
export function encoderBytes(layout: ChunkLayout): number {
  return callCodec(() => native.encoderBytes(layout));
}
