import type { Filter } from '../hdf5/index.js';
import { cellAt, type Grid, slabText } from '../layout/index.js';
import type { FailedCheck } from '../workers/index.js';

/**
 * What the checksums of a dataset say of it.
 *
 * - `intact`: every stored chunk has the bytes that were written.
 * - `outdated`: another program changed the dataset since, and nothing of it is known to be damaged. Its
 *   checksums say nothing of what changed: only its sources can tell whether the values are right.
 * - `damaged`: a chunk is lost or does not decode, or has other bytes and nothing shows that another
 *   program meant them.
 */
export type ChunksState = 'intact' | 'outdated' | 'damaged';

/** From the best to the worst. */
const STATES: readonly ChunksState[] = ['intact', 'outdated', 'damaged'];

export function worstState(states: readonly ChunksState[]): ChunksState {
  return STATES[Math.max(0, ...states.map((state) => STATES.indexOf(state)))];
}

/** Why nobody can say of a chunk which program wrote its bytes. */
const UNPROVED =
  'damaged, or changed by another program: its bytes are stored without a check of their own';

/** What is found out about the chunks of a dataset, and what follows from it. */
export class Findings {
  /** Chunks that have a checksum. */
  readonly #chunks: number;
  /** In words, how the dataset itself differs from the one that its checksums were taken of. */
  readonly #changes: readonly string[];
  /** Chunks that differ from their checksums, and which another program wrote. */
  #rewritten = 0;
  /** Chunks that have no checksum. */
  #added = 0;
  /** Bytes of chunks that have no checksum, and were not searched for. */
  #unsearched = 0;
  #damaged = 0;
  #first: { readonly grid: Grid; readonly number: number; readonly problem: string } | undefined;
  /** What ended the search for damage. */
  #end: string | undefined;

  constructor(chunks: number, changes: readonly string[]) {
    this.#chunks = chunks;
    this.#changes = changes;
  }

  get state(): ChunksState {
    if (this.#first || this.#end !== undefined) return 'damaged';
    return this.#allChanges.length > 0 ? 'outdated' : 'intact';
  }

  /** In words, what is wrong: the first damaged chunk and how many more, or what was changed. */
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
   * Takes in a chunk that does not have the bytes of its checksum.
   *
   * @param isExpected whether the dataset was changed in a way that gave the chunk other bytes
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

  damaged(grid: Grid, number: number, problem: string): void {
    this.#damaged++;
    if (!this.#first || (this.#first.grid === grid && number < this.#first.number))
      this.#first = { grid, number, problem };
  }

  /** Takes in chunks that have no checksum. */
  added(chunks: number): void {
    this.#added += chunks;
  }

  /** Takes in bytes of chunks that have no checksum, and are too many to be looked at. */
  unsearched(bytes: number): void {
    this.#unsearched = bytes;
  }

  /** Tells what ended the search for damage. */
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

/** What is said of a dataset that another program changed. */
export function changedText(changes: readonly string[]): string {
  return `changed by another program since its checksums were taken: ${changes.join('; ')}`;
}

/** Filters as the checksums have them, to be compared. */
export function filtersText(filters: readonly Filter[]): string {
  if (filters.length === 0) return 'none';
  return filters
    .map((filter) => (filter.kind === 'deflate' ? `deflate ${filter.level}` : filter.kind))
    .join(', ');
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
