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

/** Tasks on gathered chunks; any thread can run them. */
export type GatherTask = 'encode' | 'decode';

type Handlers = { readonly [Name in GatherTask]: (request: Request<Name>) => Answer<Name> };

/**
 * Encodes and decodes gathered chunks: the first few megabytes on the calling thread, all others on worker threads,
 * which are started only then. A program that adds some rows to a file need not wait for threads to start.
 */
export class LazyPool implements TaskRunner<GatherTask> {
  readonly workers: number;
  readonly onStop: Set<() => void> = new Set();
  /** This pool is never stopped, because gathered chunks may be the only copy of their data. */
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

  /** The worker threads. Reading this property starts them if they are not running yet. */
  get threads(): WorkerPool {
    this.#pool ??= new WorkerPool(this.#plan, this.workers);
    // Memory is planned for one encoder per worker, so the calling thread gives up its own.
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
