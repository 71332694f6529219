import type { ChunkLayout, Dataset, TypedArray, Value } from '../hdf5/index.js';
import { cellCount, type DType, isDType, itemSize, LayoutError, product } from '../layout/index.js';
import type { DatasetSpec } from './dataset-spec.js';
import { fillValue, itemBytes } from './fill-value.js';

/** The type of a dataset's items in arrays; undefined if the items are no numbers. */
export function numericType({ dtype }: Dataset): DType | undefined {
  if (dtype === 'bool') return 'uint8';
  return isDType(dtype) ? dtype : undefined;
}

/** Types of items that arrays can't hold, in words. */
const NOT_NUMBERS: Readonly<Record<string, string>> = {
  string: 'one of strings',
  reference: 'one of references',
};

/** Why arrays can't hold the items of a dataset, in words; undefined if they can. */
export function numberProblem(
  dataset: Dataset,
): { expected: string; received: string } | undefined {
  if (numericType(dataset)) return undefined;
  const received =
    NOT_NUMBERS[dataset.dtype] ?? 'one of another type, such as a compound or 12-bit integers';
  return { expected: 'a dataset of numbers', received };
}

/** Why the chunks of a dataset can't be encoded and decoded without libhdf5, in words; undefined if they can. */
export function chunkProblem(dataset: Dataset): { expected: string; received: string } | undefined {
  const { layout, filters, unfilteredEdges } = dataset;
  const problem = numberProblem(dataset);
  if (problem) return problem;
  if (layout !== 'chunked') return { expected: 'a chunked dataset', received: `a ${layout} one` };
  if (typeof filters === 'string')
    return {
      expected: 'the filters shuffle, deflate and fletcher32',
      received: `'${filters}'`,
    };
  if (unfilteredEdges)
    return {
      expected: 'chunks that are all filtered',
      received: 'some at the edge that are not (H5D_CHUNK_DONT_FILTER_PARTIAL_CHUNKS)',
    };
  return undefined;
}

/**
 * The spec of an existing chunked dataset.
 *
 * @param shape the extent that the dataset will have
 * @throws LayoutError if its chunks can't be encoded and decoded without libhdf5
 */
export function specifyStored(dataset: Dataset, shape: readonly number[]): DatasetSpec {
  const problem = chunkProblem(dataset);
  if (problem) throw new LayoutError({ name: dataset.path, ...problem });
  const { path, maxshape, bigEndian } = dataset;
  const dtype = numericType(dataset) as DType;
  const chunk = dataset.chunks as readonly number[];
  const filters = dataset.filters as ChunkLayout['filters'];
  const fillvalue: Value = dataset.fillvalue
    ? { dtype, shape: [], data: dataset.fillvalue }
    : fillValue(dtype, 0, path);
  const layout: ChunkLayout = {
    itemSize: itemSize(dtype),
    chunk,
    extent: shape,
    fillvalue: storedItem(fillvalue.data as TypedArray, bigEndian),
    filters,
    skipFill: false,
  };
  return {
    path,
    dtype,
    shape,
    maxshape,
    fillvalue,
    layout,
    chunkCount: cellCount({ extent: shape, cell: chunk }),
    rawBytes: product(shape) * layout.itemSize,
    bigEndian,
    isNew: false,
  };
}

/** The bytes of one item in the byte order of the file. */
function storedItem(item: TypedArray, bigEndian: boolean): Uint8Array {
  const bytes = itemBytes(item);
  return bigEndian ? bytes.toReversed() : bytes;
}
