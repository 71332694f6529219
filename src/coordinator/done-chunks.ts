import {
  cellAt,
  cellCount,
  cellCountWithin,
  cellIndexOf,
  cellsPerAxis,
  cellsWithin,
  type Grid,
  type Hyperslab,
  ravelIndex,
  unravelIndex,
} from '../layout/index.js';

/** Of the jobs of a dataset, which are done, and what is left of the others. */
export class DoneChunks {
  readonly #jobs: Grid;
  readonly #chunks: Grid;
  readonly #numbers: Float64Array;
  /** Of each job how many of its chunks are done. */
  readonly #counts: Uint32Array;

  /**
   * @param jobs made of whole chunks
   * @param chunks over the same extent
   * @param numbers of the chunks that are done, in C order of their grid, ascending
   */
  constructor(jobs: Grid, chunks: Grid, numbers: Float64Array) {
    this.#jobs = jobs;
    this.#chunks = chunks;
    this.#numbers = numbers;
    this.#counts = new Uint32Array(cellCount(jobs));
    const perAxis = cellsPerAxis(chunks);
    const jobsPerAxis = cellsPerAxis(jobs);
    const within = jobs.cell.map((length, axis) => length / chunks.cell[axis]);
    for (const number of numbers) {
      const job = unravelIndex(number, perAxis).map((at, axis) => Math.floor(at / within[axis]));
      this.#counts[ravelIndex(job, jobsPerAxis)]++;
    }
  }

  /** What of a job is to be done: all of it (undefined), or single chunks, if any. */
  missing(job: number): Hyperslab[] | undefined {
    if (this.#counts[job] === 0) return undefined;
    const slab = cellAt(this.#jobs, job);
    if (this.#counts[job] === cellCountWithin(this.#chunks, slab)) return [];
    return [...cellsWithin(this.#chunks, slab)].filter(
      ({ start }) => !this.#has(cellIndexOf(this.#chunks, start)),
    );
  }

  #has(number: number): boolean {
    let from = 0;
    let to = this.#numbers.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.#numbers[middle] < number) from = middle + 1;
      else to = middle;
    }
    return this.#numbers[from] === number;
  }
}
