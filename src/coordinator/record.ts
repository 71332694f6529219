import type { Placements } from '../hdf5/index.js';
import type { Hyperslab } from '../layout/index.js';

/** Chunks that a worker wrote. */
export interface RecordedWrite {
  readonly placements: Placements;
  /** One for each chunk, of its stored bytes; 0 for a chunk that is not stored. */
  readonly checksums: BigUint64Array;
}

/** A chunk of gathered data. */
export interface RecordedChunk {
  /** Index of its first element, per axis. */
  readonly start: readonly number[];
  /** Rows that the dataset had when the chunk was sealed; later rows are not in it. */
  readonly rows: number;
}

/**
 * `growing`: more data come; `acknowledged`: the program was told that everything before this is safe;
 * `ended`: no more data come.
 */
export type ExtentState = 'growing' | 'acknowledged' | 'ended';

/** Records what a run has done. */
export interface ChunkRecord {
  /** Whether data on record are safe before the file is flushed, as in the journal of a conversion. */
  readonly isDurable: boolean;
  /** Records the first chunks of a slab of whole chunks, in C order. */
  slab(dataset: number, slab: Hyperslab, written: RecordedWrite): void;
  /** Records single chunks. */
  chunks(dataset: number, chunks: readonly RecordedChunk[], written: RecordedWrite): void;
  /** Records the extent that a dataset has from now on. Default state: `growing` */
  extent(dataset: number, extent: readonly number[], state?: ExtentState): void;
  /** Resolves once everything on record is as durable as the user asked for. */
  settled(): Promise<void>;
}
