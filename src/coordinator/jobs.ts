import { cellAt } from '../layout/index.js';
import type { SourceSpec } from '../sources/index.js';
import type { Task, WorkerPlan } from '../workers/index.js';
import { JobError, WorkerError } from './errors.js';
import type { WorkerPool } from './pool.js';

export interface JobRun<T extends Task, Done> {
  /** The worker's task: `convert` or `verify`. */
  readonly name: string;
  /** The pool's. */
  readonly plan: WorkerPlan;
  /** In the order in which they are to be begun; drawn when a worker will soon be free. */
  readonly tasks: Iterable<T>;
  /**
   * Called with each answer, on the coordinator's thread, in the order of the answers. What it throws
   * counts as the job's failure.
   */
  readonly onDone: (task: T, done: Done) => void;
  /** Called after each `onDone`. What it throws stops the run as it is: it is the user's own. */
  readonly onProgress: () => void;
}

/** A task in work and one waiting: a worker that is done never waits for the coordinator. */
const TASKS_PER_WORKER = 2;

/**
 * Runs jobs until all are done, one fails, or the pool is stopped. A job that fails stops the pool. A
 * job whose worker died is run again, once.
 *
 * @throws JobError for the first job that failed, or what `tasks` or `onProgress` threw, once the
 * others have stopped.
 */
export async function runJobs<T extends Task, Done>(
  pool: WorkerPool,
  run: JobRun<T, Done>,
): Promise<void> {
  const tasks = run.tasks[Symbol.iterator]();
  const failures: unknown[] = [];

  const work = async () => {
    try {
      while (!pool.stopped) {
        const next = tasks.next();
        if (next.done) return;
        const task = next.value;
        try {
          run.onDone(task, await runTwice<Done>(pool, run.name, task));
        } catch (error) {
          throw jobError(run.plan, task, error);
        }
        run.onProgress();
      }
    } catch (error) {
      // Not thrown on: the other jobs are to end by themselves first.
      failures.push(error);
      pool.stop();
    }
  };

  await Promise.all(Array.from({ length: pool.workers * TASKS_PER_WORKER }, work));
  if (failures.length > 0) throw failures[0];
}

/** An error that a worker answers would come again; what a thread died of may have been another job's. */
async function runTwice<Done>(pool: WorkerPool, name: string, task: Task): Promise<Done> {
  try {
    return await pool.run<Done>(name, task);
  } catch (error) {
    if (!(error instanceof WorkerError)) throw error;
  }
  // When the pool has been stopped since, the answer comes at once, and is empty.
  return pool.run<Done>(name, task);
}

function jobError(plan: WorkerPlan, task: Task, error: unknown): JobError {
  const { name, jobs, source } = plan.datasets[task.dataset];
  const cause = error instanceof Error ? error : new Error(String(error));
  return new JobError(name, task.slab ?? cellAt(jobs, task.job), cause, pathsOf(source));
}

/** All files and modules of a source, in their order. */
function pathsOf(source: SourceSpec): string[] {
  if (source.type !== 'concat' && source.type !== 'stack') return [source.path];
  return source.sources?.flatMap(pathsOf) ?? [source.files ?? []].flat();
}
