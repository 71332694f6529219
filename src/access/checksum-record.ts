import { ChecksumKeeper, checksumPathsOf } from '../checksums/index.js';
import type { ChunkRecord, RecordedChunk, RecordedWrite } from '../coordinator/index.js';
import { type Dataset, type File, type Filter, isStored } from '../hdf5/index.js';
import { cellsWithin, type Hyperslab } from '../layout/index.js';
import { filtersText } from '../verify/index.js';

interface Kept {
  readonly keeper: ChecksumKeeper;
  readonly chunk: readonly number[];
}

/** Takes in the checksums of chunks that are written into an existing file, by the numbers of the ledger. */
export class ChecksumRecord implements ChunkRecord {
  /** The checksums are in memory. */
  readonly isDurable = false;
  readonly #file: File;
  readonly #kept = new Map<number, Kept>();

  constructor(file: File) {
    this.#file = file;
  }

  /**
   * Gives a chunked dataset checksums, or keeps those that it has up to date. Call it before the dataset changes.
   *
   * @param extent by which its chunks are numbered
   */
  keep(number: number, dataset: Dataset, extent: readonly number[]): void {
    this.#keep(number, dataset, extent, checksumPathsOf(this.#file, dataset));
  }

  /** As {@link keep}, but does nothing for a dataset without checksums. */
  keepPresent(number: number, dataset: Dataset): void {
    const paths = checksumPathsOf(this.#file, dataset);
    if (paths.length > 0) this.#keep(number, dataset, dataset.shape, paths);
  }

  #keep(
    number: number,
    dataset: Dataset,
    extent: readonly number[],
    paths: readonly string[],
  ): void {
    const filters = filtersText(dataset.filters as readonly Filter[]);
    const keeper = new ChecksumKeeper(this.#file, dataset, filters, paths);
    keeper.resize(extent);
    this.#kept.set(number, { keeper, chunk: dataset.chunks as readonly number[] });
  }

  slab(dataset: number, slab: Hyperslab, { placements, checksums }: RecordedWrite): void {
    const kept = this.#kept.get(dataset);
    if (!kept) return;
    const extent = slab.start.map((first, axis) => first + slab.count[axis]);
    let at = 0;
    for (const { start } of cellsWithin({ extent, cell: kept.chunk }, slab)) {
      if (at === checksums.length) return;
      if (isStored(placements, at)) kept.keeper.put(start, checksums[at]);
      at++;
    }
  }

  chunks(
    dataset: number,
    chunks: readonly RecordedChunk[],
    { placements, checksums }: RecordedWrite,
  ): void {
    const kept = this.#kept.get(dataset);
    for (const [at, { start }] of chunks.entries())
      if (isStored(placements, at)) kept?.keeper.put(start, checksums[at]);
  }

  extent(dataset: number, extent: readonly number[]): void {
    this.#kept.get(dataset)?.keeper.resize(extent);
  }

  /** Drops the checksums of a dataset, because libhdf5 changes its chunks itself. */
  forget(dataset: number): void {
    this.#kept.get(dataset)?.keeper.forget();
  }

  async settled(): Promise<void> {}

  /** Writes all checksums into the file. @param extentOf the extent of a dataset, by its number */
  write(extentOf: (dataset: number) => readonly number[]): void {
    for (const [dataset, { keeper }] of this.#kept) keeper.write(extentOf(dataset));
  }
}
