import { JobError, WorkerError } from '../errors.js';
import { cellAt } from '../layout/index.js';
import type { ReadableSpec } from '../sources/index.js';
import {
  type Answer,
  datasetOf,
  type JobRef,
  type Request,
  type TaskName,
  type Tasks,
  type WorkerPlan,
} from '../workers/index.js';
import type { TaskRunner, WorkerPool } from './pool.js';

/** One task in work and one waiting, so that a worker never waits for the coordinator. */
const TASKS_PER_WORKER = 2;

/**
 * Works on items, as many at a time as keep the workers of a pool busy, until all are done, one fails, or
 * the pool is stopped. The first failure stops the pool.
 *
 * @param items drawn one by one, whenever a worker is about to become free
 * @throws the first error of `items` or `work`, once all other work has ended
 */
export async function forEachConcurrently<T>(
  pool: WorkerPool,
  items: Iterable<T>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items[Symbol.iterator]();
  const drawAndWork = async () => {
    while (!pool.stopped) {
      const next = rest.next();
      if (next.done) return;
      await work(next.value);
    }
  };
  await allOrStop(pool, Array.from({ length: pool.workers * TASKS_PER_WORKER }, drawAndWork));
}

/** Waits for all work. The first failure stops the pool, and is thrown once all work has ended. */
export async function allOrStop(pool: WorkerPool, work: readonly Promise<void>[]): Promise<void> {
  const failures: unknown[] = [];
  const stop = (error: unknown) => {
    failures.push(error);
    pool.stop();
  };
  await Promise.all(work.map((one) => one.catch(stop)));
  if (failures.length > 0) throw failures[0];
}

/**
 * Runs a task, and runs it once more if its thread died, because a different task may have caused the crash. An
 * error that a worker answers is not retried: it would only occur again.
 *
 * @throws what `TaskRunner.run` throws
 */
export async function runWithRetry<Name extends TaskName>(
  pool: TaskRunner,
  name: Name,
  request: Request<Name>,
): Promise<Answer<Name>> {
  try {
    return await pool.run(name, request);
  } catch (error) {
    if (!(error instanceof WorkerError)) throw error;
  }
  // If the pool was stopped meanwhile, the worker answers at once, without doing anything.
  return pool.run(name, request);
}

/** The tasks whose request is a job of the worker plan. */
export type JobTask = {
  [Name in TaskName]: Tasks[Name]['request'] extends JobRef ? Name : never;
}[TaskName];

export interface JobRun<Name extends JobTask> {
  readonly name: Name;
  /** The plan that the pool was started with. */
  readonly plan: WorkerPlan;
  /** In the order in which they begin; drawn whenever a worker is about to become free. */
  readonly jobs: Iterable<Request<Name>>;
  /**
   * Called with each answer on the coordinator's thread, in the order of the answers. An error thrown here
   * counts as the job's failure.
   */
  readonly onDone: (job: Request<Name>, done: Answer<Name>) => void;
  /** Called after each `onDone`. An error thrown here stops the run unchanged: it is not the job's failure. */
  readonly onProgress?: () => void;
}

/**
 * Runs jobs until all are done, one fails, or the pool is stopped. A job that fails stops the pool. A job
 * whose worker died runs once more.
 *
 * @throws JobError for the first job that failed, or the error of `jobs` or `onProgress`, once all other jobs
 * have ended
 */
export async function runJobs<Name extends JobTask>(
  pool: WorkerPool,
  { name, plan, jobs, onDone, onProgress }: JobRun<Name>,
): Promise<void> {
  await forEachConcurrently(pool, jobs, async (job) => {
    try {
      onDone(job, await runWithRetry(pool, name, job));
    } catch (error) {
      throw jobError(plan, job, error);
    }
    onProgress?.();
  });
}

function jobError(plan: WorkerPlan, job: JobRef, error: unknown): JobError {
  const { name, jobs, source } = datasetOf(plan, job);
  const cause = error instanceof Error ? error : new Error(String(error));
  return new JobError(
    {
      dataset: name,
      hyperslab: job.slab ?? cellAt(jobs, job.job),
      sources: pathsOf(source),
      file: plan.filename,
    },
    { cause },
  );
}

/** Paths of all files and modules of a source, in the order of its parts. */
export function pathsOf(source: ReadableSpec): string[] {
  if (source.type === 'scaled') return pathsOf(source.source);
  if (source.type !== 'concat' && source.type !== 'stack') return [source.path];
  return source.sources?.flatMap(pathsOf) ?? [source.files ?? []].flat();
}

/**
 * Runs one function and then another, even if the first one fails. Only the first error is reported, because a
 * later one is usually a consequence of it.
 *
 * @throws the first error
 */
export async function runBoth(
  first: () => Promise<void>,
  second: () => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  for (const step of [first, second])
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  if (failures.length > 0) throw failures[0];
}
