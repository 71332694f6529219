/** A bounded pool of buffers for chunks. Buffers are reused instead of being left to the garbage collector. */
export class ChunkMemory {
  /** Bytes that all buffers may take together. */
  limit: number;
  /** Bytes of all buffers that exist, in use or not. */
  #held = 0;
  /** Buffers that are not in use, by their size in bytes. */
  readonly #spare = new Map<number, ArrayBuffer[]>();

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Takes a buffer, which may hold old data. Returns undefined if the limit leaves no room for it. */
  take(bytes: number): ArrayBuffer | undefined {
    const spare = this.#spare.get(bytes)?.pop();
    if (spare) return spare;
    if (this.#held + bytes > this.limit) this.#dropSpare();
    if (this.#held + bytes > this.limit) return undefined;
    this.#held += bytes;
    return new ArrayBuffer(bytes);
  }

  /** Returns a buffer, for the next `take` of its size. */
  giveBack(buffer: ArrayBuffer): void {
    const bytes = buffer.byteLength;
    const spare = this.#spare.get(bytes);
    if (spare) spare.push(buffer);
    else this.#spare.set(bytes, [buffer]);
  }

  /** Takes a buffer off the account that is never given back, because the worker that had it failed. */
  lose(bytes: number): void {
    this.#held -= bytes;
  }

  #dropSpare(): void {
    for (const [bytes, buffers] of this.#spare) this.#held -= bytes * buffers.length;
    this.#spare.clear();
  }
}
