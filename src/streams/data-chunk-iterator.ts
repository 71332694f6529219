import type { DType, Maxshape } from '../layout/index.js';
import type { AbstractDataChunkIterator } from './abstract-data-chunk-iterator.js';
import { DataError, showValue } from './arrays/data-error.js';
import {
  type AnyItemArray,
  dtypeOf,
  isItemArray,
  isNdArray,
  type NdArray,
} from './arrays/nd-array.js';
import type { NdArrayLike } from './arrays/nested.js';
import { toNdArray } from './arrays/to-nd-array.js';
import { BlockAssembler } from './assemble-blocks.js';
import { ByteAssembler } from './assemble-bytes.js';
import { ElementAssembler } from './assemble-elements.js';
import { type Assembler, checkRowShape } from './assembler.js';
import {
  ArrayPull,
  type AsyncChunkPull,
  AsyncIterablePull,
  type ChunkPull,
  IterablePull,
} from './chunk-pull.js';
import type { DataChunk } from './data-chunk.js';
import {
  type DataChunkIteratorOptions,
  type ResolvedIteratorOptions,
  resolveIteratorOptions,
} from './iterator-options.js';

/** What a {@link DataChunkIterator} goes through: a stream, a generator, an array. */
export type IterableData =
  | AnyItemArray
  | NdArray
  | Iterable<NdArrayLike | null>
  | AsyncIterable<NdArrayLike | null>;

/** Type and shape of the first chunk. */
interface Found {
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/**
 * DataChunks of whatever yields the data piece by piece, along axis 0: a generator, an async
 * generator, a Node or web stream, an array, a typed array, an n-d array. HDMF's class of this name
 * is the model.
 *
 *     new DataChunkIterator(rows(), { bufferSize: 1000 })
 *     new DataChunkIterator(createReadStream(path), {
 *       yields: 'bytes', dtype: 'int16', maxshape: [null, 384],
 *     })
 *
 * What is not declared comes from the first chunk, read when it is asked for; of asynchronous data,
 * by `prepare()`. It is yielded all the same. Data goes by once, so it can be iterated once.
 * Synchronous data has `[Symbol.iterator]`, too.
 *
 * Items are copied into the chunk, so that generators may use an array again and again. Not so with
 * a `bufferSize` of 1, blocks, bytes and arrays in memory: a chunk may be a view of what was
 * yielded, and holds until the next one is asked for.
 */
export class DataChunkIterator implements AbstractDataChunkIterator {
  readonly recommendedChunkShape = null;
  /** Of synchronous data only: no promise per chunk. */
  declare readonly [Symbol.iterator]?: () => IterableIterator<DataChunk>;

  readonly #options: ResolvedIteratorOptions;
  readonly #pull: ChunkPull | AsyncChunkPull;
  /** The same, of synchronous data. */
  readonly #syncPull: ChunkPull | undefined;
  /** Along axis 0, of an array. */
  readonly #length: number | undefined;
  #found: Found | undefined;
  /** Until it is yielded. */
  #first: DataChunk | undefined;
  #hasFirst = false;
  #failure: { readonly error: unknown } | undefined;
  #reading: Promise<void> | undefined;
  #isIterated = false;

