import { slice } from '../layout/index.js';
import type { NdArray } from './arrays/nd-array.js';
import type { Assembler } from './assembler.js';
import { DataChunk } from './data-chunk.js';

/** Pulls one chunk after the other out of data. */
export interface ChunkPull {
  /** The next chunk, or undefined at the end. */
  next(): DataChunk | undefined;
  /** Ends early and closes the iterator of the data. */
  close(): void;
}

/** A {@link ChunkPull} for asynchronous data. Callers must not overlap calls of `next`. */
export interface AsyncChunkPull {
  next(): Promise<DataChunk | undefined>;
  close(): Promise<void>;
}

/** Chunks made of the items of an iterable. */
export class IterablePull implements ChunkPull {
  readonly #data: Iterable<unknown>;
  readonly #assembler: Assembler;
  #iterator: Iterator<unknown> | undefined;
  #done = false;
  #closed = false;

  constructor(data: Iterable<unknown>, assembler: Assembler) {
    this.#data = data;
    this.#assembler = assembler;
  }

  next(): DataChunk | undefined {
    for (;;) {
      if (this.#closed) return undefined;
      const ready = this.#assembler.take();
      if (ready || this.#done) return ready;
      const step = this.#step();
      if (step.done) {
        this.#assembler.end();
        continue;
      }
      try {
        this.#assembler.push(step.value);
      } catch (error) {
        this.#closeAfterError();
        throw error;
      }
    }
  }

  close(): void {
    this.#closed = true;
    if (this.#done) return;
    this.#done = true;
    this.#iterator?.return?.();
  }

  /** As in a `for` loop, an iterator that has thrown or has ended is not closed. */
  #step(): IteratorResult<unknown> {
    try {
      this.#iterator ??= this.#data[Symbol.iterator]();
      const step = this.#iterator.next();
      if (step.done) this.#done = true;
      return step;
    } catch (error) {
      this.#done = true;
      throw error;
    }
  }

  /** As in a `for` loop, an error while the iterator is closed does not replace the first error. */
  #closeAfterError(): void {
    try {
      this.close();
    } catch {}
  }
}

/** Chunks made of the items of an async iterable. */
export class AsyncIterablePull implements AsyncChunkPull {
  readonly #data: AsyncIterable<unknown>;
  readonly #assembler: Assembler;
  #iterator: AsyncIterator<unknown> | undefined;
  #done = false;
  #closed = false;

  constructor(data: AsyncIterable<unknown>, assembler: Assembler) {
    this.#data = data;
    this.#assembler = assembler;
  }

  async next(): Promise<DataChunk | undefined> {
    for (;;) {
      if (this.#closed) return undefined;
      const ready = this.#assembler.take();
      if (ready || this.#done) return ready;
      const step = await this.#step();
      if (step.done) {
        this.#assembler.end();
        continue;
      }
      try {
        this.#assembler.push(step.value);
      } catch (error) {
        await this.close().catch(() => undefined);
        throw error;
      }
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#done) return;
    this.#done = true;
    await this.#iterator?.return?.();
  }

  async #step(): Promise<IteratorResult<unknown>> {
    try {
      this.#iterator ??= this.#data[Symbol.asyncIterator]();
      const step = await this.#iterator.next();
      if (step.done) this.#done = true;
      return step;
    } catch (error) {
      this.#done = true;
      throw error;
    }
  }
}

/** Chunks that are views of an array in memory, of `rows` elements along axis 0 each. */
export class ArrayPull implements ChunkPull {
  readonly #array: NdArray;
  readonly #rows: number;
  #next = 0;

  constructor(array: NdArray, rows: number) {
    this.#array = array;
    this.#rows = rows;
  }

  next(): DataChunk | undefined {
    const { data, shape } = this.#array;
    const [length, ...row] = shape;
    if (this.#next >= length) return undefined;
    const start = this.#next;
    const stop = Math.min(start + this.#rows, length);
    this.#next = stop;
    const size = data.length / length;
    const items = data.subarray(start * size, stop * size);
    return new DataChunk({ data: items, shape: [stop - start, ...row] }, slice(start, stop));
  }

  close(): void {
    this.#next = this.#array.shape[0];
  }
}
