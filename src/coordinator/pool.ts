import { Piscina } from 'piscina';
import { cellAt } from '../layout/index.js';
import {
  type Answer,
  fromWire,
  packPlan,
  type Task,
  type WorkerData,
  type WorkerPlan,
  workerFile,
} from '../workers/index.js';
import { JobError } from './errors.js';

export interface JobRun<T extends Task, Done> {
  /** The worker's task: `convert` or `verify`. */
  readonly name: string;
  readonly plan: WorkerPlan;
  readonly workers: number;
  /** In the order in which they are to be begun; drawn when a worker will soon be free. */
  readonly tasks: Iterable<T>;
  readonly signal?: AbortSignal | undefined;
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
 * Runs tasks on a pool of worker threads until all are done, one fails, or the signal stops them.
 * A running thread is never killed: workers are asked to stop before their next chunk.
 *
 * @throws JobError for the first job that failed, or what `tasks` or `onProgress` threw, once the
 * others have stopped.
 * @throws the signal's reason when it stopped the run.
 */
export async function runJobs<T extends Task, Done>(run: JobRun<T, Done>): Promise<void> {
  const { plan, signal, workers } = run;
  signal?.throwIfAborted();
  const stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const halt = () => Atomics.store(stop, 0, 1);
  const workerData: WorkerData = { plan: packPlan(plan), stop };
  const pool = new Piscina({
    filename: workerFile,
    workerData,
    minThreads: workers,
    maxThreads: workers,
    idleTimeout: Number.POSITIVE_INFINITY,
  });
  const tasks = run.tasks[Symbol.iterator]();
  const failures: unknown[] = [];

  const takeIn = (task: T, answer: Answer<Done>) => {
    if ('error' in answer) throw fromWire(answer.error);
    run.onDone(task, answer.done);
  };
  const work = async () => {
    try {
      while (Atomics.load(stop, 0) === 0) {
        const next = tasks.next();
        if (next.done) return;
        const task = next.value;
        try {
          takeIn(task, await pool.run(task, { name: run.name }));
        } catch (error) {
          throw jobError(plan, task, error);
        }
        run.onProgress();
      }
    } catch (error) {
      // Not thrown on: the other jobs are to end by themselves first.
      failures.push(error);
      halt();
    }
  };

  signal?.addEventListener('abort', halt);
  try {
    await Promise.all(Array.from({ length: workers * TASKS_PER_WORKER }, work));
  } finally {
    signal?.removeEventListener('abort', halt);
    await pool.destroy();
  }
  if (failures.length > 0) throw failures[0];
  signal?.throwIfAborted();
}

function jobError(plan: WorkerPlan, task: Task, error: unknown): JobError {
  const { name, jobs } = plan.datasets[task.dataset];
  const cause = error instanceof Error ? error : new Error(String(error));
  return new JobError(name, cellAt(jobs, task.job), cause);
}
