import type { NumberedChunks, Recorder } from '../convert/journal/index.js';
import type { Dataset, File } from '../hdf5/index.js';
import { cellAt, cellCountWithin, interleave, slabSize } from '../layout/index.js';
import type { FilledOptions } from '../options.js';
import {
  type GatheredDataset,
  isGathered,
  isReadHere,
  isSourced,
  type PlannedWork,
  type PreparedDataset,
  type SourceDataset,
} from '../plan/work.js';
import { checkUnchanged } from '../sources/changed-files.js';
import type { JobDone, Task, WorkerPlan } from '../workers/index.js';
import { DoneChunks } from './done-chunks.js';
import { andThen } from './first-error.js';
import { type FeedContext, feed, Gatherer, LibraryWriter, Target } from './gather/index.js';
import { runJobs } from './jobs.js';
import { Ledger, type LedgerDataset } from './ledger.js';
import { type WorkerPool, withPool } from './pool.js';
import { targetOptions } from './target-options.js';
import { isTimestamps, TimestampCheck } from './timestamp-check.js';

/** Milliseconds between two reports of what iterators bring. */
const REPORT_MS = 100;

/** Milliseconds between two looks whether sources have changed: it would be late to know at the end. */
const WATCH_MS = 5000;

export type RunOptions = Pick<FilledOptions, 'signal' | 'onProgress' | 'keepPartial'>;

/** What a run goes on from, and where it puts on record what it does. */
export interface Continuation {
  readonly recorder?: Recorder;
  /** What an earlier run left, by the dataset's number. */
  readonly restored?: ReadonlyMap<number, RestoredDataset>;
}

export interface RestoredDataset {
  readonly extent: readonly number[];
  readonly chunks: NumberedChunks;
}

/** A file whose datasets are complete, before it is closed. */
export interface WrittenFile {
  readonly ledger: Ledger;
  /** What was gathered, by the dataset's number. */
  readonly targets: ReadonlyMap<number, Target>;
  /** What was seen of timestamps, by the dataset's number. */
  readonly timestamps: ReadonlyMap<number, TimestampCheck>;
  /** Seconds that the workers ran, and in which what an earlier run left was placed. */
  readonly run: number;
  readonly restore: number;
}

/**
 * Runs all jobs, takes in all iterators, and places what was written.
 *
 * @param opened the datasets, in their order
 */
export async function run(
  file: File,
  opened: readonly Dataset[],
  { datasets, workers, gathering, writerBytes }: PlannedWork,
  { signal, onProgress, keepPartial }: RunOptions,
  { recorder, restored = new Map() }: Continuation = {},
): Promise<WrittenFile> {
  const ledger = new Ledger(recorder);
  // The ledger knows the datasets by the same numbers.
  for (const [at, dataset] of datasets.entries()) {
    ledger.add(ledgerDataset(dataset, opened[at]));
    // A dataset that was there before may have to grow.
    ledger.resize(at, restored.get(at)?.extent ?? dataset.shape);
  }
  ledger.settle();
  const restoring = performance.now();
  for (const [at, { chunks }] of restored) ledger.restore(at, chunks);
  const restore = (performance.now() - restoring) / 1000;
  const timestamps = new Map<number, TimestampCheck>();
  for (const [at, dataset] of datasets.entries())
    if (isTimestamps(dataset)) timestamps.set(at, new TimestampCheck());
  const targets = new Map<number, Target>();
  for (const [at, dataset] of datasets.entries()) {
    if (!isGathered(dataset)) continue;
    const options = targetOptions(at, opened[at], dataset);
    targets.set(at, new Target({ ...options, timestamps: timestamps.get(at) }));
  }
  const report = () => onProgress?.(structuredClone(ledger.progress));
  report();
  const begin = performance.now();
  const plan = workerPlan(file, datasets, writerBytes);
  const body = async (pool: WorkerPool) => {
    const gatherer = new Gatherer(pool, ledger, gathering);
    // Without a record, it is the file that has to have what is acknowledged.
    const acknowledge = () => {
      ledger.settle();
      file.flush();
    };
    const context: FeedContext = {
      ...{ pool, ledger, gatherer, onProgress: atIntervals(report, REPORT_MS) },
      ...(!recorder && { acknowledge }),
    };
    for (const [at, target] of targets) if (!datasets[at].isUnchunked) gatherer.admit(target);
    const feeds = feedAll(targets, datasets, context);
    const what = { plan, datasets, ledger, restored, timestamps };
    const sources = convertSources(pool, { ...what, onProgress: report });
    await andThen(
      () => allOrStop(pool, [sources, ...feeds]),
      // What came until then is all that there is of a stream.
      () => (pool.stopped && !keepPartial ? gatherer.abandon() : gatherer.flush()),
    );
  };
  try {
    if (datasets.some((one) => isGathered(one) || (isSourced(one) && one.jobCount > 0)))
      await withPool(plan, workers, signal, body);
  } catch (error) {
    if (keepPartial) settleAnyway(ledger);
    throw error;
  }
  ledger.settle();
  // The last of what iterators brought may not have been told.
  if (targets.size > 0) report();
  return { ledger, run: (performance.now() - begin) / 1000, restore, targets, timestamps };
}

