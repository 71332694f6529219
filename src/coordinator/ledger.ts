import type { Dataset } from '../hdf5/index.js';
import { cellAt, cellCountWithin, type Hyperslab, slabSize } from '../layout/index.js';
import type { JobDone, Task } from '../workers/index.js';
import type { PreparedDataset } from './prepare.js';
import { advance, type DatasetTotals, type Progress, startProgress } from './progress.js';

/** Seconds of a stage; of workers' stages summed over the workers. */
export interface StageSeconds {
  read: number;
  encode: number;
  write: number;
  place: number;
}

/** What is known of a dataset's chunks so far. */
export interface Tally {
  readonly seconds: StageSeconds;
  /** Stored chunks that skipped a filter, since they would not have shrunk. */
  chunksUnfiltered: number;
}

/** Written chunks of which libhdf5 does not know yet. */
interface Pending {
  readonly dataset: number;
  readonly slab: Hyperslab;
  readonly placements: Float64Array;
}

/**
 * Chunks that are placed at one go. Between two jobs the workers' data drives libhdf5's out of the
 * processor's caches: placed one job at a time, a chunk takes ten times as long.
 */
const BATCH = 1024;

/**
 * Takes in the placements of finished jobs: the one way by which chunks become part of the file,
 * and so the place where a record of them can be kept. The file has them all once it is settled.
 */
export class Ledger {
  readonly progress: Progress;
  readonly tallies: readonly Tally[];
  readonly #prepared: readonly PreparedDataset[];
  readonly #datasets: readonly Dataset[];
  readonly #begin = performance.now();
  #pending: Pending[] = [];
  #pendingChunks = 0;

  constructor(prepared: readonly PreparedDataset[], datasets: readonly Dataset[]) {
    this.#prepared = prepared;
    this.#datasets = datasets;
    this.progress = startProgress(prepared satisfies readonly DatasetTotals[]);
    this.tallies = prepared.map(() => ({
      seconds: { read: 0, encode: 0, write: 0, place: 0 },
      chunksUnfiltered: 0,
    }));
  }

  /** Takes in a finished job. */
  commit(task: Task, done: JobDone): void {
    const { jobs, layout } = this.#prepared[task.dataset];
    const { placements } = done;
    const slab = cellAt(jobs, task.job);
    const chunks = placements.length / 3;
    this.#count(task.dataset, done);
    if (chunks > 0) this.#pending.push({ dataset: task.dataset, slab, placements });
    this.#pendingChunks += chunks;
    if (this.#pendingChunks >= BATCH) this.settle();

    const grid = { extent: layout.extent, cell: layout.chunk };
    const whole = chunks === cellCountWithin(grid, slab);
    let bytesStored = 0;
    for (let at = 1; at < placements.length; at += 3) bytesStored += placements[at];
    const bytesRead = whole ? slabSize(slab) * layout.itemSize : 0;
    this.progress.seconds = (performance.now() - this.#begin) / 1000;
    advance(this.progress, task.dataset, { bytesRead, bytesStored, chunks });
  }

  /** Places all chunks that are not placed yet, dataset after dataset. */
  settle(): void {
    const pending = this.#pending.sort((a, b) => a.dataset - b.dataset);
    this.#pending = [];
    this.#pendingChunks = 0;
    for (const { dataset, slab, placements } of pending) {
      const begin = performance.now();
      // Nothing reads the file before it is closed.
      this.#datasets[dataset].place(slab.start, slab.count, placements, { more: true });
      this.tallies[dataset].seconds.place += (performance.now() - begin) / 1000;
    }
  }

  #count(dataset: number, done: JobDone): void {
    const tally = this.tallies[dataset];
    tally.seconds.read += done.readSeconds;
    tally.seconds.encode += done.encodeSeconds;
    tally.seconds.write += done.writeSeconds;
    for (let at = 2; at < done.placements.length; at += 3)
      if (done.placements[at] !== 0) tally.chunksUnfiltered++;
  }
}
