import { latticeOf } from '../coordinator/index.js';
import { ChunkCodec, type ChunkLayout, type Dataset } from '../hdf5/index.js';
import { cells, wholeSlab } from '../layout/index.js';
import { dtypeOf, type NdArray } from '../streams/index.js';
import { compareChunk, type Difference } from '../workers/index.js';

/** Compares an array with its chunked dataset, value by value. @returns the first difference, if any */
export function compareArray(
  array: NdArray,
  dataset: Dataset,
  layout: ChunkLayout,
): Difference | undefined {
  const { bigEndian } = dataset;
  const dtype = dtypeOf(array.data);
  const piece = { ...wholeSlab(array.shape), ...latticeOf(array, array.shape), swap: false };
  using codec = new ChunkCodec(layout);
  const comparison = { codec, layout, dtype, bigEndian };
  for (const { start } of cells({ extent: layout.extent, cell: layout.chunk })) {
    const stored = dataset.readChunk(start);
    const difference = compareChunk(comparison, [piece], start, stored);
    if (difference) return difference;
  }
  return undefined;
}
