/** The value of something from a moment on. */
export interface Version<T> {
  readonly moment: number;
  readonly value: T;
}

/**
 * All values of one thing (a page, a size, a time) that the disk may hold: its value at the last sync, and all later
 * ones.
 */
export class History<T> {
  #versions: Version<T>[];

  constructor(value: T, moment = 0) {
    this.#versions = [{ moment, value }];
  }

  /** The oldest is first. The last one is the value in the system's cache. */
  get versions(): readonly Version<T>[] {
    return this.#versions;
  }

  get last(): T {
    return (this.#versions.at(-1) as Version<T>).value;
  }

  /** Moments never go backwards. */
  change(moment: number, value: T): void {
    this.#versions.push({ moment, value });
  }

  /** All changes up to a moment have reached the disk. */
  settle(moment: number): void {
    const newest = this.#versions.findLastIndex((version) => version.moment <= moment);
    if (newest > 0) this.#versions = this.#versions.slice(newest);
  }
}
