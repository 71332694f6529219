import type { Dataset, File } from '../hdf5/index.js';
import { cellAt, cellCountWithin, interleave, slabSize } from '../layout/index.js';
import type { JobDone, Task, WorkerPlan } from '../workers/index.js';
import { feed, Gatherer, Target } from './gathering/index.js';
import { runJobs } from './jobs.js';
import { Ledger, type LedgerDataset } from './ledger.js';
import type { FilledOptions } from './options.js';
import { type WorkerPool, withPool } from './pool.js';
import { targetOptions } from './target-options.js';
import {
  type GatheredDataset,
  isGathered,
  isSourced,
  type PlannedWork,
  type PreparedDataset,
} from './work.js';

/** Milliseconds between two reports of what iterators bring. */
const REPORT_MS = 100;

export type RunOptions = Pick<FilledOptions, 'signal' | 'onProgress' | 'keepPartial'>;

/** A file whose datasets are complete, before it is closed. */
export interface WrittenFile {
  readonly ledger: Ledger;
  /** What was gathered, by the dataset's number. */
  readonly targets: ReadonlyMap<number, Target>;
  /** Seconds that the workers ran. */
  readonly run: number;
}

/**
 * Runs all jobs, takes in all iterators, and places what was written.
 *
 * @param opened the datasets, in their order
 */
export async function run(
  file: File,
  opened: readonly Dataset[],
  { datasets, workers, gathering }: PlannedWork,
  { signal, onProgress, keepPartial }: RunOptions,
): Promise<WrittenFile> {
  const ledger = new Ledger();
  // The ledger knows the datasets by the same numbers.
  for (const [at, dataset] of datasets.entries()) {
    ledger.add(ledgerDataset(dataset, opened[at]));
    // A dataset that was there before may have to grow.
    ledger.resize(at, dataset.shape);
  }
  ledger.settle();
  const targets = new Map<number, Target>();
  for (const [at, dataset] of datasets.entries())
    if (isGathered(dataset)) targets.set(at, new Target(targetOptions(at, opened[at], dataset)));
  const report = () => onProgress?.(structuredClone(ledger.progress));
  report();
  const begin = performance.now();
  const plan = workerPlan(file, datasets);
  const body = async (pool: WorkerPool) => {
    const gatherer = new Gatherer(pool, ledger, gathering);
    const context = { pool, ledger, gatherer, onProgress: atIntervals(report) };
    for (const target of targets.values()) gatherer.admit(target);
    const feeds = [...targets].map(([at, target]) =>
      feed(target, (datasets[at] as GatheredDataset).blocks, context),
    );
    try {
      await allOrStop(pool, [convertSources(pool, plan, datasets, ledger, report), ...feeds]);
    } finally {
      // What came until then is all that there is of a stream.
      await (pool.stopped && !keepPartial ? gatherer.abandon() : gatherer.flush());
    }
  };
  try {
    if (datasets.some((dataset) => isGathered(dataset) || dataset.jobCount > 0))
      await withPool(plan, workers, signal, body);
  } catch (error) {
    if (keepPartial) ledger.settle();
    throw error;
  }
  ledger.settle();
  // The last of what iterators brought may not have been told.
  if (targets.size > 0) report();
  return { ledger, run: (performance.now() - begin) / 1000, targets };
}

/** Runs the jobs of all sources. */
async function convertSources(
  pool: WorkerPool,
  plan: WorkerPlan,
  datasets: readonly PreparedDataset[],
  ledger: Ledger,
  onProgress: () => void,
): Promise<void> {
  const sourced = datasets.filter(isSourced);
  const numbers = sourced.map((dataset) => datasets.indexOf(dataset));
  const tasks = interleave(sourced.map(({ jobCount }) => jobCount));
  const onDone = ({ dataset, job }: Task, done: JobDone) => {
    const { jobs, layout } = sourced[dataset];
    const slab = cellAt(jobs, job);
    const grid = { extent: layout.extent, cell: layout.chunk };
    const whole = done.placements.length / 3 === cellCountWithin(grid, slab);
    const bytesRead = whole ? slabSize(slab) * layout.itemSize : 0;
    ledger.commit(numbers[dataset], slab, done, bytesRead);
  };
  await runJobs<Task, JobDone>(pool, { name: 'convert', plan, tasks, onDone, onProgress });
}

/** Waits for all; the first that fails stops the others, and is thrown once they have ended. */
async function allOrStop(pool: WorkerPool, work: readonly Promise<void>[]): Promise<void> {
  const failures: unknown[] = [];
  const stop = (error: unknown) => {
    failures.push(error);
    pool.stop();
  };
  await Promise.all(work.map((one) => one.catch(stop)));
  if (failures.length > 0) throw failures[0];
}

/** DataChunks may be small and many: not each is worth a report. */
function atIntervals(report: () => void): () => void {
  let last = performance.now();
  return () => {
    const now = performance.now();
    if (now - last < REPORT_MS) return;
    last = now;
    report();
  };
}

function ledgerDataset(dataset: PreparedDataset, opened: Dataset): LedgerDataset {
  const { path, layout, rawBytes, chunkCount } = dataset;
  const known = { rawBytes, chunkCount };
  // What an iterator will bring is not known, even where its extent is.
  const unknown = { rawBytes: 0, chunkCount: 0 };
  return {
    path,
    dataset: opened,
    chunk: layout.chunk,
    ...(isGathered(dataset) ? unknown : known),
  };
}

function workerPlan({ filename, token }: File, datasets: readonly PreparedDataset[]): WorkerPlan {
  return {
    filename,
    token,
    datasets: datasets
      .filter(isSourced)
      .map(({ path, dtype, source, jobs, layout, bigEndian }) => ({
        name: path,
        source,
        dtype,
        jobs,
        layout,
        bigEndian,
      })),
  };
}
