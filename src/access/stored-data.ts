import {
  type FeedContext,
  feed,
  isUnchunked,
  latticeOf,
  readThroughLibrary,
  Target,
  writeGrowing,
  writeThroughLibrary,
} from '../coordinator/index.js';
import type { Dataset } from '../hdf5/index.js';
import type { ResolvedSelection } from '../layout/index.js';
import { chunkProblem, type DatasetSpec, specifyStored } from '../plan/index.js';
import { type AbstractDataChunkIterator, dtypeOf, type NdArray } from '../streams/index.js';
import { prepareShrink, takeBack } from './prepare-shrink.js';
import { readPicked } from './reader.js';
import type { Session } from './session.js';

/** Reads and writes the data of one dataset of an open file. Callers check the arguments first. */
export class StoredData {
  readonly #session: Session;
  readonly #dataset: Dataset;
  readonly #created: DatasetSpec | undefined;
  /** Number of the dataset in the ledger. */
  readonly #number: number;
  #target: Target | undefined;
  #isAdmitted = false;
  #isChanged = false;

  /** @param created the spec, if the dataset was created just now */
  constructor(session: Session, dataset: Dataset, created: DatasetSpec | undefined) {
    this.#session = session;
    this.#dataset = dataset;
    this.#created = created;
    this.#number = session.ledger.add({
      path: dataset.path,
      dataset,
      chunk: dataset.chunks ?? dataset.shape,
      rawBytes: 0,
      chunkCount: 0,
      index: created?.index,
    });
  }

  /** Length of each axis, in elements, after the calls that have ended so far. */
  get extent(): readonly number[] {
    return this.#session.ledger.extent(this.#number);
  }

  /** Changes the extent of a chunked dataset. After an error, the extent is unchanged. */
  async resize(extent: readonly number[]): Promise<void> {
    const { ledger } = this.#session;
    const before = this.extent;
    // When an axis shrinks, gathered data must be in the file first, so that libhdf5 can truncate them.
    if (extent.some((length, axis) => length < before[axis])) {
      await this.flush();
      this.#change();
      prepareShrink(this.#session, this.#chunked(), extent);
    }
    this.#change();
    ledger.resize(this.#number, [...extent]);
    try {
      ledger.settle();
    } catch (error) {
      ledger.resize(this.#number, before);
      throw error;
    }
  }

  /** Reads a selection into `data`. */
  async read(resolved: ResolvedSelection, data: NdArray['data']): Promise<void> {
    if (chunkProblem(this.#dataset)) return readThroughLibrary(this.#dataset, resolved, data);
    const bytes = new Uint8Array(data.buffer);
    await readPicked(this.#session, this.#chunked(), resolved.picks, bytes);
  }

  /** Writes an array into a selection within the extent. */
  write(resolved: ResolvedSelection, array: NdArray): void | Promise<void> {
    const from = latticeOf(array, resolved.count);
    if (isUnchunked(this.#dataset))
      return writeThroughLibrary(this.#dataset, resolved, from, dtypeOf(array.data));
    return this.#session.gatherer.write(this.gathered(), resolved.picks, from);
  }

  /** Grows a chunked dataset to `extent` and writes an array into it. After an error, the extent is unchanged. */
  writeGrowing(
    { picks, count }: ResolvedSelection,
    array: NdArray,
    extent: readonly number[],
  ): void | Promise<void> {
    const piece = { picks, from: latticeOf(array, count), extent };
    return writeGrowing(this.gathered(), piece, this.#context);
  }

  /**
   * Writes all DataChunks of an iterator into a chunked dataset.
   *
   * @param origin index along axis 0 from which selections count
   */
  async feed(blocks: AbstractDataChunkIterator, origin: number): Promise<void> {
    const { pool, ledger, file } = this.#session;
    const acknowledge = () => {
      ledger.settle();
      file.flush();
    };
    // `goesOn`, because later calls may append to chunks that are not full.
    const context = { ...this.#context, pool, origin, acknowledge, goesOn: true };
    await feed(this.gathered(), blocks, context);
  }

  /** Writes and places all gathered chunks of the dataset. */
  async flush(): Promise<void> {
    if (this.#target) await this.#session.gathered?.flush(this.#target);
    this.#session.ledger.settle();
  }

  /** The dataset as a target for writing chunks. @throws BudgetError if the memory is too small for them */
  gathered(): Target {
    const target = this.#chunked();
    if (!this.#isAdmitted) this.#session.gatherer.admit(target);
    this.#isAdmitted = true;
    this.#change();
    return target;
  }

  get #context(): Pick<FeedContext, 'ledger' | 'gatherer' | 'takeBack'> {
    const session = this.#session;
    const { ledger, gatherer } = session;
    return { ledger, gatherer, takeBack: (...asked) => takeBack(session, ...asked) };
  }

  /** The dataset as a target for reading chunks. */
  #chunked(): Target {
    if (!this.#target) {
      const spec = this.#created ?? specifyStored(this.#dataset, this.extent);
      this.#target = new Target(this.#number, this.#dataset, spec);
    }
    return this.#target;
  }

  /** Called before the dataset changes. From then on its checksums, if it has any, are kept up to date. */
  #change(): void {
    if (!this.#isChanged && !this.#created)
      this.#session.checksums.keepPresent(this.#number, this.#dataset);
    this.#isChanged = true;
  }
}
