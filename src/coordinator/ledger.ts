import type { Dataset } from '../hdf5/index.js';
import { cellAt } from '../layout/index.js';
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

/**
 * Takes in the placements of finished jobs: the one way by which chunks become part of the file,
 * and so the place where a record of them can be kept.
 */
export class Ledger {
  readonly progress: Progress;
  readonly tallies: readonly Tally[];
  readonly #prepared: readonly PreparedDataset[];
  readonly #datasets: readonly Dataset[];
  readonly #begin = performance.now();

  constructor(prepared: readonly PreparedDataset[], datasets: readonly Dataset[]) {
    this.#prepared = prepared;
    this.#datasets = datasets;
    this.progress = startProgress(prepared satisfies readonly DatasetTotals[]);
    this.tallies = prepared.map(() => ({
      seconds: { read: 0, encode: 0, write: 0, place: 0 },
      chunksUnfiltered: 0,
    }));
  }

  /** Places the chunks of a finished job. */
  commit(task: Task, done: JobDone): void {
    const { jobs, layout } = this.#prepared[task.dataset];
    const slab = cellAt(jobs, task.job);
    const begin = performance.now();
    this.#datasets[task.dataset].place(slab.start, slab.count, done.placements);
    const end = performance.now();
    this.#count(task.dataset, done, (end - begin) / 1000);

    const chunks = done.placements.length / 3;
    const whole = chunks === countChunks(slab.count, layout.chunk);
    let bytesStored = 0;
    for (let at = 1; at < done.placements.length; at += 3) bytesStored += done.placements[at];
    const bytesRead = whole ? slab.count.reduce((size, n) => size * n, layout.itemSize) : 0;
    this.progress.seconds = (end - this.#begin) / 1000;
    advance(this.progress, task.dataset, { bytesRead, bytesStored, chunks });
  }

  #count(dataset: number, done: JobDone, placeSeconds: number): void {
    const tally = this.tallies[dataset];
    tally.seconds.read += done.readSeconds;
    tally.seconds.encode += done.encodeSeconds;
    tally.seconds.write += done.writeSeconds;
    tally.seconds.place += placeSeconds;
    for (let at = 2; at < done.placements.length; at += 3)
      if (done.placements[at] !== 0) tally.chunksUnfiltered++;
  }
}

function countChunks(count: readonly number[], chunk: readonly number[]): number {
  return count.reduce((chunks, length, axis) => chunks * Math.ceil(length / chunk[axis]), 1);
}
