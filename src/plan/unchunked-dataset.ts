import type { Dataset } from '../hdf5/index.js';
import { type DType, itemSize, product } from '../layout/index.js';
import type { DatasetSpec } from './dataset-spec.js';
import { fillValue, itemBytes } from './fill-value.js';
import { numberProblem, numericType } from './stored-dataset.js';

/** Why a dataset that is not chunked can't be filled, in words; undefined if it can. */
export function unchunkedProblem(
  dataset: Dataset,
): { expected: string; received: string } | undefined {
  const problem = numberProblem(dataset);
  if (problem) return problem;
  if (dataset.shape.length > 0) return undefined;
  return { expected: 'a dataset that has axes', received: 'a scalar' };
}

/** The spec of a dataset of numbers that is not chunked: its values lie in one piece, and it can't grow. */
export function specifyUnchunked(dataset: Dataset): DatasetSpec {
  const { path, shape, bigEndian } = dataset;
  const dtype = numericType(dataset) as DType;
  const fillvalue = fillValue(dtype, 0, path);
  const size = itemSize(dtype);
  return {
    path,
    dtype,
    shape,
    maxshape: shape,
    fillvalue,
    layout: {
      itemSize: size,
      // The smallest unit of writing is a row.
      chunk: shape.map((length, axis) => (axis === 0 ? 1 : Math.max(1, length))),
      extent: shape,
      fillvalue: itemBytes(fillvalue.data as Uint8Array),
      filters: [],
    },
    chunkCount: 0,
    rawBytes: product(shape) * size,
    bigEndian,
    isNew: false,
    isUnchunked: true,
  };
}
