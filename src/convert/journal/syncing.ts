import { close, constants, fdatasync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import { writeError } from '../../hdf5/index.js';
import type { Journal } from './journal.js';

/** Milliseconds between two syncs. A power failure loses about this much work at most. */
const INTERVAL_MS = 1000;

const syncData = promisify(fdatasync);

/**
 * Syncs a conversion to the disk at intervals: first the chunks, then a `synced` record, which says that they are
 * there. After a power failure, chunks without such a record are checked before they are used.
 */
export class Syncing {
  readonly #journal: Journal;
  readonly #filename: string;
  readonly #descriptor: number;
  /** A sync covers the chunks whose records end after this position of the journal. */
  #from: number;
  #isOpen = true;
  /** When the last sync ended. */
  #last = performance.now();
  #running: Promise<void> | undefined;
  /** Starts the next sync. Set while something on record is not synced. */
  #timer: NodeJS.Timeout | undefined;
  #failure: unknown;

  /** @param filename the file that holds the chunks */
  constructor(journal: Journal, filename: string) {
    this.#journal = journal;
    this.#filename = filename;
    this.#descriptor = openSync(filename, constants.O_RDWR | constants.O_NOFOLLOW);
    this.#from = journal.size;
  }

  /** From now on, a sync covers all chunks on record, not only those of this run. */
  coverAll(): void {
    this.#from = 0;
  }

  /**
   * Is called after each record. Starts a sync in the background when the interval is over, even if no further record
   * follows.
   *
   * @throws WriteError if an earlier sync failed
   */
  tick(): void {
    if (this.#failure !== undefined) throw this.#failure;
    const wait = this.#last + INTERVAL_MS - performance.now();
    if (!this.#running && wait <= 0) void this.#begin();
    else this.#timer ??= setTimeout(() => void this.#syncLater(), Math.max(wait, 0)).unref();
  }

  /** Resolves when everything on record so far is on the disk. @throws WriteError */
  async now(): Promise<void> {
    await this.#running;
    await this.#begin();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** A second call does nothing. @throws WriteError if a sync in the background failed */
  async close(): Promise<void> {
    const wasOpen = this.#isOpen;
    this.#isOpen = false;
    this.#stopTimer();
    await this.#running;
    if (!wasOpen) return;
    await promisify(close)(this.#descriptor);
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** A sync that is running began before the record that set the timer, so another one has to follow. */
  async #syncLater(): Promise<void> {
    await this.#running;
    if (this.#isOpen) await this.#begin();
  }

  #begin(): Promise<void> {
    if (this.#running) return this.#running;
    // After a failed sync, a later one may succeed although the bytes of the failed one never reached the disk.
    if (this.#failure !== undefined) return Promise.resolve();
    this.#stopTimer();
    this.#running = this.#sync()
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .finally(() => {
        this.#running = undefined;
        this.#last = performance.now();
      });
    return this.#running;
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #sync(): Promise<void> {
    const from = this.#from;
    const until = this.#journal.size;
    await syncData(this.#descriptor).catch((error: unknown) => {
      throw writeError(error, this.#filename);
    });
    this.#journal.append({ kind: 'synced', from, until });
    await this.#journal.sync();
  }
}
