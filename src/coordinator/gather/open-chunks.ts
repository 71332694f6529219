import type { Target } from './target.js';

/** A chunk in memory. Once its gaps are filled, it holds what a reader of the file is to see. */
export interface OpenChunk {
  readonly target: Target;
  /** `start` as text. */
  readonly key: string;
  /** Index of its first element, per axis. */
  readonly start: readonly number[];
  buffer: ArrayBuffer;
  /** A bit for each element, set once it has data; undefined if all elements come in one piece. */
  readonly covered: Uint8Array<ArrayBuffer> | undefined;
  /** Elements without data since the chunk was opened. */
  missing: number;
  /** Whether the elements that are not covered hold old memory, because they were not filled yet. */
  hasGaps: boolean;
  /** Whether data were written into it since it was opened; else it need not be encoded. */
  isChanged: boolean;
  /** How many writers are about to use it. A pinned chunk stays in memory. */
  pins: number;
}

/** The chunks in memory. Iteration begins with the least recently used. */
export class OpenChunks implements Iterable<OpenChunk> {
  readonly #byTarget = new Map<Target, Map<string, OpenChunk>>();
  /** In the order of their last use. */
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

  /** Marks a chunk as just used. */
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
