import type { Filter } from '../hdf5/index.js';
import type { ChunkIndex, DType } from '../layout/index.js';
import type { PreparedDataset } from './prepare.js';

/** How a bulk dataset is stored: what plans and reports have in common. */
export interface DatasetSummary {
  /** Absolute path in the file. */
  readonly path: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly maxshape: readonly (number | null)[];
  readonly chunks: readonly number[];
  readonly chunkCount: number;
  readonly index: ChunkIndex;
  readonly filters: readonly Filter[];
  /** Bytes of its values, before compression. */
  readonly rawBytes: number;
}

export function summarize(dataset: PreparedDataset): DatasetSummary {
  const { path, node, maxshape, layout, chunkCount, index, rawBytes } = dataset;
  return {
    path,
    dtype: node.dtype,
    shape: node.shape,
    maxshape,
    chunks: layout.chunk,
    chunkCount,
    index,
    filters: layout.filters,
    rawBytes,
  };
}
