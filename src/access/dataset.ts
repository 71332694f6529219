import {
  chunkProblem,
  feed,
  type LaidOut,
  latticeOf,
  numericType,
  storedLaidOut,
  Target,
  targetOptions,
} from '../coordinator/engine.js';
import type { Attributes, Dataset, StoredFilter } from '../hdf5/index.js';
import {
  cells,
  checkData,
  type DType,
  formatBytes,
  type Grid,
  ITEM_ARRAYS,
  itemSize,
  LayoutError,
  type Maxshape,
  makeGrid,
  planDataset,
  product,
  type ResolvedSelection,
  resolveSelection,
  type Selection,
  showSelection,
  slice,
} from '../layout/index.js';
import {
  type AbstractDataChunkIterator,
  DataChunk,
  type NdArray,
  type NdArrayLike,
  toNdArray,
} from '../sources/index.js';
import { readPicked } from './reader.js';
import type { Session } from './session.js';
import { isUnchunked, readThroughLibrary, writeThroughLibrary } from './through-library.js';

export interface BlockOptions {
  /** Elements of a block along each axis. Default: whole chunks, about 32 MiB. */
  readonly shape?: readonly number[];
}

/**
 * A dataset of an open file. What is asked of it is done in the order of the calls, so nothing has to
 * be awaited but the results and the errors; datasets do not wait for each other.
 */
