import {
  cellAt,
  cellCount,
  type DType,
  type Grid,
  itemSize,
  makeGrid,
  planDataset,
  product,
  type Selection,
  slice,
} from '../layout/index.js';
import { optionNames, requireKnown } from '../option-error.js';
import { DataChunk, type NdArray } from '../streams/index.js';

export interface BlockOptions {
  /** Elements of a block along each axis. Default: whole chunks, about 32 MiB. */
  readonly shape?: readonly number[];
}

const BLOCK_OPTIONS = optionNames<BlockOptions>({ shape: 1 });

/** A dataset that is read in blocks. */
export interface Blocked {
  readonly path: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Shape of a chunk; null if the dataset is not chunked. */
  readonly chunks: readonly number[] | null;
}

/**
 * Divides a dataset into blocks.
 *
 * @param memory bytes that two blocks may take together, if `options` give no shape
 * @throws OptionError if an option is unknown; LayoutError if the shape is not that of a block; BudgetError if the memory
 * does not hold two blocks
 */
export function blockGrid(dataset: Blocked, options: BlockOptions, memory: number): Grid {
  const { path: name, dtype, shape: extent, chunks } = dataset;
  requireKnown(options, BLOCK_OPTIONS);
  if (options.shape) return makeGrid(extent, options.shape, `the blocks of ${name}`);
  const [, ...row] = extent;
  // A scalar has no axes to divide.
  if (extent.length === 0) return makeGrid([], [], name);
  const bytesOf = ({ count }: { readonly count: readonly number[] }) =>
    product(count) * itemSize(dtype);
  const { jobs } = planDataset({
    extent,
    chunk: chunks ?? [1, ...row.map((length) => Math.max(1, length))],
    itemSize: itemSize(dtype),
    storageOrder: extent.map((_, axis) => axis),
    scratchBytes: bytesOf,
    encodeBytes: 0,
    // One block is in use while the next one is read.
    workers: 2,
    memory,
    name,
  });
  return jobs;
}

/** Reads block after block. The next block is read while the caller uses the current one. */
export async function* readBlocks(
  grid: Grid,
  read: (selection: Selection) => Promise<NdArray>,
): AsyncGenerator<DataChunk, void, undefined> {
  const block = async (number: number) => {
    const { start, count } = cellAt(grid, number);
    const selection = start.map((first, axis) => slice(first, first + count[axis]));
    return new DataChunk(await read(selection), selection);
  };
  const blocks = cellCount(grid);
  let ahead = blocks > 0 ? block(0) : undefined;
  for (let next = 1; ahead; next++) {
    const present: Promise<DataChunk> = ahead;
    ahead = next < blocks ? block(next) : undefined;
    // An error is thrown when the block is due; until then it must not count as unhandled.
    ahead?.catch(() => {});
    yield await present;
  }
}
