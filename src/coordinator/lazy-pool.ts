import {
  type DecodeTask,
  type EncodeTask,
  GatheredJobs,
  StoredBytes,
  type WorkerPlan,
  WriterSlot,
} from '../workers/index.js';
import { type TaskRunner, WorkerPool } from './pool.js';

/** Bytes of chunks that are encoded and decoded in about the time that threads take to start. */
const FEW_BYTES = 4 * 1024 * 1024;

/** What is gathered, which any thread can encode and decode. */
type GatheredTask = EncodeTask | DecodeTask;

/**
 * Encodes and decodes gathered chunks on the thread that asks, until they have been more than a few: only
 * then are worker threads started. A program that adds some rows to a file need not wait for them.
 */
export class LazyPool implements TaskRunner {
  readonly workers: number;
  readonly onStop: Set<() => void> = new Set();
  /** Nobody stops it: what was gathered is all that there is. */
  readonly stopped = false;
  readonly #plan: WorkerPlan;
  #pool: WorkerPool | undefined;
  #jobs: GatheredJobs | undefined;
  /** Of the chunks that were encoded and decoded here. */
  #bytes = 0;

  constructor(plan: WorkerPlan, workers: number) {
    this.#plan = plan;
    this.workers = workers;
  }

  get filename(): string {
    return this.#plan.filename;
  }

  /** The threads, started if need be. */
  get threads(): WorkerPool {
    this.#pool ??= new WorkerPool(this.#plan, this.workers);
    // The memory is planned for as many encoders as there are workers.
    this.#closeJobs();
    return this.#pool;
  }

  /** @param name `encode` or `decode` */
  async run<Done>(
    name: string,
    task: GatheredTask,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<Done> {
    this.#bytes += task.chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);
    if (this.#pool || this.#bytes > FEW_BYTES) return this.threads.run<Done>(name, task, transfer);
    const jobs = this.#ownJobs();
    const done = name === 'encode' ? jobs.encode(task) : jobs.decode(task as DecodeTask);
    return done as Done;
  }

  /** Ends the threads, if there are any; tasks must have ended before. */
  async close(): Promise<void> {
    this.#closeJobs();
    await this.#pool?.close();
  }

  #ownJobs(): GatheredJobs {
    const { filename, token, writerBytes } = this.#plan;
    this.#jobs ??= new GatheredJobs(new WriterSlot(token, writerBytes), new StoredBytes(filename));
    return this.#jobs;
  }

  #closeJobs(): void {
    this.#jobs?.close();
    this.#jobs = undefined;
  }
}
