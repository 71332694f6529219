import { setTimeout } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { ArrayTaskQueue, Piscina } from 'piscina';
import { WorkerError } from '../errors.js';
import {
  type Answer,
  fromWire,
  packPlan,
  type WorkerData,
  type WorkerPlan,
  workerFile,
} from '../workers/index.js';

/** A thread that takes longer to start, or to end, will not do so any more. */
const THREAD_MS = 10_000;

/** Runs the tasks of workers on one file, in threads or not. */
export interface TaskRunner {
  readonly workers: number;
  /** The file that is read or written. */
  readonly filename: string;
  readonly stopped: boolean;
  /** Called once when it is stopped. */
  readonly onStop: Set<() => void>;
  /**
   * @param transfer buffers of the task that may become a worker's
   * @throws the task's error, of its own class; WorkerError when a thread died before it answered
   */
  run<Done>(name: string, task: object, transfer?: readonly ArrayBuffer[]): Promise<Done>;
}

/** Worker threads that have been told a plan, and run its tasks. One that dies is replaced. */
export class WorkerPool implements TaskRunner {
  readonly workers: number;
  /** Called once when the pool is stopped. */
  readonly onStop = new Set<() => void>();
  readonly #plan: WorkerPlan;
  readonly #pool: Piscina;
  /** What waits for a thread. */
  readonly #queue = new ArrayTaskQueue();
  /** As {@link WorkerData} has it. */
  readonly #stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  /** Threads that have not ended. */
  readonly #threads = new Set<Worker>();
  /** Those of them that load their modules. */
  readonly #starting = new Set<Worker>();
  /** How tasks without an answer are given up. */
  readonly #unanswered = new Set<(cause: unknown) => void>();
  /** What the last of the threads that failed died of. */
  #lastDeath: unknown = new Error('no thread is left');

  constructor(plan: WorkerPlan, workers: number) {
    this.workers = workers;
    this.#plan = plan;
    const workerData: WorkerData = { plan: packPlan(plan), stop: this.#stop };
    this.#pool = new Piscina({
      filename: workerFile,
      workerData,
      minThreads: workers,
      maxThreads: workers,
      idleTimeout: Number.POSITIVE_INFINITY,
      taskQueue: this.#queue,
    });
    // Without a listener, the death of a thread that has no task would take the process with it.
    this.#pool.on('error', () => {});
    // Told before the thread is replaced.
    this.#pool.on('workerDestroy', () => queueMicrotask(() => this.#watchThreads()));
    this.#watchThreads();
  }

  /**
   * Runs one task.
   *
   * @param name what the worker is to do: `convert`, `verify`, `check`, `encode` or `decode`
   * @param transfer buffers of the task that become the worker's
   * @throws the task's error, of its own class; WorkerError when the thread died before it answered
   */
  async run<Done>(
    name: string,
    task: object,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<Done> {
    const answer = await this.#answer<Done>(task, { name, transferList: [...transfer] }).catch(
      (cause: unknown) => {
        throw new WorkerError(cause);
      },
    );
    // To piscina, a thread that died of `throw null` has done its task.
    if (!answer) throw new WorkerError(answer);
    if ('error' in answer) throw fromWire(answer.error);
    return answer.done;
  }

  get filename(): string {
    return this.#plan.filename;
  }

  /** Asks the workers to stop their jobs before the next chunk; no thread is ever killed. */
  stop(): void {
    Atomics.store(this.#stop, 0, 1);
    for (const tell of this.onStop) tell();
    this.onStop.clear();
  }

  get stopped(): boolean {
    return Atomics.load(this.#stop, 0) !== 0;
  }

  /** Ends the threads; tasks must have ended before. */
  async close(): Promise<void> {
    // A thread that is ended while it loads its modules takes the process with it (seen in Node 20.20).
    await empty(this.#starting);
    await this.#pool.destroy();
    // Those that died of themselves may still be about to.
    await empty(this.#threads);
  }

  #answer<Done>(
    task: object,
    options: { name: string; transferList: ArrayBuffer[] },
  ): Promise<Answer<Done> | null> {
    return new Promise((resolve, reject) => {
      this.#unanswered.add(reject);
      this.#pool
        .run(task, options)
        .then(resolve, reject)
        .finally(() => this.#unanswered.delete(reject));
      // The task may have got a thread of its own.
      this.#watchThreads();
    });
  }

  /** Gets to know new threads. When there are none at all, what was asked for is given up. */
  #watchThreads(): void {
    for (const thread of this.#pool.threads) {
      if (this.#threads.has(thread)) continue;
      this.#threads.add(thread);
      this.#starting.add(thread);
      // Piscina has its threads tell when their modules are loaded.
      thread.once('message', () => this.#starting.delete(thread));
      thread.once('error', (error) => {
        this.#lastDeath = error;
      });
      thread.once('exit', () => {
        this.#starting.delete(thread);
        this.#threads.delete(thread);
      });
    }
    if (this.#pool.threads.length > 0) return;
    // Piscina does not replace threads that seem to die while they start: it makes one for the next
    // task, but what waits would wait for ever.
    while (this.#queue.size > 0) this.#queue.shift();
    for (const giveUp of this.#unanswered) giveUp(this.#lastDeath);
    this.#unanswered.clear();
  }
}

/** Waits until a set is empty, for as long as that may take. */
async function empty(threads: ReadonlySet<Worker>): Promise<void> {
  const late = performance.now() + THREAD_MS;
  while (threads.size > 0 && performance.now() < late) await setTimeout(1);
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