  /** @throws OptionError for options that are not known or don't fit; DataError for data that can't be iterated */
  constructor(data: IterableData, options: DataChunkIteratorOptions = {}) {
    this.#options = resolveIteratorOptions(options);
    const { bufferSize, maxshape, yields } = this.#options;
    refuseEnded(data);
    const isArray = isItemArray(data) || isNdArray(data);
    if (isArray && yields === 'elements') {
      const array = atLeast1d(toNdArray(data, this.#options.dtype, NAME));
      checkShape(array.shape, maxshape);
      this.#length = array.shape[0];
      this.#syncPull = new ArrayPull(array, bufferSize);
      const shape = [Math.min(bufferSize, this.#length), ...array.shape.slice(1)];
      this.#found = { dtype: dtypeOf(array.data), shape };
    } else if (hasMethod<AsyncIterable<unknown>>(data, Symbol.asyncIterator)) {
      this.#pull = new AsyncIterablePull(data, assemblerFor(this.#options, bufferSize));
      return;
    } else if (hasMethod<Iterable<unknown>>(data, Symbol.iterator)) {
      if (Array.isArray(data) && yields === 'elements') this.#length = data.length;
      const rows = Math.max(1, Math.min(bufferSize, this.#length ?? bufferSize));
      this.#syncPull = new IterablePull(data, assemblerFor(this.#options, rows));
    } else {
      const expected = 'an array, a generator or a stream';
      throw new DataError({ name: NAME, expected, received: showValue(data) });
    }
    this.#pull = this.#syncPull;
    this[Symbol.iterator] = () => this.#iterate(this.#syncPull as ChunkPull);
  }

  /** @throws DataError when nothing tells it: no option and no item, or data not prepared */
  get dtype(): DType {
    const { dtype } = this.#options;
    return dtype ?? this.#foundFor('dtype').dtype;
  }

  /** @throws DataError as for dtype */
  get maxshape(): Maxshape {
    if (this.#options.maxshape) return this.#options.maxshape;
    // An array of no items, or of gaps only, has a length all the same.
    this.#read('maxshape');
    if (!this.#found && this.#length !== undefined) return [this.#length];
    return [this.#length ?? null, ...this.#foundFor('maxshape').shape.slice(1)];
  }

  /**
   * The maxshape where it has no null, else the shape of the first chunk; without one, the maxshape
   * with axes of unknown length 1, or 0 when there was no data.
   *
   * @throws DataError as for dtype
   */
  get recommendedDataShape(): readonly number[] {
    const { dtype, maxshape } = this.#options;
    if (!dtype || !maxshape) this.#read('recommendedDataShape');
    const most = this.maxshape;
    if (most.every((length) => length !== null)) return most as readonly number[];
    return this.#found?.shape ?? most.map((length) => length ?? (this.#hasFirst ? 0 : 1));
  }

  /**
   * Reads the first chunk.
   *
   * @throws DataError when there is none, and dtype or maxshape were not given
   * @throws whatever the wrapped iterator throws
   */
  async prepare(): Promise<void> {
    await this.#readFirst();
    // Both throw where they are not known.
    this.dtype;
    this.maxshape;
  }

  /** @throws DataError when it is called a second time */
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
        // A generator that has not started would not run its finally.
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

  /** Type and shape of the first chunk, which is read where that can be done at once. */
  #foundFor(what: string): Found {
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

const NAME = 'the data of a DataChunkIterator';

function assemblerFor(options: ResolvedIteratorOptions, rows: number): Assembler {
  const { dtype, maxshape, yields } = options;
  if (yields === 'blocks') return new BlockAssembler({ dtype, maxshape });
  // Both were checked with the options.
  if (yields === 'bytes') return new ByteAssembler(dtype as DType, maxshape?.slice(1) as number[]);
  return new ElementAssembler(rows, { dtype, maxshape });
}

function checkShape(shape: readonly number[], maxshape: Maxshape | undefined): void {
  checkRowShape(shape.slice(1), maxshape, NAME);
  const most = maxshape?.[0] ?? Number.POSITIVE_INFINITY;
  if (shape[0] <= most) return;
  const expected = `at most ${most} elements along axis 0`;
  throw new DataError({ name: NAME, expected, received: String(shape[0]) });
}

/** A single item becomes an axis of one. */
function atLeast1d(array: NdArray): NdArray {
  return array.shape.length > 0 ? array : { data: array.data, shape: [1] };
}

function hasMethod<T>(data: unknown, name: symbol): data is T {
  if (typeof data !== 'object' || data === null) return false;
  return typeof (data as Record<symbol, unknown>)[name] === 'function';
}

/** A Node stream that is over yields nothing, as if there had been no data. */
function refuseEnded(data: unknown): void {
  const { readableEnded, destroyed } = data as { readableEnded?: unknown; destroyed?: unknown };
  if (readableEnded !== true && !(destroyed === true && readableEnded !== undefined)) return;
  const received = 'one that was read to its end, or destroyed';
  throw new DataError({ name: NAME, expected: 'a stream that is still to be read', received });
}
