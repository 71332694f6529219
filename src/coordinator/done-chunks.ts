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

/** Tells which chunks an earlier run left to do in each job of a dataset. */
export class DoneChunks {
  readonly #jobs: Grid;
  readonly #chunks: Grid;
  readonly #numbers: Float64Array;
  /** For each job, how many of its chunks are done. */
  readonly #doneInJob: Uint32Array;

  /**
   * @param jobs the grid of jobs, each of whole chunks
   * @param chunks the grid of chunks, over the same extent
   * @param numbers ascending numbers of the chunks that are done, counted in C order of their grid
   */
  constructor(jobs: Grid, chunks: Grid, numbers: Float64Array) {
    this.#jobs = jobs;
    this.#chunks = chunks;
    this.#numbers = numbers;
    this.#doneInJob = new Uint32Array(cellCount(jobs));
    const perAxis = cellsPerAxis(chunks);
    const jobsPerAxis = cellsPerAxis(jobs);
    const chunksPerJob = jobs.cell.map((length, axis) => length / chunks.cell[axis]);
    for (const number of numbers) {
      const job = unravelIndex(number, perAxis).map((at, axis) =>
        Math.floor(at / chunksPerJob[axis]),
      );
      this.#doneInJob[ravelIndex(job, jobsPerAxis)]++;
    }
  }

  /** The chunks of a job that are not done; undefined if no chunk of the job is done. */
  missing(job: number): Hyperslab[] | undefined {
    if (this.#doneInJob[job] === 0) return undefined;
    const slab = cellAt(this.#jobs, job);
    if (this.#doneInJob[job] === cellCountWithin(this.#chunks, slab)) return [];
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
