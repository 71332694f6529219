import type {
  CommittedChunk,
  NumberedChunks,
  RecordedWrite,
  Recorder,
} from '../convert/journal/index.js';
import {
  type Dataset,
  type DeflatedBytes,
  NOTHING_DEFLATED,
  sumDeflated,
  sumStages,
} from '../hdf5/index.js';
import {
  type ChunkIndex,
  cellAt,
  checkExtentLimits,
  checkIndexLimits,
  clippedCount,
  type Hyperslab,
  slabSize,
} from '../layout/index.js';
import { type Progress, ProgressCounter } from '../progress.js';
import { type JobStages, NO_JOB_STAGES } from '../workers/index.js';
import { placeNumbered } from './place-numbered.js';

/** Where the time went: the workers' stages, summed over the workers, and the coordinator's. */
export type DatasetStages = JobStages & {
  /** Seconds in which chunks were placed. */
  readonly place: number;
};

/** What is known of a dataset's chunks so far. */
export interface Tally {
  stages: DatasetStages;
  deflated: DeflatedBytes;
  /** Stored chunks that skipped a filter, since they would not have shrunk. */
  chunksUnfiltered: number;
  /** Chunks that were not stored, since they held nothing but the fill value. */
  chunksSkipped: number;
}

/** A dataset whose chunks are written outside of libhdf5. */
export interface LedgerDataset {
  /** Absolute path in the file. */
  readonly path: string;
  readonly dataset: Dataset;
  /** Shape of a chunk, in elements. */
  readonly chunk: readonly number[];
  /** Bytes of the values to come, and the chunks that they fill; 0 where that is not known. */
  readonly rawBytes: number;
  readonly chunkCount: number;
  /** How HDF5 finds the chunks, where that is known. */
  readonly index?: ChunkIndex | undefined;
}

/** What a worker wrote. */
export interface Written extends RecordedWrite {
  readonly stages: Partial<JobStages>;
  readonly deflated: DeflatedBytes;
}

/** Written chunks of which libhdf5 does not know yet. */
interface Pending extends Hyperslab {
  readonly dataset: number;
  readonly placements: Float64Array;
}

/**
 * Chunks that are placed at one go. Between two jobs the workers' data drives libhdf5's out of the
 * processor's caches: placed one job at a time, a chunk takes ten times as long.
 */
const BATCH = 1024;

/**
 * Takes in the placements of written chunks: the one way by which chunks become part of the file,
 * and so the place where a record of them is kept, if one is. The file has them all, at their extents,
 * once it is settled.
 */
export class Ledger {
  readonly tallies: Tally[] = [];
  readonly #recorder: Recorder | undefined;
  readonly #datasets: LedgerDataset[] = [];
  readonly #extents: (readonly number[])[] = [];
  /** Datasets whose extent in the file is another one. Asking libhdf5 takes long where chunks are many. */
  readonly #resized = new Set<number>();
  readonly #counter = new ProgressCounter();
  #pending: Pending[] = [];
  #pendingChunks = 0;

  constructor(recorder?: Recorder) {
    this.#recorder = recorder;
  }

  get progress(): Progress {
    return this.#counter.progress;
  }

  /** Takes up a dataset; returns the number by which it is known from here on. */
  add(dataset: LedgerDataset): number {
    this.#datasets.push(dataset);
    this.#extents.push(dataset.dataset.shape);
    this.#counter.add(dataset);
    this.tallies.push({
      stages: { ...NO_JOB_STAGES, place: 0 },
      deflated: NOTHING_DEFLATED,
      chunksUnfiltered: 0,
      chunksSkipped: 0,
    });
    return this.#datasets.length - 1;
  }

  /** The extent that a dataset has, or will have once it is settled. */
  extent(dataset: number): readonly number[] {
    return this.#extents[dataset];
  }

