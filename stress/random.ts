/** Draws that are the same for the same seed (mulberry32, by Tommy Ettinger, public domain). */
export class Random {
  #state: number;

  /** @param part numbers of one seed that differ give other draws */
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

  /** A whole number from `least` up to, and without, `end`. */
  whole(least: number, end: number): number {
    return least + Math.floor(this.next() * (end - least));
  }

  /** A number from `least` to `most`. */
  between(least: number, most: number): number {
    return least + this.next() * (most - least);
  }

  pick<T>(from: readonly T[]): T {
    return from[this.whole(0, from.length)];
  }

  /** True in this share of the draws. */
  chance(share: number): boolean {
    return this.next() < share;
  }
}
