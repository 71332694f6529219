import { close, constants, fdatasync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import { writeError } from '../../hdf5/index.js';
import type { Journal } from './journal.js';

/** What the loss of power may cost, milliseconds. */
const INTERVAL_MS = 1000;

const syncData = promisify(fdatasync);

/**
 * Brings a conversion to the disk at intervals: the chunks, then the record that they are there. What
 * is on record behind the last such record is checked before it is trusted.
 */
export class Syncing {
  readonly #journal: Journal;
  readonly #filename: string;
  readonly #descriptor: number;
  /** From where in the journal on a sync stands for the chunks that are on record. */
  #from: number;
  #isOpen = true;
  #last = performance.now();
  #running: Promise<void> | undefined;
  /** Until it is time to; set while something is on record that is not synced. */
  #timer: NodeJS.Timeout | undefined;
  #failure: unknown;

  /** @param filename of the file that holds the chunks */
  constructor(journal: Journal, filename: string) {
    this.#journal = journal;
    this.#filename = filename;
    this.#descriptor = openSync(filename, constants.O_RDWR | constants.O_NOFOLLOW);
    this.#from = journal.size;
  }

  /** From here on a sync stands for all that is on record, not only for what this run wrote. */
  coverAll(): void {
    this.#from = 0;
  }

  /**
   * To be called when something was put on record: it is synced in the background when it is time to,
   * though nothing may follow it for long.
   *
   * @throws what failed there
   */
  tick(): void {
    if (this.#failure !== undefined) throw this.#failure;
    const wait = this.#last + INTERVAL_MS - performance.now();
    if (!this.#running && wait <= 0) void this.#begin();
    else this.#timer ??= setTimeout(() => void this.#late(), Math.max(wait, 0)).unref();
  }

  /** Resolves when all that is on record by now is on the disk. */
  async now(): Promise<void> {
    await this.#running;
    await this.#begin();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Closing twice does nothing. @throws what failed in the background */
  async close(): Promise<void> {
    const wasOpen = this.#isOpen;
    this.#isOpen = false;
    this.#stopTimer();
    await this.#running;
    if (!wasOpen) return;
    await promisify(close)(this.#descriptor);
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** What is being synced does not reach as far as what the timer was set for. */
  async #late(): Promise<void> {
    await this.#running;
    if (this.#isOpen) await this.#begin();
  }

  #begin(): Promise<void> {
    if (this.#running) return this.#running;
    // After a sync that failed the next one may succeed without having written what that one could not.
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
