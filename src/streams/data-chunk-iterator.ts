import type { DType, Maxshape } from '../layout/index.js';
import type { AbstractDataChunkIterator } from './abstract-data-chunk-iterator.js';
import { DataError } from './arrays/data-error.js';
import { dtypeOf } from './arrays/nd-array.js';
import type { AsyncChunkPull, ChunkPull } from './chunk-pull.js';
import type { DataChunk } from './data-chunk.js';
import {
  type DataChunkIteratorOptions,
  type ResolvedIteratorOptions,
  resolveIteratorOptions,
} from './iterator-options.js';
import { type ChunkForm, type IterableData, openData } from './open-data.js';

/**
 * Makes DataChunks along axis 0 of data that come piece by piece: from a generator, an async generator, a Node
 * or web stream, an array, a typed array or an n-d array. Modelled on HDMF's class of this name.
 *
 *     new DataChunkIterator(rows(), { bufferSize: 1000 })
 *     new DataChunkIterator(createReadStream(path), {
 *       yields: 'bytes', dtype: 'int16', maxshape: [null, 384],
 *     })
 *
 * If dtype or maxshape is not declared, it is taken from the first chunk, which is read when one of them is
 * needed, or by `prepare()` if the data are asynchronous. The first chunk is still yielded. The data can be
 * iterated only once. Iterators of synchronous data have `[Symbol.iterator]`, too.
 *
 * Items are copied into the chunk, so a generator may reuse one array for all items. With a `bufferSize` of 1,
 * blocks, bytes or arrays in memory, however, a chunk may be a view of the yielded data, which is valid until
 * the next chunk is requested.
 */
export class DataChunkIterator implements AbstractDataChunkIterator {
  readonly recommendedChunkShape = null;
  /** Only for synchronous data; needs no promise per chunk. */
  declare readonly [Symbol.iterator]?: () => IterableIterator<DataChunk>;

  readonly #options: ResolvedIteratorOptions;
  readonly #pull: ChunkPull | AsyncChunkPull;
  /** The same pull, if the data are synchronous. */
  readonly #syncPull: ChunkPull | undefined;
  /** Length along axis 0, if the data are an array. */
  readonly #length: number | undefined;
  /** Dtype and shape of the first chunk, once known. */
  #found: ChunkForm | undefined;
  /** The first chunk, from when it is read until it is yielded. */
  #first: DataChunk | undefined;
  #hasFirst = false;
  #failure: { readonly error: unknown } | undefined;
  #reading: Promise<void> | undefined;
  #isIterated = false;

