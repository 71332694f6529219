import type { DType } from '../layout/dtype.js';
import type { Hyperslab } from '../layout/hyperslab.js';

/** The state of a file when the source that reads it was opened. */
export interface SourceFile {
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** Time of the last write, in nanoseconds since 1970; file systems round it. */
  readonly mtimeNs: bigint;
  /** Time of the last change of contents or attributes, in nanoseconds since 1970; programs can't set it. */
  readonly ctimeNs: bigint;
  readonly inode: bigint;
}

/** Properties of a source that are known without reading its data. */
export interface SourceInfo {
  readonly dtype: DType;
  /** Elements per axis, in C axis order and after the selection of columns. */
  readonly shape: readonly number[];
  /**
   * Axes from the slowest- to the fastest-varying in storage: `[0, 1]` for C order, `[1, 0]` for
   * Fortran order or one file per channel.
   */
  readonly storageOrder: readonly number[];
  readonly files: readonly SourceFile[];
  /** Whether the items are booleans; their dtype is then uint8. Default: false */
  readonly isBool?: boolean | undefined;
}

/** A part of a hyperslab that was read, and where its items lie in memory. */
export interface Piece {
  /** First element and elements per axis, in coordinates of the dataset. */
  readonly start: readonly number[];
  readonly count: readonly number[];
  /** Memory in which element `[0, .., 0]` of the piece begins at byte `offset`. */
  readonly bytes: Uint8Array;
  readonly offset: number;
  /**
   * Per axis: bytes between neighbours (may be negative), or the byte offset of each index from
   * `offset` (an `Int32Array` as long as `count[axis]`).
   */
  readonly steps: readonly (number | Int32Array)[];
  /** Whether the items are big endian in memory. */
  readonly swap: boolean;
  /** The file range that the bytes were read from, if they are an unchanged copy of it. */
  readonly origin?: PieceOrigin;
}

/** A file range and its bytes; they can differ from the `bytes` of the piece, which may be joined from several. */
export interface PieceOrigin {
  readonly bytes: Uint8Array;
  /** Descriptor of the open file. Valid until the thread reads other files, which may close this one. */
  readonly descriptor: number;
  /** Position of `bytes[0]` in the file, in bytes. */
  readonly position: number;
}

/** An open source. Threads can't share it; each thread opens its own. */
export interface SourceReader {
  readonly info: SourceInfo;
  /**
   * Upper bound for the scratch memory that `read(slab)` needs, in bytes. It depends on `slab.count` only, and
   * does not grow if a count shrinks, so the bound for the largest job of a grid holds for all its jobs.
   */
  scratchBytes(slab: Hyperslab): number;
  /**
   * Reads a hyperslab. The returned pieces tile it exactly. They point into `scratch` or into memory of the
   * source, and are valid until the next read.
   *
   * @param scratch at least `scratchBytes(slab)` bytes
   * @throws SourceError if a file is shorter than when it was opened, or a module returns invalid data
   */
  read(slab: Hyperslab, scratch: Uint8Array): readonly Piece[] | Promise<readonly Piece[]>;
  close(): void | Promise<void>;
}
