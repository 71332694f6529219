import { Gatherer, LazyPool, Ledger } from '../coordinator/index.js';
import { OutputError } from '../errors.js';
import { ClosedError, type File } from '../hdf5/index.js';
import { ChecksumRecord } from './checksum-record.js';
import type { ResolvedAccess } from './options.js';

/** An open file, and the threads that read and write its chunks. The threads start with the first task. */
export class Session {
  readonly file: File;
  readonly writable: boolean;
  readonly options: ResolvedAccess;
  readonly checksums: ChecksumRecord;
  readonly ledger: Ledger;
  /** Whether close() was called, so that further calls are refused. */
  isClosing = false;
  readonly pool: LazyPool;
  #gatherer: Gatherer | undefined;

  constructor(file: File, writable: boolean, options: ResolvedAccess) {
    this.file = file;
    this.writable = writable;
    this.options = options;
    this.checksums = new ChecksumRecord(file);
    this.ledger = new Ledger(this.checksums, { file, isRead: true });
    const { filename, token } = file;
    this.pool = new LazyPool({ filename, token }, options.workers);
  }

  /** Gathers written data into chunks; created on first use. */
  get gatherer(): Gatherer {
    this.#gatherer ??= new Gatherer(this.pool, this.ledger, this.options.memory);
    return this.#gatherer;
  }

  /** The gatherer, if data were written; undefined otherwise. */
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

  /** @throws ClosedError after close() was called */
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

  /** Writes all gathered data and the metadata into the file. */
  async flush(): Promise<void> {
    await this.#gatherer?.flush();
    this.ledger.settle();
    if (this.writable) this.file.flush();
  }

  /** Writes all data, ends the threads and closes the file, even if a step fails. @throws the first error */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    const steps = [
      () => this.#gatherer?.flush(),
      () => this.ledger.settle(),
      () => this.pool.close(),
      () => this.writable && this.file.stagedBytes > 0 && this.file.reclaim(),
      // After an error, chunks may be missing that are on record.
      () => failures.length > 0 || this.checksums.write((dataset) => this.ledger.extent(dataset)),
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
