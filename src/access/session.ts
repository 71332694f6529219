import { Gatherer, LazyPool, Ledger } from '../coordinator/index.js';
import { OutputError } from '../errors.js';
import { ClosedError, type File } from '../hdf5/index.js';
import type { ResolvedAccess } from './options.js';

/** An open file, and the threads that read and write its chunks; they start when they are needed. */
export class Session {
  readonly file: File;
  readonly writable: boolean;
  readonly options: ResolvedAccess;
  readonly ledger = new Ledger();
  /** Whether nothing more is to be asked of it. */
  isClosing = false;
  readonly pool: LazyPool;
  #gatherer: Gatherer | undefined;

  constructor(file: File, writable: boolean, options: ResolvedAccess) {
    this.file = file;
    this.writable = writable;
    this.options = options;
    const { filename, token } = file;
    this.pool = new LazyPool({ filename, token }, options.workers);
  }

  get gatherer(): Gatherer {
    this.#gatherer ??= new Gatherer(this.pool, this.ledger, this.options.memory);
    return this.#gatherer;
  }

  /** The gatherer, if anything was written. */
  get gathered(): Gatherer | undefined {
    return this.#gatherer;
  }

  closedError(path: string): ClosedError {
    return new ClosedError({
      path,
      problem: `${this.file.filename} is closed, so ${path} can't be used`,
      remedy: 'open it again',
    });
  }

  /** @throws ClosedError once the file is being closed */
  requireOpen(name: string): void {
    if (this.isClosing) throw this.closedError(name);
  }

  /** @throws OutputError for a file that is only read */
  requireWritable(path: string): void {
    if (!this.writable)
      throw new OutputError({
        path,
        problem: `${path} can't be written: ${this.file.filename} was opened with mode 'r'`,
        remedy: "open it with 'r+' or 'a'",
      });
  }

  /** Brings all that was written into the file. */
  async flush(): Promise<void> {
    await this.#gatherer?.flush();
    this.ledger.settle();
    if (this.writable) this.file.flush();
  }

  /** Ends the threads and closes the file, whatever fails; the first error is thrown. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    const steps = [
      () => this.#gatherer?.flush(),
      () => this.ledger.settle(),
      () => this.pool.close(),
      () => this.file.close(),
    ];
    for (const step of steps)
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    if (failures.length > 0) throw failures[0];
  }
}
