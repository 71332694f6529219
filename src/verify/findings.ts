import type { Filter } from '../hdf5/index.js';
import { cellAt, type Grid, slabText } from '../layout/index.js';
import type { FailedCheck } from '../workers/index.js';

/**
 * The state of a dataset, judged by its checksums.
 *
 * - `intact`: every stored chunk has the bytes that were written.
 * - `outdated`: another program has changed the dataset, and no damage is known. The checksums can't vouch for
 *   the changed parts: only a comparison with the sources tells whether their values are right.
 * - `damaged`: a chunk is lost or can't be decoded, or its bytes differ without a sign that another program
 *   wrote them.
 */
export type ChunksState = 'intact' | 'outdated' | 'damaged';

/** From the best to the worst. */
const STATES: readonly ChunksState[] = ['intact', 'outdated', 'damaged'];

export function worstState(states: readonly ChunksState[]): ChunksState {
  return STATES[Math.max(0, ...states.map((state) => STATES.indexOf(state)))];
}

/** Explains why damage to a chunk can't be told from a change by another program. */
const UNPROVED =
  'damaged, or changed by another program: its bytes are stored without a check of their own';

/** Collects findings about the chunks of a dataset, and derives its state and problem. */
export class Findings {
  /** Chunks that have a checksum. */
  readonly #chunks: number;
  /** In words, how the dataset has changed since its checksums were taken. */
  readonly #changes: readonly string[];
  /** Chunks that differ from their checksums because another program wrote them. */
  #rewritten = 0;
  /** Chunks that have no checksum. */
  #added = 0;
  /** Bytes of chunks that have no checksum and were not searched for. */
  #unsearched = 0;
  #damaged = 0;
  #first: { readonly grid: Grid; readonly number: number; readonly problem: string } | undefined;
  /** The problem that ended the search for damage. */
  #end: string | undefined;

  /**
   * @param chunks number of chunks that have a checksum
   * @param changes in words, how the dataset has changed since its checksums were taken
   */
  constructor(chunks: number, changes: readonly string[]) {
    this.#chunks = chunks;
    this.#changes = changes;
  }

  get state(): ChunksState {
    if (this.#first || this.#end !== undefined) return 'damaged';
    return this.#allChanges.length > 0 ? 'outdated' : 'intact';
  }

  /**
   * Describes the damage (the first damaged chunk, and how many more), or else how the dataset changed since its
   * checksums were taken. Undefined if intact.
   */
  get problem(): string | undefined {
    if (this.#first) {
      const { grid, number, problem } = this.#first;
      const others = this.#damaged - 1;
      const more = others > 0 ? `, and ${count(others, 'more chunk')}` : '';
      return `chunk ${slabText(cellAt(grid, number))}: ${problem}${more}`;
    }
    const changes = this.#allChanges;
    return this.#end ?? (changes.length > 0 ? changedText(changes) : undefined);
  }

  /**
   * Records a chunk whose bytes do not match its checksum.
   *
   * @param isExpected whether a known change of the dataset explains other bytes
   */
  differs(
    grid: Grid,
    number: number,
    { problem, decoded }: Pick<FailedCheck, 'problem' | 'decoded'>,
    isExpected: boolean,
  ): void {
    if (decoded === 'proved' || (decoded === 'unproved' && isExpected)) this.#rewritten++;
    else this.damaged(grid, number, decoded === 'unproved' ? `${problem}: ${UNPROVED}` : problem);
  }

  /** Records a chunk that is lost or damaged. */
  damaged(grid: Grid, number: number, problem: string): void {
    this.#damaged++;
    if (!this.#first || (this.#first.grid === grid && number < this.#first.number))
      this.#first = { grid, number, problem };
  }

  /** Records the number of chunks that have no checksum. */
  added(chunks: number): void {
    this.#added += chunks;
  }

  /** Records the bytes of chunks that have no checksum, if they are too many to search for. */
  unsearched(bytes: number): void {
    this.#unsearched = bytes;
  }

  /** Records the problem that ended the search for damage. */
  abort(problem: string): void {
    this.#end = problem;
  }

  get #allChanges(): string[] {
    return [
      ...this.#changes,
      ...(this.#rewritten > 0
        ? [
            `${this.#rewritten} of ${count(this.#chunks, 'chunk')} differ from their checksums, but decode`,
          ]
        : []),
      ...(this.#added > 0 ? [`${count(this.#added, 'chunk')} without a checksum`] : []),
      ...(this.#unsearched > 0
        ? [`${this.#unsearched} bytes in chunks without a checksum, which were not decoded`]
        : []),
    ];
  }
}

/** The problem of a dataset that another program changed, in words. */
export function changedText(changes: readonly string[]): string {
  return `changed by another program since its checksums were taken: ${changes.join('; ')}`;
}

/** Filters as the text that is stored beside checksums, so that later filters can be compared with it. */
export function filtersText(filters: readonly Filter[]): string {
  if (filters.length === 0) return 'none';
  return filters
    .map((filter) => (filter.kind === 'deflate' ? `deflate ${filter.level}` : filter.kind))
    .join(', ');
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
