import { WorkerError } from '../errors.js';
import type { WorkerPool } from './pool.js';

/** A task in work and one waiting: a worker that is done never waits for the coordinator. */
const TASKS_PER_WORKER = 2;

/**
 * Works on items, as many at a time as keep the workers of a pool busy, until all are done, one fails, or
 * the pool is stopped. The first that fails stops the pool.
 *
 * @param items drawn when a worker will soon be free
 * @throws what `items` or `work` threw first, once the others have ended
 */
export async function drain<T>(
  pool: WorkerPool,
  items: Iterable<T>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items[Symbol.iterator]();
  const failures: unknown[] = [];
  const drawAndWork = async () => {
    try {
      while (!pool.stopped) {
        const next = rest.next();
        if (next.done) return;
        await work(next.value);
      }
    } catch (error) {
      // Not thrown on: the other items are to end by themselves first.
      failures.push(error);
      pool.stop();
    }
  };
  await Promise.all(Array.from({ length: pool.workers * TASKS_PER_WORKER }, drawAndWork));
  if (failures.length > 0) throw failures[0];
}

/**
 * Runs a task, and once more when its thread died: an error that a worker answers would come again; what a
 * thread died of may have been another task's.
 *
 * @throws what `WorkerPool.run` throws
 */
export async function runTwice<Done>(pool: WorkerPool, name: string, task: object): Promise<Done> {
  try {
    return await pool.run<Done>(name, task);
  } catch (error) {
    if (!(error instanceof WorkerError)) throw error;
  }
  // When the pool has been stopped since, the answer comes at once, and is empty.
  return pool.run<Done>(name, task);
}
