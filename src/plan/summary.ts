import type { Filter } from '../hdf5/index.js';
import { type ChunkIndex, cellCount, type DType, product } from '../layout/index.js';
import type { DatasetSpec } from './dataset-spec.js';

/** How a bulk dataset is stored: what plans and reports have in common. */
export interface DatasetSummary {
  /** Absolute path in the file. */
  readonly path: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly maxshape: readonly (number | null)[];
  readonly chunks: readonly number[];
  readonly chunkCount: number;
  /** How HDF5 finds its chunks; of a dataset that was there before, it is left out. */
  readonly index?: ChunkIndex;
  readonly filters: readonly Filter[];
  /** Bytes of its extent's values, before compression. */
  readonly rawBytes: number;
}

/** @param shape the extent, of which an iterator's dataset has another in the end */
export function summarize(
  { path, dtype, shape: first, maxshape, layout, index }: DatasetSpec,
  shape: readonly number[] = first,
): DatasetSummary {
  return {
    path,
    dtype,
    shape,
    maxshape,
    chunks: layout.chunk,
    chunkCount: cellCount({ extent: shape, cell: layout.chunk }),
    ...(index && { index }),
    filters: layout.filters,
    rawBytes: product(shape) * layout.itemSize,
  };
}
