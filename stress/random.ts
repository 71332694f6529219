/** Random numbers that are the same for the same seed (mulberry32, by Tommy Ettinger, public domain). */
export class Random {
  #state: number;

  /** @param part selects one of many independent sequences of a seed */
  constructor(seed: number, part = 0) {
    this.#state = (seed ^ Math.imul(part + 1, 0x9e3779b1)) | 0;
  }

  /** Uniform in [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `first` up to, but not including, `end`. */
  whole(first: number, end: number): number {
    return first + Math.floor(this.next() * (end - first));
  }

  /** A number from `low` up to `high`. */
  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  /** One of the values, each with the same probability. */
  pick<T>(from: readonly T[]): T {
    return from[this.whole(0, from.length)];
  }

  /** True with this probability. */
  chance(share: number): boolean {
    return this.next() < share;
  }
}
