import { setImmediate } from 'node:timers/promises';
import { KEPT_BITS, type StoredChecksums } from '../checksums/index.js';
import {
  type ChunkLayout,
  type Dataset,
  isStored,
  joinPlacements,
  type Placements,
  putPlacements,
  totalStoredBytes,
  unstoredPlacements,
} from '../hdf5/index.js';
import {
  cellAt,
  cellCount,
  cellIndexOf,
  cells,
  clippedCount,
  type Grid,
  type Hyperslab,
} from '../layout/index.js';
import { specifyStored } from '../plan/index.js';
import { CHECK_CHUNKS, type CheckedChunks, type FailedChunk } from './check-chunks.js';
import { type ChunksState, Findings, filtersText } from './findings.js';

/** Most chunks of a grid that is searched for chunks without a checksum. More would take minutes. */
const MAX_SEARCHED = 1e7;

/** Chunks searched between two turns of the event loop: a few milliseconds. */
const SEARCHED_AT_ONCE = 1024;

/** Chunks without a checksum that are checked together: enough tasks for many workers. */
const UNKNOWN_AT_ONCE = 16 * CHECK_CHUNKS;

/** A dataset whose chunks have checksums, and the findings about them. */
export class CheckedDataset {
  readonly path: string;
  readonly layout: ChunkLayout;
  /** Number of chunks that have a checksum. */
  readonly chunks: number;
  /** Bytes of all stored chunks. */
  readonly storedBytes: number;
  readonly identity: bigint;
  readonly #dataset: Dataset;
  readonly #checksums: StoredChecksums;
  readonly #findings: Findings;
  /** The present grid of chunks. Chunks that have checksums are numbered by `#checksums.grid`. */
  readonly #grid: Grid;
  /** Whether chunks still have the shape that they had when the checksums were taken. */
  readonly #isComparable: boolean;
  /** Whether chunks are known to have had other filters when the checksums were taken. */
  readonly #isRefiltered: boolean;
  /** Bytes of the chunks that have a checksum. */
  #knownBytes = 0;

