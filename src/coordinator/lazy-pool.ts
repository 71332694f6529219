import {
  type Answer,
  FileReader,
  GatheredJobs,
  type Request,
  type WorkerPlan,
  WriterCache,
} from '../workers/index.js';
import { type TaskRunner, WorkerPool } from './pool.js';

/** Bytes of chunks that are encoded and decoded in about the time that threads take to start. */
const FEW_BYTES = 4 * 1024 * 1024;

/** Tasks with gathered chunks, which any thread can do. */
export type GatherTask = 'encode' | 'decode';

type Handlers = { readonly [Name in GatherTask]: (request: Request<Name>) => Answer<Name> };

/**
 * Encodes and decodes gathered chunks on the calling thread until there have been more than a few, and only
 * then starts worker threads: a program that adds some rows to a file does not wait for threads.
 */
export class LazyPool implements TaskRunner<GatherTask> {
  readonly workers: number;
  readonly onStop: Set<() => void> = new Set();
  /** Nobody stops this pool, because gathered chunks may be the only copy of their data. */
  readonly stopped = false;
  readonly #plan: WorkerPlan;
  #pool: WorkerPool | undefined;
  #jobs: GatheredJobs | undefined;
  /** Bytes of the chunks that were encoded and decoded on the calling thread. */
  #bytes = 0;
  readonly #handlers: Handlers = {
    encode: (request) => this.#ownJobs().encode(request),
    decode: (request) => this.#ownJobs().decode(request),
  };

  constructor(plan: WorkerPlan, workers: number) {
    this.#plan = plan;
    this.workers = workers;
  }

  get filename(): string {
    return this.#plan.filename;
  }

  /** The worker threads; they are started if they are not running yet. */
  get threads(): WorkerPool {
    this.#pool ??= new WorkerPool(this.#plan, this.workers);
    // The memory is planned for one encoder a worker, so the calling thread gives up its own.
    this.#closeJobs();
    return this.#pool;
  }

  async run<Name extends GatherTask>(
    name: Name,
    request: Request<Name>,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<Answer<Name>> {
    this.#bytes += request.chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);
    if (this.#pool || this.#bytes > FEW_BYTES) return this.threads.run(name, request, transfer);
    return this.#handlers[name](request);
  }

  /** Ends the threads, if they were started. All tasks must have ended. */
  async close(): Promise<void> {
    this.#closeJobs();
    await this.#pool?.close();
  }

  #ownJobs(): GatheredJobs {
    const { filename, token, writerBytes } = this.#plan;
    this.#jobs ??= new GatheredJobs(new WriterCache(token, writerBytes), new FileReader(filename));
    return this.#jobs;
  }

  #closeJobs(): void {
    this.#jobs?.close();
    this.#jobs = undefined;
  }
}
