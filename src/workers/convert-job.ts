import { NOTHING_DEFLATED } from '../hdf5/deflated.js';
import { unstoredPlacements } from '../hdf5/placements.js';
import { summarizePieces } from '../sources/timestamps.js';
import { inFileOrder, type JobReader } from './job-reader.js';
import { datasetOf, type JobDone, type JobRef, NO_JOB_STAGES, type WorkerPlan } from './wire.js';
import type { WriterCache } from './writer-cache.js';

const NOTHING: JobDone = {
  placements: unstoredPlacements(0),
  checksums: new BigUint64Array(0),
  stages: NO_JOB_STAGES,
  deflated: NOTHING_DEFLATED,
};

/** Reads a job from its source, encodes its chunks and writes them into the file. */
export class ConvertJobs {
  readonly #plan: WorkerPlan;
  readonly #reader: JobReader;
  readonly #writers: WriterCache;
  readonly #stop: Int32Array;

  constructor(plan: WorkerPlan, reader: JobReader, writers: WriterCache, stop: Int32Array) {
    this.#plan = plan;
    this.#reader = reader;
    this.#writers = writers;
    this.#stop = stop;
  }

  async run(task: JobRef): Promise<JobDone> {
    // A job that was queued when the conversion was stopped does not read its source.
    if (Atomics.load(this.#stop, 0) !== 0) return NOTHING;
    const { slab, pieces, read } = await this.#reader.read(task);
    const { name, dtype, layout, bigEndian, isTimestamps } = datasetOf(this.#plan, task);
    const items = inFileOrder(pieces, bigEndian);
    // Only for single-piece jobs: reading other files may have closed this descriptor.
    const origin = items.length === 1 ? items[0].origin : undefined;
    const written = this.#writers.of(name, layout).write(items, slab, this.#stop, origin);
    return {
      ...written,
      stages: { read, ...written.stages },
      ...(isTimestamps && { timestamps: summarizePieces(pieces, dtype) }),
    };
  }
}
