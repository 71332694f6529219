import type { Stage } from '../hdf5/index.js';
import { cellAt } from '../layout/grid.js';
import { type Hyperslab, slabSize } from '../layout/hyperslab.js';
import { SourceError } from '../sources/errors.js';
import { openSource } from '../sources/open.js';
import { bytesRead } from '../sources/reading/positional-read.js';
import type { Piece, SourceReader } from '../sources/types.js';
import { datasetOf, type JobRef, type WorkerDataset, type WorkerPlan } from './wire.js';

/** A job's hyperslab, read. */
export interface JobBlock {
  readonly slab: Hyperslab;
  readonly pieces: readonly Piece[];
  readonly read: Stage;
}

/** Reads jobs from their sources: each source is opened once, and all share one scratch buffer. */
export class JobReader {
  readonly #plan: WorkerPlan;
  readonly #readers = new Map<number, Promise<SourceReader>>();
  #scratch = new Uint8Array(0);

  constructor(plan: WorkerPlan) {
    this.#plan = plan;
  }

  /** The pieces are valid until the next call. */
  async read(ref: JobRef): Promise<JobBlock> {
    const begin = performance.now();
    const before = bytesRead();
    const { jobs, layout } = datasetOf(this.#plan, ref);
    const slab = ref.slab ?? cellAt(jobs, ref.job);
    const reader = await this.#open(ref);
    const pieces = await reader.read(slab, this.#scratchOf(reader.scratchBytes(slab)));
    const read = {
      seconds: (performance.now() - begin) / 1000,
      bytesIn: bytesRead() - before,
      bytesOut: slabSize(slab) * layout.itemSize,
    };
    return { slab, pieces, read };
  }

  #open(ref: JobRef): Promise<SourceReader> {
    let reader = this.#readers.get(ref.dataset);
    if (!reader) {
      reader = openPlanned(datasetOf(this.#plan, ref));
      this.#readers.set(ref.dataset, reader);
    }
    return reader;
  }

  #scratchOf(bytes: number): Uint8Array {
    if (this.#scratch.length < bytes) {
      // The old buffer goes first, so that the two are never held together.
      this.#scratch = new Uint8Array(0);
      this.#scratch = new Uint8Array(bytes);
    }
    return this.#scratch;
  }
}

/** A file that has grown since it was planned would be read with other strides than meant. */
export async function openPlanned({
  source,
  dtype,
  jobs,
}: Pick<WorkerDataset, 'source' | 'dtype' | 'jobs'>): Promise<SourceReader> {
  const reader = await openSource(source);
  const { info } = reader;
  if (info.dtype === dtype && String(info.shape) === String(jobs.extent)) return reader;
  await reader.close();
  throw new SourceError({
    path: info.files[0].path,
    expected: `${[...jobs.extent, dtype].join(' x ')}, as planned,`,
    received: `${[...info.shape, info.dtype].join(' x ')}: the source has changed`,
  });
}
