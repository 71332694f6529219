import { JobError } from '../errors.js';
import { cellAt } from '../layout/index.js';
import type { SourceSpec } from '../sources/index.js';
import type { Task, WorkerPlan } from '../workers/index.js';
import type { WorkerPool } from './pool.js';
import { drain, runTwice } from './tasks.js';

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
  /** Called after each `onDone`. What it throws stops the run as it is: it is no failure of the job's. */
  readonly onProgress: () => void;
}

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
  const { name, plan, tasks, onDone, onProgress } = run;
  await drain(pool, tasks, async (task) => {
    try {
      onDone(task, await runTwice<Done>(pool, name, task));
    } catch (error) {
      throw jobError(plan, task, error);
    }
    onProgress();
  });
}

function jobError(plan: WorkerPlan, task: Task, error: unknown): JobError {
  const { filename: file, datasets } = plan;
  const { name, jobs, source } = datasets[task.dataset];
  const cause = error instanceof Error ? error : new Error(String(error));
  return new JobError(name, task.slab ?? cellAt(jobs, task.job), cause, {
    sources: pathsOf(source),
    file,
  });
}

/** All files and modules of a source, in their order. */
export function pathsOf(source: SourceSpec): string[] {
  if (source.type !== 'concat' && source.type !== 'stack') return [source.path];
  return source.sources?.flatMap(pathsOf) ?? [source.files ?? []].flat();
}
