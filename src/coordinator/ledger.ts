import {
  type Dataset,
  type File,
  NOTHING_DEFLATED,
  type Placements,
  placementCount,
  totalStoredBytes,
  viewPlacements,
} from '../hdf5/index.js';
import {
  type ChunkIndex,
  cellAt,
  checkExtentLimits,
  checkIndexLimits,
  clippedCount,
  type Grid,
  type Hyperslab,
  slabSize,
} from '../layout/index.js';
import type { Progress } from '../progress.js';
import type { NumberedChunks } from './numbered-chunks.js';
import { byPlace, lastFirst, type Pending } from './pending-chunks.js';
import { placeNumbered } from './place-numbered.js';
import type { ChunkRecord, RecordedChunk } from './record.js';
import { Tallies, type Tally, type Written } from './tallies.js';

/** A dataset whose chunks are written outside of libhdf5. */
export interface LedgerDataset {
  /** Absolute path in the file. */
  readonly path: string;
  readonly dataset: Dataset;
  /** Shape of a chunk, in elements. */
  readonly chunk: readonly number[];
  /** Bytes of the values that are to be written; 0 if that is not known. */
  readonly rawBytes: number;
  /** Chunks that these values fill; 0 if that is not known. */
  readonly chunkCount: number;
  /** How HDF5 will index the chunks. If it is set, `resize` checks the limits of the index. */
  readonly index?: ChunkIndex | undefined;
}

/** A file whose chunks may be replaced. */
export interface ExistingFile {
  readonly file: File;
  /** Whether chunks may be read while others are written; if so, the file is not reclaimed before it is closed. */
  readonly isRead: boolean;
}

/**
 * Chunks that are collected before they are placed. Between two jobs, the workers' data push libhdf5's metadata
 * out of the processor's caches: if chunks are placed job by job, each takes ten times as long.
 */
const BATCH = 1024;

/** The most bytes that new chunks take at the end of the file before they are moved to the places of old ones. */
const STAGED_BYTES = 16 * 1024 * 1024;

/**
 * Takes in the placements of written chunks, puts them on record, counts them and places them. All chunks
 * become part of the file this way. They are in the file, and the datasets have their extents, after `settle`.
 */
export class Ledger {
  readonly #tallies = new Tallies();
  readonly #record: ChunkRecord | undefined;
  readonly #datasets: LedgerDataset[] = [];
  readonly #extents: (readonly number[])[] = [];
  /** Datasets whose extent in the file differs. Asking libhdf5 instead is slow in a dataset of many chunks. */
  readonly #resized = new Set<number>();
  readonly #existing: ExistingFile | undefined;
  #pending: Pending[] = [];
  #pendingChunks = 0;
  #pendingBytes = 0;

  /**
   * @param record where written chunks are recorded. Default: they are not recorded
   * @param existing the file, if it existed before: chunks then take the places of those that they replace
   */
  constructor(record?: ChunkRecord, existing?: ExistingFile) {
    this.#record = record;
    this.#existing = existing;
  }

  get progress(): Progress {
    return this.#tallies.progress;
  }

  /** One for each dataset, in the order of their numbers. */
  get tallies(): readonly Tally[] {
    return this.#tallies.datasets;
  }

  /** Adds a dataset, and returns its number in this ledger: datasets are counted from 0. */
  add(dataset: LedgerDataset): number {
    this.#datasets.push(dataset);
    this.#extents.push(dataset.dataset.shape);
    this.#tallies.add(dataset);
    return this.#datasets.length - 1;
  }

  /** The extent of a dataset after the next `settle`. */
  extent(dataset: number): readonly number[] {
    return this.#extents[dataset];
  }

  /**
   * Sets the extent of a dataset, within its maxshape. Call `settle` before shrinking.
   *
   * @throws LayoutError if the extent has more items or chunks than HDF5 can count; libhdf5 itself would fail
   * only when chunks are placed
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
   * Takes back a `resize`, unless the file already has the larger extent or a pending chunk lies beyond the
   * earlier one.
   *
   * @param extent the one before the `resize`
   * @returns whether the dataset has the earlier extent again
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
   * @param bytesRead bytes of the source's values; 0 for a job that was stopped before its last chunk
   * @throws WriteError if they can't be recorded; Hdf5Error if they can't be placed
   */
  commit(dataset: number, slab: Hyperslab, written: Written, bytesRead: number): void {
    if (placementCount(written.placements) === 0) return;
    this.#record?.slab(dataset, slab, written);
    this.#takeIn(dataset, slab, written.placements);
    this.#tallies.addWritten(dataset, written, bytesRead);
    this.#settleFullBatch();
  }