export class OpenDataset {
  /** Absolute path in the file. */
  readonly path: string;
  /** Type of its items, as arrays hold them: booleans (h5py's) are `uint8`. */
  readonly dtype: DType;
  readonly #session: Session;
  readonly #dataset: Dataset;
  readonly #laidOut: LaidOut | undefined;
  readonly #number: number;
  #target: Target | undefined;
  #isAdmitted = false;
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param laidOut of a dataset that was made just now
   * @internal
   */
  constructor(session: Session, dataset: Dataset, laidOut?: LaidOut) {
    const dtype = numericType(dataset);
    if (!dtype)
      throw new LayoutError({
        name: dataset.path,
        expected: 'a dataset of numbers',
        received: `one of ${dataset.dtype}`,
      });
    this.path = dataset.path;
    this.dtype = dtype;
    this.#session = session;
    this.#dataset = dataset;
    this.#laidOut = laidOut;
    this.#number = session.ledger.add({
      path: dataset.path,
      dataset,
      chunk: dataset.chunks ?? dataset.shape,
      rawBytes: 0,
      chunkCount: 0,
    });
  }

  /** The extent, elements per axis. */
  get shape(): readonly number[] {
    return this.#session.ledger.extent(this.#number);
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

  /** What elements hold that were never written. */
  get fillvalue(): number | bigint {
    const [value = 0] = (this.#dataset.fillvalue as NdArray['data'] | undefined) ?? [];
    return value;
  }

  get attributes(): Attributes {
    return this.#dataset.attributes;
  }

  /**
   * Sets the extent. Elements that come anew hold the fill value; those that are cut off are lost.
   *
   * @throws LayoutError for an extent beyond maxshape, or of another rank
   */
  resize(shape: readonly number[]): Promise<void> {
    return this.#inTurn(async () => {
      this.#requireWritable();
      this.#checkExtent(shape);
      // What is cut off must be in the file for HDF5 to cut it off.
      if (shape.some((length, axis) => length < this.shape[axis])) await this.#flush();
      this.#session.ledger.resize(this.#number, shape);
      this.#session.ledger.settle();
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
   * @throws LayoutError, DataError for what does not fit, before anything is written
   */
  write(selection: Selection, data: NdArrayLike): Promise<void> {
    return this.#inTurn(() => {
      this.#requireWritable();
      const resolved = resolveSelection(selection, this.shape, this.path);
      const array = toNdArray(data, this.dtype, this.path);
      checkData(resolved, array.shape, this.path);
      return this.#put(resolved, array);
    });
  }

  /**
   * Adds data behind the last element along axis 0, which grows.
   *
   * @param data rows, of the dataset's rank; or one row, of a rank less
   * @throws LayoutError, DataError for what does not fit, before anything is written
   */
  append(data: NdArrayLike): Promise<void> {
    return this.#inTurn(() => {
      this.#requireWritable();
      const array = toNdArray(data, this.dtype, this.path);
      const [length = 0, ...row] = this.shape;
      const rows = array.shape.length === row.length ? [1, ...array.shape] : array.shape;
      if (String(rows.slice(1)) !== String(row) || rows.length !== this.shape.length) {
        const expected = `rows of shape [${row.join(', ')}] behind [${this.shape.join(', ')}]`;
        const received = `data of shape [${array.shape.join(', ')}]`;
        throw new LayoutError({ name: this.path, expected, received });
      }
      const extent = [length + rows[0], ...row];
      this.#checkExtent(extent);
      this.#session.ledger.resize(this.#number, extent);
      const resolved = resolveSelection([slice(length, extent[0])], extent, this.path);
      return this.#put(resolved, { data: array.data, shape: rows });
    });
  }

  /**
   * Reads what is selected, and nothing else.
   *
   * @param selection as numpy's; default: all
   * @throws LayoutError for a selection that does not fit, or takes more memory than allowed
   */
  read(selection: Selection = '...'): Promise<NdArray> {
    return this.#inTurn(() =>
      this.#read(resolveSelection(selection, this.shape, this.path), selection),
    );
  }

  /**
   * All of the dataset in blocks, in C order, the next being read while one is used.
   *
   * @throws LayoutError for blocks that take more memory than allowed
   */
  async *blocks({ shape }: BlockOptions = {}): AsyncGenerator<DataChunk, void, undefined> {
    const grid = shape ? makeGrid(this.shape, shape, this.path) : this.#blockGrid();
    const read = async ({
      start,
      count,
    }: {
      start: readonly number[];
      count: readonly number[];
    }) => {
      const selection = start.map((first, axis) => slice(first, first + count[axis]));
      return new DataChunk(await this.read(selection), selection);
    };
    let ahead: Promise<DataChunk> | undefined;
    for (const cell of cells(grid)) {
      const block = ahead;
      ahead = read(cell);
      // Its error is told when its turn comes.
      ahead.catch(() => {});
      if (block) yield await block;
    }
    if (ahead) yield await ahead;
  }

  /** Brings what was written into the file. */
  flush(): Promise<void> {
    return this.#inTurn(async () => {
      this.#requireWritable();
      await this.#flush();
      this.#session.file.flush();
    });
  }

  /** When all that was asked has been done. @internal */
  async idle(): Promise<void> {
    await this.#last;
  }

  /** Takes in all DataChunks of an iterator; the dataset grows as they come, as far as maxshape goes. */
  consume(blocks: AbstractDataChunkIterator): Promise<void> {
    return this.#inTurn(async () => {
      await blocks.prepare?.();
      const { pool, ledger, gatherer } = this.#session;
      await feed(this.#gathered(), blocks, { pool, ledger, gatherer });
    });
  }

  async #flush(): Promise<void> {
    if (this.#target) await this.#session.gatherer.flush(this.#target);
    this.#session.ledger.settle();
  }

  #put(resolved: ResolvedSelection, array: NdArray): void | Promise<void> {
    if (isUnchunked(this.#dataset)) return writeThroughLibrary(this.#dataset, resolved, array);
    const target = this.#gathered();
    return this.#session.gatherer.write(target, resolved.picks, latticeOf(array, resolved.count));
  }

  async #read(resolved: ResolvedSelection, selection: Selection): Promise<NdArray> {
    const { count, shape, picks } = resolved;
    const items = product(count);
    this.#checkMemory(items, selection);
    const data = new ITEM_ARRAYS[this.dtype](items);
    if (items === 0) return { data, shape };
    if (chunkProblem(this.#dataset)) readThroughLibrary(this.#dataset, resolved, data);
    else await readPicked(this.#session, this.#chunked(), picks, new Uint8Array(data.buffer));
    return { data, shape };
  }

  #checkMemory(items: number, selection: Selection): void {
    const bytes = items * itemSize(this.dtype);
    const { memory } = this.#session.options;
    if (bytes <= memory) return;
    throw new LayoutError(
      {
        name: `${this.path}${showSelection(selection)}`,
        expected: `at most the ${formatBytes(memory)} of memory that are allowed`,
        received: `${formatBytes(bytes)} (${items} items of ${this.dtype})`,
      },
      'read a part, or all of it in blocks()',
    );
  }

  #blockGrid(): Grid {
    const [, ...row] = this.shape;
    const { jobs } = planDataset({
      extent: this.shape,
      chunk: this.chunks ?? [1, ...row.map((length) => Math.max(1, length))],
      itemSize: itemSize(this.dtype),
      storageOrder: this.shape.map((_, axis) => axis),
      scratchBytes: ({ count }) => product(count) * itemSize(this.dtype),
      encodeBytes: 0,
      // One that is used, and one that is read.
      workers: 2,
      memory: this.#session.options.memory,
      name: this.path,
    });
    return jobs;
  }

  /** The dataset as chunks, to be read. */
  #chunked(): Target {
    if (!this.#target) {
      const laidOut = this.#laidOut ?? storedLaidOut(this.#dataset, this.shape);
      this.#target = new Target(targetOptions(this.#number, this.#dataset, laidOut));
    }
    return this.#target;
  }

  /** The dataset as chunks, to be written. @throws LayoutError where they can't be encoded */
  #gathered(): Target {
    const target = this.#chunked();
    if (!this.#isAdmitted) this.#session.gatherer.admit(target);
    this.#isAdmitted = true;
    return target;
  }

  #requireWritable(): void {
    if (!this.#session.writable)
      throw new LayoutError({
        name: this.path,
        expected: "a file that was opened with 'a' or 'r+'",
        received: "one that was opened with 'r'",
      });
    const problem = chunkProblem(this.#dataset);
    if (problem && !isUnchunked(this.#dataset))
      throw new LayoutError({ name: this.path, ...problem });
  }

  /** @throws LayoutError for an extent of another rank, or beyond maxshape */
  #checkExtent(extent: readonly number[]): void {
    const ones = this.shape.map(() => 1);
    makeGrid(extent, ones, this.path);
    const { maxshape } = this;
    if (extent.every((length, axis) => length <= (maxshape[axis] ?? Number.POSITIVE_INFINITY)))
      return;
    throw new LayoutError({
      name: this.path,
      expected: `an extent within its maxshape [${maxshape.map(String).join(', ')}]`,
      received: `[${extent.join(', ')}]`,
    });
  }

  /** One after the other; one that fails does not keep the next from its turn. */
  #inTurn<T>(body: () => T | Promise<T>): Promise<T> {
    const turn = this.#last.then(body);
    this.#last = turn.catch(() => {});
    return turn;
  }
}
