import { ChangedError, JobError } from '../errors.js';
import { copyItems, type Lattice } from '../hdf5/index.js';
import {
  cells,
  type DType,
  denseSteps,
  type Grid,
  type Hyperslab,
  ITEM_ARRAYS,
  itemSize,
  type Maxshape,
  product,
  slabSize,
  slice,
} from '../layout/index.js';
import type { DirectData, ProbedSource } from '../plan/index.js';
import { changedFiles, type Piece, type SourceReader } from '../sources/index.js';
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
        await this.#read(reader, slab, scratch, items.buffer as ArrayBuffer);
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
    memory: ArrayBuffer,
  ): Promise<void> {
    const size = itemSize(this.dtype);
    const steps = denseSteps(slab.count, size);
    try {
      for (const piece of await reader.read(slab, scratch)) {
        const offset = piece.start.reduce(
          (sum, first, axis) => sum + (first - slab.start[axis]) * steps[axis],
          0,
        );
        const to = { bytes: new Uint8Array(memory), offset, steps };
        copyItems(latticeOfPiece(piece), to, piece.count, size, { swap: piece.swap });
      }
    } catch (error) {
      const cause = error instanceof Error ? error : new Error(String(error));
      throw new JobError(
        { dataset: this.#name, hyperslab: slab, sources: pathsOf(this.#probed.source) },
        { cause },
      );
    }
  }
}

/** Tables of a piece hold byte offsets, which may be negative; tables of a lattice hold indices. */
function latticeOfPiece({ bytes, offset, steps }: Piece): Lattice {
  const tables = steps.map((step) => (typeof step === 'number' ? null : step));
  const lowest = tables.map((table) => table?.reduce((low, at) => Math.min(low, at), 0) ?? 0);
  return {
    bytes,
    offset: offset + lowest.reduce((sum, low) => sum + low, 0),
    steps: steps.map((step) => (typeof step === 'number' ? step : 1)),
    tables: tables.map((table, axis) => table?.map((at) => at - lowest[axis]) ?? null),
  };
}
