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
 * A dataset of an open file. What is asked of it is done in the order of the calls, so only results
 * and errors have to be awaited; an error concerns its own call, and the calls after it are done all
 * the same. Datasets do not wait for each other.
 *
 * Chunks are written while more data come. Where that fails (a full disk), data are lost: the next
 * call that writes, reads or flushes has the error, and so does `close`, whatever dataset it was.
 */
export class OpenDataset {
  /** Absolute path in the file. */
  readonly path: string;
  /** Type of its items, as arrays hold them: booleans (h5py's) are `uint8`, 0 and 1. */
  readonly dtype: DType;
  readonly #session: Session;
  readonly #dataset: Dataset;
  readonly #data: StoredData;
  readonly #turns = new CallQueue();

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

  /** The extent, elements per axis, as the calls that are done have left it. */
  get shape(): readonly number[] {
    return this.#data.extent;
  }

  /** Greatest extent, null along axes without bound. */
  get maxshape(): Maxshape {
    return this.#dataset.maxshape;
  }

  /** Shape of a chunk; null where it is not chunked. */
  get chunks(): readonly number[] | null {
    return this.#dataset.chunks;
  }

  /** In the order in which they are applied on writing. */
  get filters(): readonly StoredFilter[] {
    return this.#dataset.storedFilters;
  }

  /** What elements hold that were never written; a bigint for int64 and uint64. */
  get fillvalue(): number | bigint {
    const { fillvalue = new ITEM_ARRAYS[this.dtype](1) } = this.#dataset;
    return fillvalue[0] as number | bigint;
  }

  /** Read and written at once, on this thread. */
  get attributes(): Attributes {
    return this.#dataset.attributes;
  }

  /**
   * Sets the extent. Elements that come anew hold the fill value; those that are cut off are lost.
   *
   * @param shape elements per axis
   * @throws ClosedError after the file was closed; OutputError in a file opened with 'r'
   * @throws LayoutError for an extent beyond maxshape, or of another rank, and for a dataset that is
   * not chunked; JobError for a damaged chunk that would be cut through. The extent is then what it was
   */
  resize(shape: readonly number[]): Promise<void> {
    return this.#inTurn(() => {
      this.#requireChunked();
      checkExtent(shape, this.maxshape, this.path);
      return this.#data.resize(shape);
    });
  }

  /**
   * Writes data, over what was there.
   *
   * @param selection as numpy's, within the extent: `[slice(0, 3), null]`
   * @param data as large as what is selected: a typed array of the dataset's type (with its shape where it
   * has several axes: `ndarray(items, shape)`), nested lists of numbers, or a number, which is repeated.
   * It must stay as it is until the promise has ended.
   * @returns when the data has been taken over; it is in the file after `flush` or `close`
   * @throws ClosedError, OutputError as `resize`
   * @throws LayoutError, DataError for what does not fit, BudgetError where the memory does not hold
   * its chunks; before anything is written. JobError for a damaged chunk that is written in part
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
   * Adds data behind the last element along axis 0, which grows.
   *
   * @param data rows, of the dataset's rank; or one row, of a rank less; or an iterator, all of whose
   * DataChunks count from the present end
   * @throws ClosedError, OutputError, LayoutError, DataError, BudgetError, JobError as `write`; the extent is then what it was. Of an
   * iterator as `consume`
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
   * Takes in all DataChunks of an iterator; the dataset grows as they come, as far as maxshape goes.
   * Their selections count from the beginning of the dataset; see `append` for the other way.
   *
   * @throws ClosedError, OutputError as `resize`
   * @throws LayoutError, DataError, JobError for a DataChunk that can't be taken in, what the iterator
   * throws; the DataChunks before it are kept, and the extent is that which they need
   */
  consume(blocks: AbstractDataChunkIterator): Promise<void> {
    if (isDataChunkIterator(blocks)) return this.#feed(blocks, () => 0);
    return this.#inTurn(() => {
      this.#requireChunked();
      const expected = 'an iterator with dtype and maxshape (DataChunkIterator wraps others)';
      throw new DataError({ name: this.path, expected, received: showValue(blocks) });
    });
  }

  /**
   * Reads what is selected, and nothing else.
   *
   * @param selection as numpy's; default: all
   * @returns the items in C order; axes that an integer chose are dropped from the shape
   * @throws ClosedError after the file was closed
   * @throws LayoutError for a selection that does not fit, or takes more memory than allowed, and for
   * filters that neither hyperslab nor the HDF5 library has
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
   * All of the dataset in blocks, in C order, the next being read while one is used. The extent is
   * the one at the beginning.
   *
   *     for await (const { data, selection } of dataset.blocks({ shape: [1000, 384] })) …
   *
   * @throws ClosedError after the file was closed; OptionError for an option that is not known
   * @throws LayoutError, BudgetError for blocks that take more memory than allowed
   */
  async *blocks(options: BlockOptions = {}): AsyncGenerator<DataChunk, void, undefined> {
    const { memory } = this.#session.options;
    const grid = await this.#inTurn(() => blockGrid(this, options, memory));
    yield* readBlocks(grid, (selection) => this.read(selection));
  }

  /** Brings what was written into the file, so that other programs see it. */
  flush(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#data.flush();
      if (this.#session.writable) this.#session.file.flush();
    });
  }

  /** When all that was asked has been done. @internal */
  idle(): Promise<void> {
    return this.#turns.idle();
  }

  /** @param originOf asked when its turn has come: the index along axis 0 from which selections count */
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
      // Those who push data would wait for ever. What was begun has told them itself.
      if (isRefused) rejectWriters(blocks, error);
      throw error;
    }
  }

  /** @throws LayoutError for a dataset that can't change its extent, as well */
  #requireChunked(): void {
    requireWritable(this.#session, this.#dataset);
    const problem = chunkProblem(this.#dataset);
    if (problem) throw new LayoutError({ name: this.path, ...problem });
  }

  #inTurn<T>(body: () => T | Promise<T>): Promise<T> {
    // Asked before the file was closed, it is still done.
    if (this.#session.isClosing) return Promise.reject(this.#session.closedError(this.path));
    return this.#turns.take(body);
  }
}