/** Takes in all data that come piece by piece, those of sources one after the other. */
function feedAll(
  targets: ReadonlyMap<number, Target>,
  datasets: readonly PreparedDataset[],
  context: FeedContext,
): Promise<void>[] {
  const direct = { ...context, gatherer: new LibraryWriter(context.ledger) };
  const feedOne = ([at, target]: [number, Target]) =>
    feed(
      target,
      (datasets[at] as GatheredDataset).blocks,
      datasets[at].isUnchunked ? direct : context,
    );
  const isRead = ([at]: [number, Target]) => isReadHere(datasets[at]);
  const readAll = async () => {
    for (const one of [...targets].filter(isRead)) await feedOne(one);
  };
  return [readAll(), ...[...targets].filter((one) => !isRead(one)).map(feedOne)];
}

interface SourceRun {
  readonly plan: WorkerPlan;
  readonly datasets: readonly PreparedDataset[];
  readonly ledger: Ledger;
  readonly restored: ReadonlyMap<number, RestoredDataset>;
  readonly timestamps: ReadonlyMap<number, TimestampCheck>;
  readonly onProgress: () => void;
}

/** Runs the jobs of all sources, but for the chunks that are there. */
async function convertSources(
  pool: WorkerPool,
  { plan, datasets, ledger, restored, timestamps, onProgress }: SourceRun,
): Promise<void> {
  const sourced = datasets.filter(isSourced);
  const numbers = sourced.map((dataset) => datasets.indexOf(dataset));
  const done = sourced.map(({ jobs, layout }, at) => {
    const chunks = restored.get(numbers[at])?.chunks;
    const grid = { extent: layout.extent, cell: layout.chunk };
    return chunks && new DoneChunks(jobs, grid, chunks.numbers);
  });
  const watch = atIntervals(() => checkUnchanged(sourced), WATCH_MS);
  const onDone = ({ dataset, job, slab: part }: Task, done: JobDone) => {
    const { jobs, layout } = sourced[dataset];
    const slab = part ?? cellAt(jobs, job);
    const grid = { extent: layout.extent, cell: layout.chunk };
    const whole = done.placements.length / 3 === cellCountWithin(grid, slab);
    const bytesRead = whole ? slabSize(slab) * layout.itemSize : 0;
    ledger.commit(numbers[dataset], slab, done, bytesRead);
    for (const seen of done.timestamps ?? []) timestamps.get(numbers[dataset])?.put(seen);
  };
  const tasks = remainingTasks(sourced, done);
  await runJobs<Task, JobDone>(pool, {
    ...{ name: 'convert', plan, tasks, onDone },
    // Not in `onDone`: a source that was changed is no failure of the job that happens to be done then.
    onProgress: () => {
      watch();
      onProgress();
    },
  });
}

/** The jobs of all datasets in turn; of one that was done in part, its other chunks one by one. */
function* remainingTasks(
  datasets: readonly SourceDataset[],
  done: readonly (DoneChunks | undefined)[],
): Generator<Task, void, undefined> {
  for (const task of interleave(datasets.map(({ jobCount }) => jobCount))) {
    const missing = done[task.dataset]?.missing(task.job);
    if (missing) for (const slab of missing) yield { ...task, slab };
    else yield task;
  }
}

/** Places what was written before an error, which is the one to report. */
function settleAnyway(ledger: Ledger): void {
  try {
    ledger.settle();
  } catch {
    // What is on record is placed when it is resumed.
  }
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

/** DataChunks and jobs may be small and many: not each is worth it. */
function atIntervals(act: () => void, milliseconds: number): () => void {
  let last = performance.now();
  return () => {
    const now = performance.now();
    if (now - last < milliseconds) return;
    last = now;
    act();
  };
}

function ledgerDataset(dataset: PreparedDataset, opened: Dataset): LedgerDataset {
  const { path, layout, rawBytes, chunkCount, index } = dataset;
  const known = { rawBytes, chunkCount };
  // What an iterator will bring is not known, even where its extent is.
  const unknown = { rawBytes: 0, chunkCount: 0 };
  return {
    path,
    dataset: opened,
    chunk: layout.chunk,
    index,
    ...(isGathered(dataset) && !isReadHere(dataset) ? unknown : known),
  };
}

function workerPlan(
  { filename, token }: File,
  datasets: readonly PreparedDataset[],
  writerBytes: number,
): WorkerPlan {
  return {
    ...{ filename, token, writerBytes },
    datasets: datasets.filter(isSourced).map((dataset) => {
      const { path, dtype, source, jobs, layout, bigEndian } = dataset;
      const kind = { bigEndian, isTimestamps: isTimestamps(dataset) };
      return { name: path, source, dtype, jobs, layout, ...kind };
    }),
  };
}