  /**
   * @param dataset chunked, of numbers, with filters that we decode
   * @param checksums that the file holds of the dataset
   * @throws Hdf5Error if the dataset can't be read
   */
  constructor(dataset: Dataset, checksums: StoredChecksums) {
    this.#dataset = dataset;
    this.#checksums = checksums;
    this.path = checksums.path;
    this.layout = specifyStored(dataset, dataset.shape).layout;
    this.chunks = checksums.count;
    this.storedBytes = dataset.storedBytes;
    this.identity = dataset.identity;
    const { chunk, extent, filters } = this.layout;
    this.#grid = { extent, cell: chunk };
    this.#isComparable = String(chunk) === String(checksums.chunk);
    this.#isRefiltered = (checksums.filters ?? filtersText(filters)) !== filtersText(filters);
    this.#findings = new Findings(this.chunks, [
      ...changed('chunks', checksums.chunk, chunk),
      ...changed('the shape', checksums.extent, extent),
    ]);
  }

  get state(): ChunksState {
    return this.#findings.state;
  }

  get problem(): string | undefined {
    return this.#findings.problem;
  }

  /** Yields the chunks that have a checksum. A chunk that is not stored any more counts as damaged. */
  *located(dataset: number): Generator<CheckedChunks, void, undefined> {
    if (!this.#isComparable) return;
    const { path: name, layout } = this;
    for (const { numbers, checksums } of this.#checksums.rows(CHECK_CHUNKS)) {
      const placements = unstoredPlacements(numbers.length);
      for (const [at, number] of numbers.entries())
        putPlacements(placements, at, this.#locate(number));
      this.#knownBytes += totalStoredBytes(placements);
      yield { dataset, name, layout, numbers, placements, checksums, bits: KEPT_BITS };
    }
  }

  /** Records a chunk whose bytes do not match its checksum. */
  differs({ number, ...failure }: FailedChunk): void {
    const { start, count } = cellAt(this.#checksums.grid, number);
    // The padding of a chunk at the edge changes when the edge moves.
    const isEdgeMoved = String(count) !== String(this.#countAt(start));
    const isExpected = isEdgeMoved || this.#isRefiltered;
    this.#findings.differs(this.#checksums.grid, number, failure, isExpected);
  }

  /** Records a chunk without a checksum that can't be decoded. */
  fails({ number, problem }: FailedChunk): void {
    this.#findings.damaged(this.#grid, number, problem);
  }

  /** Records the problem that ended the search for damage. */
  abort(problem: string): void {
    this.#findings.abort(problem);
  }

  /**
   * Yields the stored chunks that have no checksum. Call it after `located` has ended: the grid is searched
   * only if more bytes are stored than the chunks with checksums take.
   *
   * @throws Hdf5Error if the chunk index can't be read; the reason of `signal`
   */
  async *unknown(
    dataset: number,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<CheckedChunks, void, undefined> {
    const bytes = this.storedBytes - this.#knownBytes;
    if (bytes === 0) return;
    if (cellCount(this.#grid) > MAX_SEARCHED) {
      this.#findings.unsearched(bytes);
      return;
    }
    const { path: name, layout } = this;
    let numbers: number[] = [];
    let placements: Placements[] = [];
    const take = (): CheckedChunks => {
      this.#findings.added(numbers.length);
      const found = {
        numbers: Float64Array.from(numbers),
        placements: joinPlacements(placements),
      };
      numbers = [];
      placements = [];
      return { dataset, name, layout, ...found };
    };
    let number = 0;
    for (const slab of this.#withoutChecksum()) {
      const placement = slab && this.#dataset.locate(slab.start, slab.count);
      if (placement && isStored(placement, 0)) {
        numbers.push(number);
        placements.push(placement);
      }
      if (numbers.length === UNKNOWN_AT_ONCE) yield take();
      number++;
      if (number % SEARCHED_AT_ONCE > 0) continue;
      await setImmediate();
      signal?.throwIfAborted();
    }
    if (numbers.length > 0) yield take();
  }

  /** The placement of a chunk that has a checksum. */
  #locate(number: number): Placements {
    const { start } = cellAt(this.#checksums.grid, number);
    const count = this.#countAt(start);
    // Chunks beyond the extent were dropped on purpose, when the dataset was shortened.
    if (count.some((length) => length <= 0)) return unstoredPlacements(1);
    const placement = this.#dataset.locate(start, count);
    if (!isStored(placement, 0)) {
      const problem = 'Expected it to be stored but received nothing';
      this.#findings.damaged(this.#checksums.grid, number, problem);
    }
    return placement;
  }

  #countAt(start: readonly number[]): number[] {
    return clippedCount(start, this.#grid.cell, this.#grid.extent);
  }

  /** All chunks of the present grid, in C order; undefined in place of chunks that have a checksum. */
  *#withoutChecksum(): Generator<Hyperslab | undefined, void, undefined> {
    const { grid } = this.#checksums;
    const known = this.#isComparable ? this.#knownNumbers() : [].values();
    let next = known.next().value;
    for (const slab of cells(this.#grid)) {
      // Both grids are in C order, so the chunks that they share come in the same order in both.
      const isInside = slab.start.every((first, axis) => first < grid.extent[axis]);
      if (next === undefined || !isInside) yield slab;
      else {
        const number = cellIndexOf(grid, slab.start);
        while (next !== undefined && next < number) next = known.next().value;
        yield next === number ? undefined : slab;
      }
    }
  }

  *#knownNumbers(): Generator<number, undefined, undefined> {
    for (const { numbers } of this.#checksums.rows()) yield* numbers;
  }
}

function changed(what: string, was: readonly number[], is: readonly number[]): string[] {
  const [before, after] = [was, is].map((lengths) => `[${lengths.join(', ')}]`);
  return before === after ? [] : [`${what} ${before} became ${after}`];
}
