import {
  type Dataset,
  type DeflatedBytes,
  filterMaskOf,
  isStored,
  NOTHING_DEFLATED,
  type Placements,
  placementCount,
  sumDeflated,
  sumStages,
  totalStoredBytes,
  viewPlacements,
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
import type { NumberedChunks } from './numbered-chunks.js';
import { placeNumbered } from './place-numbered.js';
import type { ChunkRecord, RecordedChunk, RecordedWrite } from './record.js';

/** Where the time went: the workers' stages, summed over the workers, and the coordinator's. */
export type DatasetStages = JobStages & {
  /** Seconds in which chunks were placed. */
  readonly place: number;
};

/** What is known of a dataset's chunks so far. */
export interface Tally {
  stages: DatasetStages;
  deflated: DeflatedBytes;
  /** Stored chunks that skipped a filter, because it would not have made them smaller. */
  chunksUnfiltered: number;
  /** Chunks that were not stored, because they held nothing but the fill value. */
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
  readonly placements: Placements;
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
  readonly #record: ChunkRecord | undefined;
  readonly #datasets: LedgerDataset[] = [];
  readonly #extents: (readonly number[])[] = [];
  /** Datasets whose extent in the file is another one. Asking libhdf5 takes long where chunks are many. */
  readonly #resized = new Set<number>();
  readonly #counter = new ProgressCounter();
  #pending: Pending[] = [];
  #pendingChunks = 0;

  /** @param record where written chunks are recorded. Default: nowhere */
  constructor(record?: ChunkRecord) {
    this.#record = record;
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
    if (placementCount(written.placements) === 0) return;
    this.#record?.slab(dataset, slab, written);
    this.#takeIn(dataset, slab, written.placements);
    this.#count(dataset, written, bytesRead);
  }

  /**
   * Takes in single chunks.
   *
   * @param written with one placement for each of `chunks`
   */
  commitChunks(dataset: number, chunks: readonly RecordedChunk[], written: Written): void {
    const { chunk } = this.#datasets[dataset];
    this.#record?.extent(dataset, this.#extents[dataset]);
    this.#record?.chunks(dataset, chunks, written);
    for (const [at, { start }] of chunks.entries())
      this.#takeIn(
        dataset,
        { start, count: chunk },
        viewPlacements(written.placements, at, at + 1),
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
    this.#record?.extent(dataset, this.#extents[dataset], 'acknowledged');
    await this.#record?.settled();
  }

  /** Puts on record that nothing more comes for a dataset. */
  ended(dataset: number): void {
    this.#record?.extent(dataset, this.#extents[dataset], 'ended');
  }

  /** Takes back that a chunk was skipped: it has been encoded again, and counts anew. */
  unskip(dataset: number): void {
    this.tallies[dataset].chunksSkipped--;
  }

  /** Counts values that have arrived for a dataset that workers do not read. */
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

  #takeIn(dataset: number, { start, count }: Hyperslab, placements: Placements): void {
    this.#pending.push({ dataset, start, count, placements });
    this.#pendingChunks += placementCount(placements);
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
    const chunks = placementCount(placements);
    for (let at = 0; at < chunks; at++) {
      if (!isStored(placements, at)) tally.chunksSkipped++;
      if (filterMaskOf(placements, at) !== 0) tally.chunksUnfiltered++;
    }
    const bytesStored = totalStoredBytes(placements);
    this.#counter.advance(dataset, { bytesRead, bytesStored, chunks });
  }
}

/** In the order of the chunk index, in which libhdf5 finds its way fastest and packs its nodes best. */
function byPlace(a: Pending, b: Pending): number {
  if (a.dataset !== b.dataset) return a.dataset - b.dataset;
  const axis = a.start.findIndex((first, at) => first !== b.start[at]);
  return axis < 0 ? 0 : a.start[axis] - b.start[axis];
}