  /**
   * Takes in single chunks.
   *
   * @param written one placement and one checksum for each of `chunks`
   * @throws WriteError if they can't be recorded; Hdf5Error if they can't be placed
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
    this.#tallies.addWritten(dataset, written, 0);
    this.#settleFullBatch();
  }

  /** Enters the chunks of an earlier run into the chunk index, and counts them. The journal already records them. */
  restore(dataset: number, chunks: NumberedChunks): void {
    this.settle();
    const begin = performance.now();
    const { chunk: cell, dataset: opened } = this.#datasets[dataset];
    placeNumbered(opened, { extent: this.#extents[dataset], cell }, chunks);
    this.#tallies.addPlacing(dataset, performance.now() - begin);
    this.account(dataset, chunks);
  }

  /** Counts chunks that an earlier run wrote, without placing them. */
  account(dataset: number, chunks: NumberedChunks): void {
    const { chunk: cell, dataset: opened } = this.#datasets[dataset];
    const grid = { extent: this.#extents[dataset], cell };
    const values = chunks.numbers.reduce((sum, number) => sum + slabSize(cellAt(grid, number)), 0);
    const written = { ...chunks, stages: {}, deflated: NOTHING_DEFLATED };
    this.#tallies.addWritten(dataset, written, values * opened.itemSize);
  }

  /**
   * Records that all data received for a dataset so far are written. Resolves once the record is as durable as
   * the user asked for.
   */
  async acknowledge(dataset: number): Promise<void> {
    this.#record?.extent(dataset, this.#extents[dataset], 'acknowledged');
    await this.#record?.settled();
  }

  /** Records that no more data come for a dataset. */
  ended(dataset: number): void {
    this.#record?.extent(dataset, this.#extents[dataset], 'ended');
  }

  /** Corrects the count of skipped chunks: a chunk that was skipped has been encoded again, and was counted again. */
  unskip(dataset: number): void {
    this.#tallies.unskip(dataset);
  }

  /** Counts bytes of values that have arrived for a dataset that workers do not read. */
  received(dataset: number, bytes: number): void {
    this.#tallies.received(dataset, bytes);
  }

  /** Counts bytes of values that were written into a dataset that is not chunked. */
  stored(dataset: number, bytes: number): void {
    this.#tallies.stored(dataset, bytes);
  }

  /**
   * Sets extents and places all pending chunks, one dataset after the other. If a chunk can't be placed, it
   * stays pending together with the chunks after it, and the next call tries again.
   *
   * @throws Hdf5Error
   */
  settle(): void {
    for (const at of this.#resized) {
      this.#datasets[at].dataset.resize(this.#extents[at]);
      this.#resized.delete(at);
    }
    const pending =
      this.#existing && this.#vacate()
        ? lastFirst(this.#pending, this.#gridOf)
        : this.#pending.sort(byPlace);
    let placed = 0;
    try {
      for (; placed < pending.length; placed++) {
        const { dataset, start, count, placements } = pending[placed];
        const begin = performance.now();
        const inside = clippedCount(start, count, this.#extents[dataset]);
        const more = pending[placed + 1]?.dataset === dataset;
        this.#datasets[dataset].dataset.place(start, inside, placements, { more });
        this.#pendingChunks -= placementCount(placements);
        this.#pendingBytes -= totalStoredBytes(placements);
        this.#tallies.addPlacing(dataset, performance.now() - begin);
      }
    } finally {
      this.#pending = pending.slice(placed);
    }
  }

  /** Frees the space of all chunks that will be replaced. @returns whether there are any */
  #vacate(): boolean {
    const vacated = this.#pending.map(({ dataset, start, count, placements }) => {
      const inside = clippedCount(start, count, this.#extents[dataset]);
      return this.#datasets[dataset].dataset.vacate(start, inside, placements);
    });
    return vacated.includes(true);
  }

  readonly #gridOf = (dataset: number): Grid => ({
    extent: this.#extents[dataset],
    cell: this.#datasets[dataset].chunk,
  });

  #takeIn(dataset: number, { start, count }: Hyperslab, placements: Placements): void {
    this.#pending.push({ dataset, start, count, placements });
    this.#pendingChunks += placementCount(placements);
    this.#pendingBytes += totalStoredBytes(placements);
  }

  /** Called once all chunks of a commit are pending, so that a failure drops none of them. */
  #settleFullBatch(): void {
    const existing = this.#existing;
    const isFull = existing !== undefined && this.#pendingBytes >= STAGED_BYTES;
    if (this.#pendingChunks < BATCH && !isFull) return;
    this.settle();
    if (existing && !existing.isRead && existing.file.stagedBytes >= STAGED_BYTES)
      existing.file.reclaim();
  }
}
