import { setTimeout } from 'node:timers/promises';
import { Piscina } from 'piscina';
import {
  type Answer,
  fromWire,
  packPlan,
  type WorkerData,
  type WorkerPlan,
  workerFile,
} from '../workers/index.js';

/** A thread that takes longer to start will not start any more. */
const START_MS = 10_000;

/** Worker threads that have been told a plan, and run its tasks. */
export class WorkerPool {
  readonly workers: number;
  /** Called once when the pool is stopped. */
  readonly onStop = new Set<() => void>();
  readonly #pool: Piscina;
  /** As {@link WorkerData} has them. */
  readonly #flags = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));

  constructor(plan: WorkerPlan, workers: number) {
    this.workers = workers;
    const workerData: WorkerData = { plan: packPlan(plan), flags: this.#flags };
    this.#pool = new Piscina({
      filename: workerFile,
      workerData,
      minThreads: workers,
      maxThreads: workers,
      idleTimeout: Number.POSITIVE_INFINITY,
    });
  }

  /**
   * Runs one task.
   *
   * @param name what the worker is to do: `convert`, `verify`, `encode` or `decode`
   * @param transfer buffers of the task that become the worker's
   * @throws the task's error, of its own class
   */
  async run<Done>(
    name: string,
    task: object,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<Done> {
    const answer: Answer<Done> = await this.#pool.run(task, { name, transferList: [...transfer] });
    if ('error' in answer) throw fromWire(answer.error);
    return answer.done;
  }

  /** Asks the workers to stop their jobs before the next chunk; no thread is ever killed. */
  stop(): void {
    Atomics.store(this.#flags, 0, 1);
    for (const tell of this.onStop) tell();
    this.onStop.clear();
  }

  get stopped(): boolean {
    return Atomics.load(this.#flags, 0) !== 0;
  }

  /** Ends the threads; tasks must have ended before. */
  async close(): Promise<void> {
    await this.#started();
    await this.#pool.destroy();
  }

  /** A thread that is ended while it loads its modules takes the process with it (seen in Node 20.20). */
  async #started(): Promise<void> {
    const late = performance.now() + START_MS;
    while (Atomics.load(this.#flags, 1) < this.workers && performance.now() < late)
      await setTimeout(1);
  }
}

/**
 * Runs a body that has a pool, and ends the pool after it. The signal stops the pool.
 *
 * @throws what the body throws; else the signal's reason, when it stopped the pool
 */
export async function withPool<T>(
  plan: WorkerPlan,
  workers: number,
  signal: AbortSignal | undefined,
  body: (pool: WorkerPool) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const pool = new WorkerPool(plan, workers);
  const stop = () => pool.stop();
  signal?.addEventListener('abort', stop);
  let result: T;
  try {
    result = await body(pool);
  } finally {
    signal?.removeEventListener('abort', stop);
    await pool.close();
  }
  signal?.throwIfAborted();
  return result;
}
