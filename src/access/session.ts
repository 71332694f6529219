import { Gatherer, Ledger, WorkerPool } from '../coordinator/engine.js';
import type { File } from '../hdf5/index.js';
import type { FilledAccess } from './options.js';

/** An open file, and the threads that read and write its chunks; they start when they are needed. */
export class Session {
  readonly file: File;
  readonly writable: boolean;
  readonly options: FilledAccess;
  readonly ledger = new Ledger();
  #pool: WorkerPool | undefined;
  #gatherer: Gatherer | undefined;

  constructor(file: File, writable: boolean, options: FilledAccess) {
    this.file = file;
    this.writable = writable;
    this.options = options;
  }

  get pool(): WorkerPool {
    const { filename, token } = this.file;
    this.#pool ??= new WorkerPool({ filename, token, datasets: [] }, this.options.workers);
    return this.#pool;
  }

  get gatherer(): Gatherer {
    this.#gatherer ??= new Gatherer(this.pool, this.ledger, this.options.memory);
    return this.#gatherer;
  }

  /** The gatherer, if anything was written. */
  get gathered(): Gatherer | undefined {
    return this.#gatherer;
  }

  /** Brings all that was written into the file. */
  async flush(): Promise<void> {
    await this.#gatherer?.flush();
    this.ledger.settle();
    if (this.writable) this.file.flush();
  }

  /** Ends the threads and closes the file. */
  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.#pool?.close();
      this.file.close();
    }
  }
}
