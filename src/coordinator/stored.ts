import type { ChunkLayout, Dataset, TypedArray, Value } from '../hdf5/index.js';
import { cellCount, type DType, isDType, itemSize, LayoutError, product } from '../layout/index.js';
import { fillValue, itemBytes } from './fillvalue.js';
import type { LaidOut } from './lay-out.js';

/** The type of a dataset's items as arrays hold them; undefined for what is no number. */
export function numericType({ dtype }: Dataset): DType | undefined {
  if (dtype === 'bool') return 'uint8';
  return isDType(dtype) ? dtype : undefined;
}

/** Why chunks of a dataset can't be encoded and decoded without libhdf5, in words, if so. */
export function chunkProblem(dataset: Dataset): { expected: string; received: string } | undefined {
  const { dtype, layout, filters } = dataset;
  if (!numericType(dataset)) return { expected: 'numbers', received: dtype };
  if (layout !== 'chunked') return { expected: 'a chunked dataset', received: `a ${layout} one` };
  if (typeof filters === 'string')
    return {
      expected: 'the filters shuffle, deflate and fletcher32',
      received: `'${filters}'`,
    };
  return undefined;
}

/**
 * A dataset of a file, as it is stored.
 *
 * @param shape the extent that it will have
 * @throws LayoutError where its chunks can't be encoded and decoded without libhdf5
 */
export function storedLaidOut(dataset: Dataset, shape: readonly number[]): LaidOut {
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

/** The bytes of one item as they are in the file. */
function storedItem(item: TypedArray, bigEndian: boolean): Uint8Array {
  const bytes = itemBytes(item);
  return bigEndian ? bytes.toReversed() : bytes;
}
