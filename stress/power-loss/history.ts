/** What something was from a moment on. */
export interface Version<T> {
  readonly moment: number;
  readonly value: T;
}

/**
 * What the disk may hold of one thing (a page, a size, a time): what it was when it was last synced, or
 * anything that it became since.
 */
export class History<T> {
  #versions: Version<T>[];

  constructor(value: T, moment = 0) {
    this.#versions = [{ moment, value }];
  }

  /** The oldest first; the last is what the system has in its cache. */
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

  /** All changes up to a moment have come to the disk. */
  settle(moment: number): void {
    const newest = this.#versions.findLastIndex((version) => version.moment <= moment);
    if (newest > 0) this.#versions = this.#versions.slice(newest);
  }
}
