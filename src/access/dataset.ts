import { rejectWriters } from '../coordinator/index.js';
import type { Attributes, Dataset, StoredFilter } from '../hdf5/index.js';
import {
  checkData,
  type DType,
  ITEM_ARRAYS,
  LayoutError,
  type Maxshape,
  product,
  resolveSelection,
  type Selection,
  slice,
} from '../layout/index.js';
import { chunkProblem, type DatasetSpec, numberProblem, numericType } from '../plan/index.js';
import {
  type AbstractDataChunkIterator,
  checkIterator,
  type DataChunk,
  DataError,
  isDataChunkIterator,
  type NdArray,
  type NdArrayLike,
  showValue,
  toNdArray,
} from '../streams/index.js';
import { type BlockOptions, blockGrid, readBlocks } from './blocks.js';
import { CallQueue } from './call-queue.js';
import { checkExtent, checkMemory, requireWritable, rowsOf } from './checks.js';
import type { Session } from './session.js';
import { StoredData } from './stored-data.js';

/**
 * A dataset of an open file. Calls run in the order in which they are made, so you need to await only results
 * and errors. A call that fails does not affect the calls after it. Different datasets do not wait for each
 * other.
 *
 * Chunks are written in the background while more data arrive. If this fails, for example on a full disk, data
 * are lost: the next call that writes, reads or flushes throws the error, even on another dataset of the file, and
 * so does `close`.
 */
export class OpenDataset {
  /** Absolute path in the file. */
  readonly path: string;
  /** Type of the items in arrays. Booleans as h5py stores them are `uint8`, 0 and 1. */
  readonly dtype: DType;
  readonly #session: Session;
  readonly #dataset: Dataset;
  readonly #data: StoredData;
  readonly #calls = new CallQueue();

  /**
   * @param created the spec, if the dataset was created just now
   * @internal
   */
  constructor(session: Session, dataset: Dataset, created?: DatasetSpec) {
    const problem = numberProblem(dataset);
    if (problem) throw new LayoutError({ name: dataset.path, ...problem });
    this.path = dataset.path;
    this.dtype = numericType(dataset) as DType;
    this.#session = session;
    this.#dataset = dataset;
    this.#data = new StoredData(session, dataset, created);
  }

  /** Length of each axis, in elements, after the calls that have ended so far. */
  get shape(): readonly number[] {
    return this.#data.extent;
  }

  /** Largest length of each axis, in elements; null for no limit. */
  get maxshape(): Maxshape {
    return this.#dataset.maxshape;
  }

  /** Shape of a chunk, in elements; null if the dataset is not chunked. */
  get chunks(): readonly number[] | null {
    return this.#dataset.chunks;
  }

  /** The filters of the chunks, in the order in which they are applied on writing. */
  get filters(): readonly StoredFilter[] {
    return this.#dataset.storedFilters;
  }

  /** Value of elements that were never written; a bigint for int64 and uint64. */
  get fillvalue(): number | bigint {
    const { fillvalue = new ITEM_ARRAYS[this.dtype](1) } = this.#dataset;
    return fillvalue[0] as number | bigint;
  }

  /** The dataset's attributes. They are read and written synchronously. */
  get attributes(): Attributes {
    return this.#dataset.attributes;
  }

