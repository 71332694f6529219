import { ChangedError } from '../errors.js';
import { placementCount } from '../hdf5/index.js';
import { cellAt, cellCountWithin, type Hyperslab, interleave, slabSize } from '../layout/index.js';
import { isSourced, type PlannedDataset, type SourceData } from '../plan/index.js';
import { changedFiles } from '../sources/index.js';
import type { JobDone, JobRef, WorkerDataset, WorkerPlan } from '../workers/index.js';
import { DoneChunks } from './done-chunks.js';
import type { Ledger } from './ledger.js';
import type { RestoredDataset } from './numbered-chunks.js';
import type { WorkerPool } from './pool.js';
import { runJobs } from './tasks.js';
import { isTimestamps, type TimestampCheck } from './timestamp-check.js';

/** Milliseconds between two checks whether sources have changed, to fail early rather than at the end. */
const WATCH_MS = 5000;

export interface SourceRun {
  /** The plan that the pool was started with; see {@link workerPlan}. */
  readonly plan: WorkerPlan;
  readonly datasets: readonly PlannedDataset[];
  readonly ledger: Ledger;
  /** What an earlier run left, by the dataset's number. */
  readonly restored: ReadonlyMap<number, RestoredDataset>;
  /** By the dataset's number. */
  readonly timestamps: ReadonlyMap<number, TimestampCheck>;
  readonly onProgress: () => void;
}

/** The plan for workers that convert the sources of these datasets. */
export function workerPlan(
  file: { readonly filename: string; readonly token: bigint },
  datasets: readonly PlannedDataset[],
  writerBytes: number,
): WorkerPlan {
  const { filename, token } = file;
  return {
    ...{ filename, token, writerBytes },
    datasets: datasets.filter(isSourced).map(workerDataset),
  };
}

/** A dataset as workers need to know it. */
export function workerDataset({
  spec,
  data: { source, jobs },
}: PlannedDataset<SourceData>): WorkerDataset {
  const { path: name, dtype, layout, bigEndian } = spec;
  return { name, source, dtype, jobs, layout, bigEndian, isTimestamps: isTimestamps(spec) };
}

/**
 * Runs the jobs of all sources, except for the chunks that an earlier run wrote.
 *
 * @throws JobError for the first job that failed; ChangedError if a source has changed
 */
export async function convertSources(
  pool: WorkerPool,
  { plan, datasets, ledger, restored, timestamps, onProgress }: SourceRun,
): Promise<void> {
  const sourced = datasets.filter(isSourced);
  const numbers = sourced.map((dataset) => datasets.indexOf(dataset));
  const doneChunks = sourced.map(({ spec: { layout }, data }, at) => {
    const chunks = restored.get(numbers[at])?.chunks;
    const grid = { extent: layout.extent, cell: layout.chunk };
    return chunks && new DoneChunks(data.jobs, grid, chunks.numbers);
  });
  const watch = atIntervals(() => checkUnchanged(sourced), WATCH_MS);
  const onDone = (job: JobRef, answer: JobDone) => {
    const { spec, data } = sourced[job.dataset];
    const slab = job.slab ?? cellAt(data.jobs, job.job);
    const number = numbers[job.dataset];
    ledger.commit(number, slab, answer, bytesReadOf(spec.layout, slab, answer));
    for (const summary of answer.timestamps ?? []) timestamps.get(number)?.put(summary);
  };
  await runJobs(pool, {
    name: 'convert',
    plan,
    jobs: remainingJobs(
      sourced.map(({ data }) => data),
      doneChunks,
    ),
    onDone,
    // Not in `onDone`, because a changed source is not the fault of the job that happens to end now.
    onProgress: () => {
      watch();
      onProgress();
    },
  });
}

/** Bytes of the values of a job; 0 if the job was stopped before its last chunk. */
function bytesReadOf(
  { extent, chunk, itemSize }: PlannedDataset['spec']['layout'],
  slab: Hyperslab,
  { placements }: JobDone,
): number {
  const isWhole = placementCount(placements) === cellCountWithin({ extent, cell: chunk }, slab);
  return isWhole ? slabSize(slab) * itemSize : 0;
}

/** The jobs of all datasets in turn; for a job that was done in part, its missing chunks one by one. */
function* remainingJobs(
  datasets: readonly SourceData[],
  done: readonly (DoneChunks | undefined)[],
): Generator<JobRef, void, undefined> {
  for (const job of interleave(datasets.map(({ jobCount }) => jobCount))) {
    const missing = done[job.dataset]?.missing(job.job);
    if (missing) for (const slab of missing) yield { ...job, slab };
    else yield job;
  }
}

/** @throws ChangedError if a file of a source has changed since it was planned */
export function checkUnchanged(datasets: readonly PlannedDataset[]): void {
  const [changed] = changedFiles(datasets.filter(isSourced).flatMap(({ data }) => data.info.files));
  if (changed) throw new ChangedError(changed);
}

/** Returns a function that calls `act`, but not more often than once in `milliseconds`. */
export function atIntervals(act: () => void, milliseconds: number): () => void {
  let last = performance.now();
  return () => {
    const now = performance.now();
    if (now - last < milliseconds) return;
    last = now;
    act();
  };
}
