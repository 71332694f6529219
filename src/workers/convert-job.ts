import { ChunkWriter } from '../hdf5/index.js';
import type { JobReader } from './reading.js';
import type { JobDone, Task, WorkerPlan } from './wire.js';

const NOTHING: JobDone = {
  placements: new Float64Array(0),
  readSeconds: 0,
  encodeSeconds: 0,
  writeSeconds: 0,
};

/** Reads a job from its source, encodes its chunks and writes them into the file. */
export class ConvertJobs {
  readonly #plan: WorkerPlan;
  readonly #reader: JobReader;
  readonly #stop: Int32Array;
  // One writer at a time, so that a file of many datasets takes no more memory than the plan allows.
  #writer: { readonly dataset: number; readonly chunks: ChunkWriter } | undefined;

  constructor(plan: WorkerPlan, reader: JobReader, stop: Int32Array) {
    this.#plan = plan;
    this.#reader = reader;
    this.#stop = stop;
  }

  async run(task: Task): Promise<JobDone> {
    // A job that was waiting need not read its source first.
    if (Atomics.load(this.#stop, 0) !== 0) return NOTHING;
    const { slab, pieces, seconds } = await this.#reader.read(task);
    const written = this.#writerOf(task.dataset).write(pieces, slab, this.#stop);
    return { ...written, readSeconds: seconds };
  }

  #writerOf(dataset: number): ChunkWriter {
    if (this.#writer?.dataset !== dataset) {
      this.#writer?.chunks.close();
      this.#writer = undefined;
      const chunks = new ChunkWriter(this.#plan.token, this.#plan.datasets[dataset].layout);
      this.#writer = { dataset, chunks };
    }
    return this.#writer.chunks;
  }
}
