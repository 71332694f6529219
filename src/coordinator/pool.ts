import { setTimeout } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { ArrayTaskQueue, Piscina } from 'piscina';
import { WorkerError } from '../errors.js';
import {
  type Answer,
  fromWire,
  type Outcome,
  packPlan,
  type Request,
  type TaskName,
  type WorkerData,
  type WorkerPlan,
  workerFile,
} from '../workers/index.js';

/** A thread that needs longer than this to start or to end is considered stuck. */
const THREAD_MS = 10_000;

/** Runs the tasks of workers on one file, in threads or on the calling thread. */
export interface TaskRunner<Names extends TaskName = TaskName> {
  readonly workers: number;
  /** The file that the tasks read or write. */
  readonly filename: string;
  readonly stopped: boolean;
  /** Called once, when the runner is stopped. */
  readonly onStop: Set<() => void>;
  /**
   * @param transfer buffers of the request that may be moved to a worker
   * @throws the task's error, of its own class; WorkerError if a thread died before it answered
   */
  run<Name extends Names>(
    name: Name,
    request: Request<Name>,
    transfer?: readonly ArrayBuffer[],
  ): Promise<Answer<Name>>;
}

/** Worker threads that know a plan and run its tasks. A thread that dies is replaced. */
export class WorkerPool implements TaskRunner {
  readonly workers: number;
  /** Called once, when the pool is stopped. */
  readonly onStop = new Set<() => void>();
  readonly #plan: WorkerPlan;
  readonly #pool: Piscina;
  /** Tasks that wait for a thread. */
  readonly #queue = new ArrayTaskQueue();
  /** See {@link WorkerData}. */
  readonly #stopFlag = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  /** Threads that have not ended. */
  readonly #threads = new Set<Worker>();
  /** The threads among them that are still loading their modules. */
  readonly #starting = new Set<Worker>();
  /** Rejection functions of the tasks that have no answer yet. */
  readonly #unanswered = new Set<(cause: unknown) => void>();
  /** The error of the last thread that died. */
  #lastDeath: unknown = new Error('no thread is left');

  constructor(plan: WorkerPlan, workers: number) {
    this.workers = workers;
    this.#plan = plan;
    const workerData: WorkerData = { plan: packPlan(plan), stop: this.#stopFlag };
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
    // The event comes before the thread is replaced.
    this.#pool.on('workerDestroy', () => queueMicrotask(() => this.#watchThreads()));
    this.#watchThreads();
  }

  /**
   * Runs one task.
   *
   * @param transfer buffers of the request that are moved to the worker
   * @throws the task's error, of its own class; WorkerError if the thread died before it answered
   */
  async run<Name extends TaskName>(
    name: Name,
    request: Request<Name>,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<Answer<Name>> {
    const options = { name, transferList: [...transfer] };
    const outcome = await this.#outcome<Answer<Name>>(request, options).catch((cause: unknown) => {
      throw WorkerError.from(cause);
    });
    // Piscina resolves with undefined when a thread dies of `throw null`.
    if (!outcome) throw WorkerError.from(outcome);
    if ('error' in outcome) throw fromWire(outcome.error);
    return outcome.done;
  }

  get filename(): string {
    return this.#plan.filename;
  }

  /** Asks the workers to stop before the next chunk. No thread is ever killed. */
  stop(): void {
    Atomics.store(this.#stopFlag, 0, 1);
    for (const notify of this.onStop) notify();
    this.onStop.clear();
  }

  get stopped(): boolean {
    return Atomics.load(this.#stopFlag, 0) !== 0;
  }

  /** Ends the threads. All tasks must have ended. */
  async close(): Promise<void> {
    // Ending a thread while it loads its modules crashes the process (seen in Node 20.20).
    await untilEmpty(this.#starting);
    await this.#pool.destroy();
    // Threads that died by themselves may not have exited yet.
    await untilEmpty(this.#threads);
  }

  #outcome<Done>(
    request: object,
    options: { name: TaskName; transferList: ArrayBuffer[] },
  ): Promise<Outcome<Done> | null> {
    return new Promise((resolve, reject) => {
      this.#unanswered.add(reject);
      this.#pool
        .run(request, options)
        .then(resolve, reject)
        .finally(() => this.#unanswered.delete(reject));
      // Piscina may have started a thread for this task.
      this.#watchThreads();
    });
  }

  /** Registers new threads. If no thread is left, rejects all tasks that have no answer. */
  #watchThreads(): void {
    for (const thread of this.#pool.threads) {
      if (this.#threads.has(thread)) continue;
      this.#threads.add(thread);
      this.#starting.add(thread);
      // Piscina's threads send a message once their modules are loaded.
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
    // Piscina does not replace threads that die while they start: it starts one for the next task, but
    // tasks that already wait would wait forever.
    while (this.#queue.size > 0) this.#queue.shift();
    for (const reject of this.#unanswered) reject(this.#lastDeath);
    this.#unanswered.clear();
  }
}

/** Waits until a set of threads is empty, or until the threads count as stuck. */
async function untilEmpty(threads: ReadonlySet<Worker>): Promise<void> {
  const deadline = performance.now() + THREAD_MS;
  while (threads.size > 0 && performance.now() < deadline) await setTimeout(1);
}

/**
 * Runs a function with a pool, and ends the pool afterwards. If the signal is aborted, the pool is stopped.
 *
 * @throws the error of `body`; else the signal's reason, if the signal was aborted
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