  /** @throws OptionError for unknown or invalid options; DataError for data that can't be iterated */
  constructor(data: IterableData, options: DataChunkIteratorOptions = {}) {
    this.#options = resolveIteratorOptions(options);
    const { pull, syncPull, length, form } = openData(data, this.#options);
    this.#pull = pull;
    this.#syncPull = syncPull;
    this.#length = length;
    this.#found = form;
    if (syncPull) this[Symbol.iterator] = () => this.#iterate(syncPull);
  }

  /** @throws DataError if it is not declared and the data are empty, or are asynchronous and not prepared */
  get dtype(): DType {
    const { dtype } = this.#options;
    return dtype ?? this.#foundFor('dtype').dtype;
  }

  /** @throws DataError as for dtype */
  get maxshape(): Maxshape {
    if (this.#options.maxshape) return this.#options.maxshape;
    // An array without items, or with gaps only, has no first chunk, but it has a length.
    this.#read('maxshape');
    if (!this.#found && this.#length !== undefined) return [this.#length];
    return [this.#length ?? null, ...this.#foundFor('maxshape').shape.slice(1)];
  }

  /**
   * The maxshape if it has no null, else the shape of the first chunk. If the first chunk is not known, the
   * maxshape with 1 in place of each null, or 0 if there are no data.
   *
   * @throws DataError as for dtype
   */
  get recommendedDataShape(): readonly number[] {
    const { dtype, maxshape } = this.#options;
    if (!dtype || !maxshape) this.#read('recommendedDataShape');
    const max = this.maxshape;
    if (max.every((length) => length !== null)) return max as readonly number[];
    return this.#found?.shape ?? max.map((length) => length ?? (this.#hasFirst ? 0 : 1));
  }

  /**
   * Reads the first chunk.
   *
   * @throws DataError if the data are empty and dtype or maxshape is not declared
   * @throws the error of the wrapped iterator, if it throws
   */
  async prepare(): Promise<void> {
    await this.#readFirst();
    // Both getters throw if the value is not known.
    this.dtype;
    this.maxshape;
  }

  /** @throws DataError if it is called a second time */
  [Symbol.asyncIterator](): AsyncIterableIterator<DataChunk> {
    this.#begin();
    const chunks = this.#chunks();
    let isStarted = false;
    return {
      next: () => {
        isStarted = true;
        return chunks.next();
      },
      return: async () => {
        // A generator that has not started would not run its finally block.
        if (!isStarted) await this.#close();
        return chunks.return(undefined);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  async *#chunks(): AsyncGenerator<DataChunk, undefined> {
    try {
      await this.#readFirst();
      for (let chunk = this.#takeFirst(); chunk; chunk = await this.#pull.next()) yield chunk;
    } finally {
      await this.#close();
    }
  }

  #iterate(pull: ChunkPull): IterableIterator<DataChunk> {
    this.#begin();
    return {
      next: () => {
        if (!this.#hasFirst) this.#readFirstOf(pull);
        if (this.#failure) throw this.#failure.error;
        const value = this.#takeFirst() ?? pull.next();
        return value ? { done: false, value } : { done: true, value: undefined };
      },
      return: () => {
        this.#first = undefined;
        pull.close();
        return { done: true, value: undefined };
      },
      [Symbol.iterator]() {
        return this;
      },
    };
  }

  #begin(): void {
    if (this.#isIterated) {
      const received = 'a second one, after its data were consumed';
      throw new DataError({ name: 'a DataChunkIterator', expected: 'one iteration', received });
    }
    this.#isIterated = true;
  }

  async #close(): Promise<void> {
    this.#first = undefined;
    await this.#pull.close();
  }

  #takeFirst(): DataChunk | undefined {
    const chunk = this.#first;
    this.#first = undefined;
    return chunk;
  }

  /** Dtype and shape of the first chunk; reads it if the data are synchronous. */
  #foundFor(what: string): ChunkForm {
    this.#read(what);
    if (this.#found) return this.#found;
    const expected = 'dtype and maxshape';
    const received = `no ${what}`;
    throw new DataError({ name: 'a DataChunkIterator without any data', expected, received });
  }

  #read(what: string): void {
    if (this.#found) return;
    if (!this.#hasFirst && !this.#failure) {
      if (!this.#syncPull) {
        throw new DataError({
          name: `the ${what} of a DataChunkIterator over asynchronous data`,
          expected: "'await prepare()' before anything is asked",
          received: 'none',
        });
      }
      this.#readFirstOf(this.#syncPull);
    }
    if (this.#failure) throw this.#failure.error;
  }

  #readFirstOf(pull: ChunkPull): void {
    try {
      this.#setFirst(pull.next());
    } catch (error) {
      this.#failure = { error };
    }
  }

  async #readFirst(): Promise<void> {
    if (this.#syncPull) {
      if (!this.#hasFirst && !this.#failure) this.#readFirstOf(this.#syncPull);
    } else {
      this.#reading ??= this.#pullFirst();
      await this.#reading;
    }
    if (this.#failure) throw this.#failure.error;
  }

  async #pullFirst(): Promise<void> {
    try {
      this.#setFirst(await this.#pull.next());
    } catch (error) {
      this.#failure = { error };
    }
  }

  #setFirst(chunk: DataChunk | undefined): void {
    this.#hasFirst = true;
    this.#first = chunk;
    if (chunk) this.#found = { dtype: dtypeOf(chunk.data.data), shape: chunk.data.shape };
  }
}
