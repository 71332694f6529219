import { ChangedError, JobError } from '../errors.js';
import {
  cells,
  type DType,
  type Grid,
  type Hyperslab,
  ITEM_ARRAYS,
  type ItemArray,
  type Maxshape,
  product,
  slabSize,
  slice,
} from '../layout/index.js';
import { type DirectData, type ProbedSource, readDense } from '../plan/index.js';
import { changedFiles, type SourceReader } from '../sources/index.js';
import { type AbstractDataChunkIterator, DataChunk } from '../streams/index.js';
import { openPlanned } from '../workers/index.js';
import { pathsOf } from './tasks.js';

/**
 * Reads a source as DataChunks on the calling thread. Each DataChunk reuses the memory of the one before.
 *
 * Iterating throws JobError if the source can't be read, and ChangedError if a file of it has changed since it
 * was planned.
 */
export class SourceBlocks implements AbstractDataChunkIterator {
  readonly dtype: DType;
  readonly maxshape: Maxshape;
  readonly #name: string;
  readonly #probed: ProbedSource;
  readonly #blocks: Grid;

  /** @param name path of the dataset, for messages */
  constructor(name: string, { probed, blocks }: DirectData) {
    this.#name = name;
    this.#probed = probed;
    this.#blocks = blocks;
    this.dtype = probed.info.dtype;
    this.maxshape = probed.info.shape;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<DataChunk, void, undefined> {
    const { source, info, scratchBytes } = this.#probed;
    const { extent, cell } = this.#blocks;
    const count = cell.map((length, axis) => Math.min(length, extent[axis]));
    const items = new ITEM_ARRAYS[this.dtype](product(count));
    const scratch = new Uint8Array(scratchBytes({ start: count.map(() => 0), count }));
    const reader = await openPlanned({ source, dtype: this.dtype, jobs: this.#blocks });
    try {
      for (const slab of cells(this.#blocks)) {
        await this.#read(reader, slab, scratch, items);
        const data = items.subarray(0, slabSize(slab));
        const selection = slab.start.map((first, axis) => slice(first, first + slab.count[axis]));
        yield new DataChunk({ data, shape: slab.count }, selection);
      }
    } finally {
      await reader.close();
    }
    const [changed] = changedFiles(info.files);
    if (changed) throw new ChangedError(changed);
  }

  async #read(
    reader: SourceReader,
    slab: Hyperslab,
    scratch: Uint8Array,
    items: ItemArray,
  ): Promise<void> {
    try {
      await readDense(reader, slab, scratch, items);
    } catch (error) {
      const cause = error instanceof Error ? error : new Error(String(error));
      throw new JobError(
        { dataset: this.#name, hyperslab: slab, sources: pathsOf(this.#probed.source) },
        { cause },
      );
    }
  }
}
