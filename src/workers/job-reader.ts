import type { Stage } from '../hdf5/index.js';
import { cellAt } from '../layout/grid.js';
import { type Hyperslab, slabSize } from '../layout/hyperslab.js';
import { SourceError } from '../sources/errors.js';
import { openSource } from '../sources/open.js';
import { bytesRead } from '../sources/reading/positional-read.js';
import type { Piece, SourceReader } from '../sources/types.js';
import { datasetOf, type JobRef, type WorkerDataset, type WorkerPlan } from './wire.js';

/** The data of a job, as read from its source. */
export interface JobBlock {
  readonly slab: Hyperslab;
  readonly pieces: readonly Piece[];
  readonly read: Stage;
}

/** Reads jobs from their sources. Each source is opened once, and all sources share one scratch buffer. */
export class JobReader {
  readonly #plan: WorkerPlan;
  readonly #readers = new Map<number, Promise<SourceReader>>();
  #scratch = new Uint8Array(0);

  constructor(plan: WorkerPlan) {
    this.#plan = plan;
  }

  /**
   * Reads a job, or the part of it that `ref.slab` names. The pieces are valid until the next call.
   * @throws SourceError if the source can't be read or has changed since it was planned
   */
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
      // Drops the old buffer first, so that both are never in memory at the same time.
      this.#scratch = new Uint8Array(0);
      this.#scratch = new Uint8Array(bytes);
    }
    return this.#scratch;
  }
}

/**
 * Opens the source of a planned dataset.
 *
 * @throws SourceError if its dtype or shape is no longer as planned, e.g. because a file has grown: it would then
 * be read with other strides
 */
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
    hasChanged: true,
  });
}

/** Pieces of a source for the chunks of a dataset: if the file is big endian, the other items are swapped. */
export function inFileOrder(pieces: readonly Piece[], bigEndian: boolean): readonly Piece[] {
  return bigEndian ? pieces.map((piece) => ({ ...piece, swap: !piece.swap })) : pieces;
}
