import type { Filter } from '../hdf5/index.js';
import { type ChunkIndex, cellCount, type DType, product } from '../layout/index.js';
import type { DatasetSpec } from './dataset-spec.js';

/** How a bulk dataset is stored. Plans and reports share these fields. */
export interface DatasetSummary {
  /** Absolute path in the file. */
  readonly path: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly maxshape: readonly (number | null)[];
  /** Shape of a chunk, in elements. */
  readonly chunks: readonly number[];
  readonly chunkCount: number;
  /** How HDF5 finds the chunks of a new dataset; left out for an existing one. */
  readonly index?: ChunkIndex;
  readonly filters: readonly Filter[];
  /** Bytes of the extent's values, before compression. */
  readonly rawBytes: number;
}

/** @param shape the extent; pass the final one for data from an iterator, because it differs from the spec's */
export function summarize(
  { path, dtype, shape: initial, maxshape, layout, index }: DatasetSpec,
  shape: readonly number[] = initial,
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
