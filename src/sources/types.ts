import type { DType } from '../layout/dtype.js';
import type { Hyperslab } from '../layout/hyperslab.js';

/** A file that a source reads, as it was when the source was opened. */
export interface SourceFile {
  readonly path: string;
  /** bytes */
  readonly size: number;
  /** When it was written last, nanoseconds since 1970; file systems round it. */
  readonly mtimeNs: bigint;
  /** When its bytes or its attributes were changed last; no program can set it. */
  readonly ctimeNs: bigint;
  readonly inode: bigint;
}

/** What is known of a source without reading its data. */
export interface SourceInfo {
  readonly dtype: DType;
  /** Elements per axis, C axis order; a selection of columns is already applied. */
  readonly shape: readonly number[];
  /**
   * Axes from the slowest- to the fastest-varying in storage: `[0, 1]` for C order, `[1, 0]` for
   * Fortran order or one file per channel.
   */
  readonly storageOrder: readonly number[];
  readonly files: readonly SourceFile[];
  /** Whether its items stand for true and false; the dtype is uint8 then. Default: false */
  readonly isBool?: boolean | undefined;
}

/** Part of a hyperslab that was read, as it lies in memory. */
export interface Piece {
  /** Where it belongs in the dataset: absolute element coordinates. */
  readonly start: readonly number[];
  readonly count: readonly number[];
  /** Memory; element `[0, .., 0]` of the piece begins at byte `offset`. */
  readonly bytes: Uint8Array;
  readonly offset: number;
  /**
   * Per axis: bytes between neighbours (may be negative), or the byte offset of each index from
   * `offset` (an `Int32Array` as long as `count[axis]`).
   */
  readonly steps: readonly (number | Int32Array)[];
  /** True when the items are big endian in memory. */
  readonly swap: boolean;
  /** Where `bytes` was read from, if they are as the file has them. */
  readonly origin?: PieceOrigin;
}

/** Carries its bytes: those of the piece may be others by then, as when several pieces were joined. */
export interface PieceOrigin {
  readonly bytes: Uint8Array;
  /** Of the open file; another file's once the thread has read many others. */
  readonly descriptor: number;
  /** Of `bytes[0]` in the file, bytes. */
  readonly position: number;
}

/** An open source. Not shared between threads: each opens its own. */
export interface SourceReader {
  readonly info: SourceInfo;
  /**
   * Upper bound, in bytes, of the memory that `read(slab)` needs. It depends on `slab.count` only
   * and never grows when a count shrinks, so one call holds for all the jobs of a grid.
   */
  scratchBytes(slab: Hyperslab): number;
  /**
   * Reads a hyperslab. The pieces tile it exactly and point into `scratch` or into memory of the
   * source's own; they are valid until the next read.
   *
   * @param scratch at least `scratchBytes(slab)` bytes
   * @throws SourceError when a file is shorter than it was, or a module answers wrongly
   */
  read(slab: Hyperslab, scratch: Uint8Array): readonly Piece[] | Promise<readonly Piece[]>;
  close(): void | Promise<void>;
}