  /**
   * Gives a dataset another extent, within its maxshape. To shrink, settle first.
   *
   * @throws LayoutError for more items or chunks than HDF5 can count; libhdf5 would fail late
   */
  resize(dataset: number, extent: readonly number[]): void {
    if (String(extent) === String(this.#extents[dataset])) return;
    const { path: name, chunk, index, dataset: opened } = this.#datasets[dataset];
    checkExtentLimits(extent, name);
    if (index) checkIndexLimits(index, { shape: extent, chunk, maxshape: opened.maxshape, name });
    this.#extents[dataset] = extent;
    this.#resized.add(dataset);
  }

  /**
   * Gives a dataset an extent back that it had before, unless the file, or a chunk that was taken in, has
   * got beyond it.
   *
   * @returns whether it did
   */
  takeBack(dataset: number, extent: readonly number[]): boolean {
    const isPending = this.#pending.some(
      (pending) =>
        pending.dataset === dataset &&
        clippedCount(pending.start, pending.count, extent).some(
          (inside, axis) => inside < pending.count[axis],
        ),
    );
    if (isPending || !this.#resized.has(dataset)) return false;
    this.#extents[dataset] = extent;
    return true;
  }

  /**
   * Takes in the first chunks of a slab of whole chunks, in C order.
   *
   * @param bytesRead of the source, of jobs that are wholly done
   */
  commit(dataset: number, slab: Hyperslab, written: Written, bytesRead: number): void {
    if (written.placements.length === 0) return;
    this.#recorder?.slab(dataset, slab, written);
    this.#takeIn(dataset, slab, written.placements);
    this.#count(dataset, written, bytesRead);
  }

  /** Takes in single chunks. */
  commitChunks(dataset: number, chunks: readonly CommittedChunk[], written: Written): void {
    const { chunk } = this.#datasets[dataset];
    this.#recorder?.extent(dataset, this.#extents[dataset]);
    this.#recorder?.chunks(dataset, chunks, written);
    for (const [at, { start }] of chunks.entries())
      this.#takeIn(
        dataset,
        { start, count: chunk },
        written.placements.subarray(3 * at, 3 * at + 3),
      );
    this.#count(dataset, written, 0);
  }

  /** Takes in chunks that were written by an earlier run, and places them. */
  restore(dataset: number, chunks: NumberedChunks): void {
    this.settle();
    const begin = performance.now();
    const { chunk: cell, dataset: opened } = this.#datasets[dataset];
    placeNumbered(opened, { extent: this.#extents[dataset], cell }, chunks);
    this.#countPlacing(dataset, begin);
    this.account(dataset, chunks);
  }

  /** Counts chunks that were written, and placed, by an earlier run. */
  account(dataset: number, chunks: NumberedChunks): void {
    const { chunk: cell, dataset: opened } = this.#datasets[dataset];
    const grid = { extent: this.#extents[dataset], cell };
    const values = chunks.numbers.reduce((sum, number) => sum + slabSize(cellAt(grid, number)), 0);
    const written = { ...chunks, stages: {}, deflated: NOTHING_DEFLATED };
    this.#count(dataset, written, values * opened.itemSize);
  }

  /** Puts on record that all is written that has come for a dataset; resolves when that is durable. */
  async acknowledge(dataset: number): Promise<void> {
    this.#recorder?.extent(dataset, this.#extents[dataset], 'acknowledged');
    await this.#recorder?.settled();
  }

  /** Puts on record that nothing more comes for a dataset. */
  ended(dataset: number): void {
    this.#recorder?.extent(dataset, this.#extents[dataset], 'ended');
  }

  /** Values that have come, of a dataset that workers do not read. */
  received(dataset: number, bytes: number): void {
    this.#counter.receive(dataset, bytes);
  }

  /** Bytes of values that are in the file, of a dataset that is not chunked. */
  stored(dataset: number, bytes: number): void {
    this.#counter.advance(dataset, { bytesRead: 0, bytesStored: bytes, chunks: 0 });
  }

  /** Sets extents and places all chunks that are not placed yet, dataset after dataset. */
  settle(): void {
    for (const at of this.#resized) {
      this.#datasets[at].dataset.resize(this.#extents[at]);
      this.#resized.delete(at);
    }
    const pending = this.#pending.sort(byPlace);
    this.#pending = [];
    this.#pendingChunks = 0;
    for (const [at, { dataset, start, count, placements }] of pending.entries()) {
      const begin = performance.now();
      const extent = this.#extents[dataset];
      const inside = clippedCount(start, count, extent);
      const more = pending[at + 1]?.dataset === dataset;
      this.#datasets[dataset].dataset.place(start, inside, placements, { more });
      this.#countPlacing(dataset, begin);
    }
  }

  #takeIn(dataset: number, { start, count }: Hyperslab, placements: Float64Array): void {
    this.#pending.push({ dataset, start, count, placements });
    this.#pendingChunks += placements.length / 3;
    if (this.#pendingChunks >= BATCH) this.settle();
  }

  /** @param begin when it began, milliseconds */
  #countPlacing(dataset: number, begin: number): void {
    const tally = this.tallies[dataset];
    const place = tally.stages.place + (performance.now() - begin) / 1000;
    tally.stages = { ...tally.stages, place };
  }

  #count(dataset: number, written: Written, bytesRead: number): void {
    const { placements, stages, deflated } = written;
    const tally = this.tallies[dataset];
    const { place, ...workers } = tally.stages;
    tally.stages = { ...sumStages(workers, stages), place };
    tally.deflated = sumDeflated(tally.deflated, deflated);
    let bytesStored = 0;
    for (let at = 0; at < placements.length; at += 3) {
      if (placements[at] < 0) tally.chunksSkipped++;
      if (placements[at + 2] !== 0) tally.chunksUnfiltered++;
      bytesStored += placements[at + 1];
    }
    this.#counter.advance(dataset, { bytesRead, bytesStored, chunks: placements.length / 3 });
  }
}

/** In the order of the chunk index, in which libhdf5 finds its way fastest and packs its nodes best. */
function byPlace(a: Pending, b: Pending): number {
  if (a.dataset !== b.dataset) return a.dataset - b.dataset;
  const axis = a.start.findIndex((first, at) => first !== b.start[at]);
  return axis < 0 ? 0 : a.start[axis] - b.start[axis];
}
