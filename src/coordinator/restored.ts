import type { NumberedChunks } from './numbered-chunks.js';

/** The part of a dataset that an earlier run wrote. */
export interface RestoredDataset {
  readonly extent: readonly number[];
  readonly chunks: NumberedChunks;
}
