/** Memory for chunks: bounded, and used again instead of left to the garbage collector. */
export class ChunkMemory {
  /** bytes */
  limit: number;
  #held = 0;
  readonly #spare = new Map<number, ArrayBuffer[]>();

  constructor(limit: number) {
    this.limit = limit;
  }

  /** A buffer with whatever was in it before, or undefined where the limit leaves no room for it. */
  take(bytes: number): ArrayBuffer | undefined {
    const spare = this.#spare.get(bytes)?.pop();
    if (spare) return spare;
    if (this.#held + bytes > this.limit) this.#dropSpare();
    if (this.#held + bytes > this.limit) return undefined;
    this.#held += bytes;
    return new ArrayBuffer(bytes);
  }

  /** Keeps a buffer for the next who needs one of its size. */
  giveBack(buffer: ArrayBuffer): void {
    const bytes = buffer.byteLength;
    const spare = this.#spare.get(bytes);
    if (spare) spare.push(buffer);
    else this.#spare.set(bytes, [buffer]);
  }

  /** A buffer that will not be given back: a failed worker had it. */
  lose(bytes: number): void {
    this.#held -= bytes;
  }

  #dropSpare(): void {
    for (const [bytes, buffers] of this.#spare) this.#held -= bytes * buffers.length;
    this.#spare.clear();
  }
}