  /**
   * Changes the shape. New elements hold the fill value; elements that are cut off are lost. After an error, the
   * shape is unchanged.
   *
   * @param shape length of each axis, in elements
   * @throws ClosedError after close(); OutputError if the file was opened to read only
   * @throws LayoutError if the shape exceeds maxshape or has another rank, or the dataset is not chunked; JobError
   * if a damaged chunk would be cut through
   */
  resize(shape: readonly number[]): Promise<void> {
    return this.#inTurn(() => {
      this.#requireChunked();
      checkExtent(shape, this.maxshape, this.path);
      return this.#data.resize(shape);
    });
  }

  /**
   * Writes data into a selection, replacing the values there. The data are copied by the time the promise
   * resolves, and must not change before. They are in the file after `flush` or `close`.
   *
   * @param selection as in NumPy, within the extent: `[slice(0, 3), null]`
   * @param data of the shape of the selection: a typed array of the dataset's type (with several axes,
   * `ndarray(items, shape)`), nested lists of numbers, or one number, which is repeated
   * @throws ClosedError, OutputError as `resize`
   * @throws LayoutError, DataError if selection or data do not fit, BudgetError if the memory does not hold the
   * dataset's chunks; all three before anything is written. JobError if a chunk that is written in part is damaged
   */
  write(selection: Selection, data: NdArrayLike): Promise<void> {
    return this.#inTurn(() => {
      requireWritable(this.#session, this.#dataset);
      const resolved = resolveSelection(selection, this.shape, this.path, false);
      const array = toNdArray(data, this.dtype, this.path);
      checkData(resolved, array.shape, this.path);
      return this.#data.write(resolved, array);
    });
  }

  /**
   * Appends data along axis 0, which grows. After an error, the shape is unchanged; for iterators, see `consume`.
   *
   * @param data rows (an array of the dataset's rank), a single row (one axis less), or an iterator, whose
   * selections count from the present end
   * @throws ClosedError, OutputError, LayoutError, DataError, BudgetError, JobError as `write`, or for an iterator as `consume`
   */
  append(data: NdArrayLike | AbstractDataChunkIterator): Promise<void> {
    if (isDataChunkIterator(data)) return this.#feed(data, () => this.shape[0]);
    return this.#inTurn(() => {
      this.#requireChunked();
      const array = toNdArray(data, this.dtype, this.path);
      const rows = rowsOf(array.shape, this.shape, this.path);
      const [length, ...row] = this.shape;
      const extent = [length + rows[0], ...row];
      checkExtent(extent, this.maxshape, this.path);
      const resolved = resolveSelection([slice(length, null)], extent, this.path);
      return this.#data.writeGrowing(resolved, { data: array.data, shape: rows }, extent);
    });
  }

  /**
   * Writes all DataChunks of an iterator. The dataset grows as they arrive, up to maxshape. Selections count from
   * the beginning of the dataset; use `append` to count from its end. After an error, all DataChunks before it
   * are kept, and the shape is the one that they need.
   *
   * @throws ClosedError, OutputError as `resize`
   * @throws LayoutError, DataError, JobError if a DataChunk can't be written; errors of the iterator
   */
  consume(blocks: AbstractDataChunkIterator): Promise<void> {
    if (isDataChunkIterator(blocks)) return this.#feed(blocks, () => 0);
    return this.#inTurn(() => {
      this.#requireChunked();
      const expected =
        'an iterator with dtype and maxshape (wrap any other iterator in a DataChunkIterator)';
      throw new DataError({ name: this.path, expected, received: showValue(blocks) });
    });
  }

  /**
   * Reads a selection; only the chunks that it touches are read.
   *
   * @param selection as in NumPy; default: all
   * @returns the items in C order; axes that are selected by an integer are dropped from the shape
   * @throws ClosedError after close()
   * @throws LayoutError if the selection does not fit, or takes more memory than allowed, or neither hyperslab nor
   * the HDF5 library has the dataset's filters; JobError if a chunk is damaged
   */
  read(selection: Selection = '...'): Promise<NdArray> {
    return this.#inTurn(async () => {
      const resolved = resolveSelection(selection, this.shape, this.path);
      const items = product(resolved.count);
      checkMemory(items, this, selection, this.#session.options.memory);
      const data = new ITEM_ARRAYS[this.dtype](items);
      if (items > 0) await this.#data.read(resolved, data);
      return { data, shape: resolved.shape };
    });
  }

  /**
   * Reads the whole dataset in blocks, in C order. The next block is read while one is in use. Rows that are
   * appended meanwhile are left out.
   *
   *     for await (const { data, selection } of dataset.blocks({ shape: [1000, 384] })) …
   *
   * @throws ClosedError after close(); OptionError if an option is unknown
   * @throws LayoutError, BudgetError if blocks take more memory than allowed
   */
  async *blocks(options: BlockOptions = {}): AsyncGenerator<DataChunk, void, undefined> {
    const { memory } = this.#session.options;
    const grid = await this.#inTurn(() => blockGrid(this, options, memory));
    yield* readBlocks(grid, (selection) => this.read(selection));
  }

  /** Writes all data of the dataset into the file, so that other programs see them. */
  flush(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#data.flush();
      if (this.#session.writable) this.#session.file.flush();
    });
  }

  /** Resolves when all calls so far have ended. @internal */
  idle(): Promise<void> {
    return this.#calls.idle();
  }

  /** @param originOf gives the index along axis 0 from which selections count; called when earlier calls have ended */
  async #feed(blocks: AbstractDataChunkIterator, originOf: () => number): Promise<void> {
    let isRefused = true;
    try {
      await this.#inTurn(async () => {
        this.#requireChunked();
        const origin = originOf();
        this.#data.gathered();
        await blocks.prepare?.();
        checkIterator(blocks, `the data for ${this.path}`);
        isRefused = false;
        await this.#data.feed(blocks, origin);
      });
    } catch (error) {
      // Otherwise writers that push data would wait forever. Once feeding has begun, it rejects them itself.
      if (isRefused) rejectWriters(blocks, error);
      throw error;
    }
  }

  /** @throws LayoutError if the dataset can't be written, or is not chunked */
  #requireChunked(): void {
    requireWritable(this.#session, this.#dataset);
    const problem = chunkProblem(this.#dataset);
    if (problem) throw new LayoutError({ name: this.path, ...problem });
  }

  #inTurn<T>(body: () => T | Promise<T>): Promise<T> {
    // Checked now rather than when its turn comes, because calls made before close() still run.
    if (this.#session.isClosing) return Promise.reject(this.#session.closedError(this.path));
    return this.#calls.take(body);
  }
}
