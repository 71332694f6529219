import type { Dataset, File } from '../hdf5/index.js';
import { cellCount, cellIndexOf, cellsPerAxis, ravelIndex, unravelIndex } from '../layout/index.js';
import { dropChecksums, openChecksums, writeChecksums } from './checksums.js';
import { ChecksumError } from './errors.js';

/** More checksums than this are not held in memory; the dataset then loses its checksums. */
const MAX_KEPT = 2 ** 23;

/**
 * Keeps the checksums of a dataset up to date while its chunks are written in place: those that the file held,
 * and those of new chunks. Until {@link ChecksumKeeper.write} the file holds none, so that none is stale if the process
 * is killed.
 */
export class ChecksumKeeper {
  readonly #file: File;
  readonly #dataset: Dataset;
  readonly #chunk: readonly number[];
  readonly #filters: string;
  /** Where the checksums are in the file; links may give the dataset other paths. */
  readonly #path: string;
  /** By the number of the chunk in C order; undefined once the checksums are not worth keeping. */
  #sums: Map<number, bigint> | undefined = new Map();
  #extent: readonly number[];
  /** Whether no stored chunk lacks a checksum. */
  #isComplete: boolean;

  /**
   * Takes the checksums of a chunked dataset out of the file.
   *
   * @param filters of the dataset, as `writeChecksums` takes them
   * @param paths of its checksums, from `checksumPathsOf`
   */
  constructor(file: File, dataset: Dataset, filters: string, paths: readonly string[]) {
    this.#file = file;
    this.#dataset = dataset;
    this.#chunk = dataset.chunks as readonly number[];
    this.#filters = filters;
    this.#extent = dataset.shape;
    this.#path = paths[0] ?? dataset.path;
    this.#isComplete = dataset.storedBytes === 0 || this.#hasStored();
    dropChecksums(file, paths);
  }

  /** Sets the extent by which chunks are numbered. */
  resize(extent: readonly number[]): void {
    const before = this.#perAxis;
    this.#extent = extent;
    const after = this.#perAxis;
    // The numbers do not depend on the length of axis 0, the one that usually grows.
    if (String(before.slice(1)) === String(after.slice(1)) || !this.#sums) return;
    const sums = [...this.#sums].flatMap(([number, sum]): [number, bigint][] => {
      const cell = unravelIndex(number, before);
      const isInside = cell.every((at, axis) => at < after[axis]);
      return isInside ? [[ravelIndex(cell, after), sum]] : [];
    });
    this.#sums = new Map(sums);
  }

  /** Takes in the checksum of a chunk that is written. @param start its first element, within the extent */
  put(start: readonly number[], checksum: bigint): void {
    this.#sums?.set(cellIndexOf(this.#grid, start), checksum);
    if (this.#sums && this.#sums.size > MAX_KEPT) this.forget();
  }

  /** Gives up the checksums, because chunks change in another way. */
  forget(): void {
    this.#sums = undefined;
  }

  /**
   * Writes the checksums into the file, unless a chunk that was stored before has none.
   *
   * @param extent of the dataset at the end
   */
  write(extent: readonly number[]): void {
    this.resize(extent);
    if (!this.#sums) return;
    const chunks = cellCount(this.#grid);
    const numbers = Float64Array.from(this.#sums.keys())
      .filter((number) => number < chunks)
      .sort();
    if (!this.#isComplete && numbers.length < chunks) return;
    const sums = this.#sums;
    const checksums = BigUint64Array.from(numbers, (number) => sums.get(number) as bigint);
    const of = { path: this.#path, chunk: this.#chunk, extent, filters: this.#filters };
    writeChecksums(this.#file, of, numbers, checksums);
  }

  get #grid() {
    return { extent: this.#extent, cell: this.#chunk };
  }

  get #perAxis(): number[] {
    return cellsPerAxis(this.#grid);
  }

  /** Reads the checksums that the file holds. @returns false if they do not describe the dataset as it is */
  #hasStored(): boolean {
    try {
      return this.#readStored();
    } catch (error) {
      if (!(error instanceof ChecksumError)) throw error;
      this.#sums = new Map();
      return false;
    }
  }

  /** @throws ChecksumError if they are damaged */
  #readStored(): boolean {
    using stored = openChecksums(this.#file, this.#path);
    if (!stored) return false;
    const { chunk, extent, filters } = stored;
    const isSame =
      String([chunk, extent]) === String([this.#chunk, this.#dataset.shape]) &&
      filters === this.#filters;
    if (!isSame || stored.count > MAX_KEPT) return false;
    for (const { numbers, checksums } of stored.rows())
      for (const [at, number] of numbers.entries()) this.#sums?.set(number, checksums[at]);
    return true;
  }
}
