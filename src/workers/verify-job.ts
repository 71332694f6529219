import type { EncodedChunk } from '../hdf5/chunk-types.js';
import { ChunkCodec } from '../hdf5/codec.js';
import { isStored, type Placements, placementAt } from '../hdf5/placements.js';
import { cellsWithin } from '../layout/grid.js';
import type { Hyperslab } from '../layout/hyperslab.js';
import type { Piece } from '../sources/index.js';
import { compareChunk } from './compare.js';
import type { FileReader } from './file-reader.js';
import type { JobReader } from './job-reader.js';
import {
  type Difference,
  datasetOf,
  type VerifyDone,
  type VerifyTask,
  type WorkerPlan,
} from './wire.js';

/** Reads a job from its source and from the file, and compares all values. */
export class VerifyJobs {
  readonly #plan: WorkerPlan;
  readonly #reader: JobReader;
  readonly #stop: Int32Array;
  readonly #file: FileReader;
  // One codec at a time limits the memory, as in a conversion.
  #codec: { readonly dataset: number; readonly chunks: ChunkCodec } | undefined;

  constructor(plan: WorkerPlan, reader: JobReader, file: FileReader, stop: Int32Array) {
    this.#plan = plan;
    this.#reader = reader;
    this.#file = file;
    this.#stop = stop;
  }

  async run(task: VerifyTask): Promise<VerifyDone> {
    if (Atomics.load(this.#stop, 0) !== 0) return { difference: null };
    const { slab, pieces } = await this.#reader.read(task);
    return { difference: this.#compare(task, slab, pieces) };
  }

  #compare(task: VerifyTask, slab: Hyperslab, pieces: readonly Piece[]): Difference | null {
    const { dtype, layout, bigEndian } = datasetOf(this.#plan, task);
    const comparison = { codec: this.#codecOf(task), layout, dtype, bigEndian };
    let next = 0;
    for (const chunk of cellsWithin({ extent: layout.extent, cell: layout.chunk }, slab)) {
      if (Atomics.load(this.#stop, 0) !== 0) return null;
      const stored = isStored(task.placements, next) ? this.#storedAt(task.placements, next) : null;
      next++;
      const difference = compareChunk(comparison, pieces, chunk.start, stored);
      if (difference) return difference;
    }
    return null;
  }

  #storedAt(placements: Placements, at: number): EncodedChunk {
    const { address, storedBytes, filterMask } = placementAt(placements, at);
    return { bytes: this.#file.read(address, storedBytes), filterMask };
  }

  #codecOf(task: VerifyTask): ChunkCodec {
    const { dataset } = task;
    if (this.#codec?.dataset !== dataset) {
      this.#codec?.chunks.release();
      const chunks = new ChunkCodec(datasetOf(this.#plan, task).layout);
      this.#codec = { dataset, chunks };
    }
    return this.#codec.chunks;
  }
}
