import type { Target } from './target.js';

/** A chunk in memory: what a reader of the file is to see of it, as soon as its gaps are filled. */
export interface OpenChunk {
  readonly target: Target;
  readonly key: string;
  /** Its first element. */
  readonly start: readonly number[];
  buffer: ArrayBuffer;
  /** A bit for each element that has come since it is open; none where they all came at once. */
  readonly covered: Uint8Array<ArrayBuffer> | undefined;
  /** Elements that are still to come. */
  missing: number;
  /** Whether what is not covered may hold anything at all, since nothing was filled in yet. */
  hasGaps: boolean;
  /** Whether anything was put into it since it is open; else it need not be encoded. */
  isChanged: boolean;
  /** How many writers are about to use it: it stays. */
  pins: number;
}

/** The chunks that are in memory; the one that was touched longest ago comes first. */
export class OpenChunks implements Iterable<OpenChunk> {
  readonly #byTarget = new Map<Target, Map<string, OpenChunk>>();
  readonly #byAge = new Set<OpenChunk>();

  get(target: Target, key: string): OpenChunk | undefined {
    return this.#byTarget.get(target)?.get(key);
  }

  has(chunk: OpenChunk): boolean {
    return this.#byAge.has(chunk);
  }

  add(chunk: OpenChunk): void {
    const chunks = this.#byTarget.get(chunk.target);
    if (chunks) chunks.set(chunk.key, chunk);
    else this.#byTarget.set(chunk.target, new Map([[chunk.key, chunk]]));
    this.#byAge.add(chunk);
  }

  touch(chunk: OpenChunk): void {
    this.#byAge.delete(chunk);
    this.#byAge.add(chunk);
  }

  delete(chunk: OpenChunk): void {
    this.#byTarget.get(chunk.target)?.delete(chunk.key);
    this.#byAge.delete(chunk);
  }

  [Symbol.iterator](): Iterator<OpenChunk> {
    return this.#byAge[Symbol.iterator]();
  }
}
