import { ChunkCodec } from '../hdf5/codec.js';
import { cellsWithin } from '../layout/grid.js';
import type { Hyperslab } from '../layout/hyperslab.js';
import type { Piece } from '../sources/index.js';
import { compareChunk } from './compare.js';
import type { StoredBytes } from './file-reader.js';
import type { JobReader } from './job-reader.js';
import type { Difference, VerifyDone, VerifyTask, WorkerPlan } from './wire.js';

/** Reads a job from its source and from the file, and compares them value for value. */
export class VerifyJobs {
  readonly #plan: WorkerPlan;
  readonly #reader: JobReader;
  readonly #stop: Int32Array;
  readonly #file: StoredBytes;
  // One codec at a time, as in a conversion.
  #codec: { readonly dataset: number; readonly chunks: ChunkCodec } | undefined;

  constructor(plan: WorkerPlan, reader: JobReader, file: StoredBytes, stop: Int32Array) {
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
    const { dtype, layout } = this.#plan.datasets[task.dataset];
    const codec = this.#codecOf(task.dataset);
    let next = 0;
    for (const chunk of cellsWithin({ extent: layout.extent, cell: layout.chunk }, slab)) {
      if (Atomics.load(this.#stop, 0) !== 0) return null;
      const [address, size, filterMask] = task.placements.subarray(3 * next, 3 * ++next);
      const stored = address < 0 ? null : { bytes: this.#file.read(address, size), filterMask };
      const difference = compareChunk({ codec, layout, dtype }, pieces, chunk.start, stored);
      if (difference) return difference;
    }
    return null;
  }

  #codecOf(dataset: number): ChunkCodec {
    if (this.#codec?.dataset !== dataset) {
      this.#codec?.chunks.release();
      const chunks = new ChunkCodec(this.#plan.datasets[dataset].layout);
      this.#codec = { dataset, chunks };
    }
    return this.#codec.chunks;
  }
}
