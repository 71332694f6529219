import type { Placements } from '../hdf5/index.js';
import type { Hyperslab } from '../layout/index.js';

/** Chunks that were written. */
export interface RecordedWrite {
  readonly placements: Placements;
  /** Of the stored bytes, one a chunk; 0 for a chunk that is not stored. */
  readonly checksums: BigUint64Array;
}

/** A chunk of a dataset that grows. */
export interface RecordedChunk {
  /** Its first element. */
  readonly start: readonly number[];
  /** Rows that the dataset had when the chunk was sealed; later rows are not in it. */
  readonly rows: number;
}

/**
 * `growing`: more data come; `acknowledged`: the program was told that everything before this is safe;
 * `ended`: no more data come.
 */
export type ExtentState = 'growing' | 'acknowledged' | 'ended';

/** Where a run puts on record what it has done. The journal of a conversion implements it. */
export interface ChunkRecord {
  /** Records the first chunks of a slab of whole chunks, in C order. */
  slab(dataset: number, slab: Hyperslab, written: RecordedWrite): void;
  /** Records single chunks. */
  chunks(dataset: number, chunks: readonly RecordedChunk[], written: RecordedWrite): void;
  /** Records the extent that a dataset has from now on. Default state: `growing` */
  extent(dataset: number, extent: readonly number[], state?: ExtentState): void;
  /** Resolves once everything on record is as durable as the user asked for. */
  settled(): Promise<void>;
}
