import { readThroughLibrary, SourceBlocks } from '../coordinator/index.js';
import type { Dataset } from '../hdf5/index.js';
import {
  ITEM_ARRAYS,
  type ItemArray,
  planDataset,
  product,
  resolveSelection,
  selectedSlab,
  slabSize,
  slice,
  unravelIndex,
} from '../layout/index.js';
import type { ResolvedOptions } from '../options.js';
import { probeSource, specifyUnchunked } from '../plan/index.js';
import type { ReadableSpec } from '../sources/index.js';
import { DataChunk, isNdArray, type NdArray } from '../streams/index.js';
import type { Difference } from '../workers/index.js';
import type { ComparedBytes, ExpectedDataset } from './expected-dataset.js';

/** Bytes of an array that are compared at once. */
const BLOCK_BYTES = 16 * 1024 * 1024;

/**
 * Compares a dataset that is not chunked with its source or array, on the calling thread, because libhdf5 reads it.
 *
 * @returns the first difference, if any
 * @throws BudgetError if the memory is too small for one row; JobError if the source can't be read; ChangedError if
 * the source changes meanwhile; the reason of `signal`
 */
export async function compareUnchunked(
  { path, dtype, shape, data }: ExpectedDataset,
  dataset: Dataset,
  { memory, signal }: Pick<ResolvedOptions, 'memory' | 'signal'>,
  progress: ComparedBytes,
): Promise<Difference | undefined> {
  const blocks = isNdArray(data) ? rowsOf(data) : await blocksOf(data, dataset, memory);
  for await (const { data: block, selection } of blocks) {
    signal?.throwIfAborted();
    const picked = resolveSelection(selection, shape, path);
    const held = new ITEM_ARRAYS[dtype](product(picked.count));
    readThroughLibrary(dataset, picked, held);
    const at = firstDifference(block.data, held);
    if (at >= 0) {
      const { start } = selectedSlab(picked);
      const index = unravelIndex(at, picked.count).map((i, axis) => i + start[axis]);
      return { index, source: block.data[at], file: held[at] };
    }
    progress.add(held.byteLength);
    progress.report();
  }
  return undefined;
}

/** Cuts a source into blocks, each small enough to be in memory together with the same block of the file. */
async function blocksOf(
  source: ReadableSpec,
  dataset: Dataset,
  memory: number,
): Promise<SourceBlocks> {
  const { path: name, layout } = specifyUnchunked(dataset);
  const { extent, chunk, itemSize } = layout;
  const probed = await probeSource(source);
  try {
    const { jobs } = planDataset({
      ...{ extent, chunk, itemSize, name, memory },
      storageOrder: probed.info.storageOrder,
      // The values of the source, those of the file, and libhdf5's copy of them.
      scratchBytes: (slab) => probed.scratchBytes(slab) + 3 * slabSize(slab) * itemSize,
      encodeBytes: 0,
      workers: 1,
    });
    return new SourceBlocks(name, { kind: 'direct', probed, blocks: jobs });
  } finally {
    await probed.close();
  }
}

/** Cuts an array into blocks of rows. */
function* rowsOf({ data, shape }: NdArray): Generator<DataChunk, void, undefined> {
  const [rows, ...row] = shape;
  const items = product(row);
  const most = Math.max(1, Math.floor(BLOCK_BYTES / (items * data.BYTES_PER_ELEMENT)));
  for (let first = 0; first < rows && items > 0; first += most) {
    const end = Math.min(first + most, rows);
    const part = data.subarray(first * items, end * items);
    yield new DataChunk({ data: part, shape: [end - first, ...row] }, slice(first, end));
  }
}

/** Number of the first item that differs, or -1. Compares bytes, so that NaN equals NaN. */
function firstDifference(source: ItemArray, held: ItemArray): number {
  const [one, other] = [source, held].map((items) =>
    Buffer.from(items.buffer as ArrayBuffer, items.byteOffset, items.byteLength),
  );
  if (one.equals(other)) return -1;
  const at = one.findIndex((byte, index) => byte !== other[index]);
  return Math.floor(at / source.BYTES_PER_ELEMENT);
}
