import { setImmediate } from 'node:timers/promises';
import type { ChunkLayout, Dataset, File } from '../../hdf5/index.js';
import { cellAt, cellCount, cells, type Grid, LayoutError } from '../../layout/index.js';
import { slabText } from '../errors.js';
import { chunkProblem, storedLaidOut } from '../stored.js';
import { CHECK_CHUNKS, type CheckedChunks } from './check-chunks.js';
import { openChecksums } from './checksums.js';
import { KEPT_BITS, type StoredChecksums } from './stored-checksums.js';

/** A grid of more chunks is not searched for those without a checksum: it would take minutes. */
const MOST_SEARCHED = 1e7;

/** Chunks that are searched before others get their turn: a few milliseconds. */
const SEARCHED_AT_ONCE = 1024;

/** A dataset whose stored chunks have checksums, and what is found out about them. */
export class StoredDataset {
  readonly path: string;
  readonly layout: ChunkLayout;
  /** Chunks that have a checksum. */
  readonly chunks: number;
  /** Bytes of all chunks that are stored. */
  readonly storedBytes: number;
  readonly identity: bigint;
  readonly #dataset: Dataset;
  readonly #checksums: StoredChecksums;
  /** Bytes of the chunks that have a checksum. */
  #knownBytes = 0;
  #failed = 0;
  /** The first chunk that failed. */
  #first: { readonly number: number; readonly problem: string } | undefined;
  /** What concerns no chunk that has a name. */
  #problem: string | undefined;

  /**
   * @param path of a dataset that has checksums
   * @throws LayoutError, Hdf5Error where it is not there, or is not as it was when they were taken
   */
  constructor(file: File, path: string) {
    this.#checksums = openChecksums(file, path) as StoredChecksums;
    this.#dataset = file.dataset(path);
    const problem = chunkProblem(this.#dataset) ?? gridProblem(this.#dataset, this.#grid);
    if (problem) throw new LayoutError({ name: path, ...problem });
    this.path = path;
    this.layout = storedLaidOut(this.#dataset, this.#grid.extent).layout;
    this.chunks = this.#checksums.count;
    this.storedBytes = this.#dataset.storedBytes;
    this.identity = this.#dataset.identity;
  }

  get #grid(): Grid {
    return this.#checksums.grid;
  }

  /** In words, what is wrong: the first chunk, and how many more. */
  get problem(): string | undefined {
    if (!this.#first) return this.#problem;
    const { number, problem } = this.#first;
    const others = this.#failed - 1;
    const more = others > 0 ? `, and ${others} more chunk${others === 1 ? '' : 's'}` : '';
    return `chunk ${slabText(cellAt(this.#grid, number))}: ${problem}${more}`;
  }

  /** The chunks that have a checksum, looked up as they are drawn; those that are not there fail. */
  *located(dataset: number): Generator<CheckedChunks, void, undefined> {
    const { path: name, layout } = this;
    for (const { numbers, checksums } of this.#checksums.rows(CHECK_CHUNKS)) {
      const placements = new Float64Array(3 * numbers.length);
      for (const [at, number] of numbers.entries()) {
        const { start, count } = cellAt(this.#grid, number);
        const placement = this.#dataset.locate(start, count);
        if (placement[0] < 0) this.fail(number, 'Expected it to be stored but received nothing');
        placements.set(placement, 3 * at);
        this.#knownBytes += placement[1];
      }
      yield { dataset, name, layout, numbers, placements, checksums, bits: KEPT_BITS };
    }
  }

  fail(number: number, problem: string): void {
    this.#failed++;
    if (!this.#first || number < this.#first.number) this.#first = { number, problem };
  }

  /** Tells what ended the search for chunks that fail. */
  giveUp(problem: string): void {
    this.#problem = problem;
  }

  /**
   * Looks for stored chunks without a checksum, once all others were drawn. There are some where more
   * bytes are stored than those of the others: only then the whole grid is searched.
   */
  async findUnknown(signal: AbortSignal | undefined): Promise<void> {
    if (this.#problem !== undefined || this.storedBytes === this.#knownBytes) return;
    this.#problem = `Expected ${this.#knownBytes} stored bytes, as of the chunks that have checksums, but received ${this.storedBytes}`;
    if (cellCount(this.#grid) > MOST_SEARCHED) return;
    const known = this.#numbers();
    let next = known.next().value;
    let number = 0;
    for (const { start, count } of cells(this.#grid)) {
      if (number === next) next = known.next().value;
      else if (this.#dataset.locate(start, count)[0] >= 0)
        this.fail(number, 'Expected a checksum for it but received none');
      number++;
      if (number % SEARCHED_AT_ONCE > 0) continue;
      await setImmediate();
      signal?.throwIfAborted();
    }
  }

  *#numbers(): Generator<number, undefined, undefined> {
    for (const { numbers } of this.#checksums.rows()) yield* numbers;
  }
}

/** In which way a dataset is cut into other chunks than those that have checksums, in words, if so. */
function gridProblem(
  { chunks, shape }: Dataset,
  { cell, extent }: Grid,
): { expected: string; received: string } | undefined {
  if (String(chunks) !== String(cell))
    return { expected: `chunks of [${cell.join(', ')}]`, received: `[${chunks?.join(', ')}]` };
  if (String(shape) !== String(extent))
    return { expected: `the shape [${extent.join(', ')}]`, received: `[${shape.join(', ')}]` };
  return undefined;
}
