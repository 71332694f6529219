import { type BudgetRequest, type JobBudget, jobBudget, tooLittleMemory } from './budget.js';
import { LayoutError } from './errors.js';
import { cellCount, cells, cellsPerAxis, type Grid, makeGrid } from './grid.js';
import { type Hyperslab, product } from './hyperslab.js';

/** A bulk dataset, and what its jobs may take. */
export interface PlanRequest extends BudgetRequest {
  /** Shape of the dataset, in elements. */
  readonly extent: readonly number[];
  /** Shape of a chunk, in elements. */
  readonly chunk: readonly number[];
  /** Bytes of one element. */
  readonly itemSize: number;
  /** Axes of the source from the slowest- to the fastest-varying in its storage. */
  readonly storageOrder: readonly number[];
  /** Bytes of scratch memory with which the source can read a hyperslab. */
  readonly scratchBytes: (slab: Hyperslab) => number;
}

/** How a dataset is cut into jobs. */
export interface JobPlan {
  /** The jobs; each is made of whole chunks, as the cell is a multiple of the chunk. */
  readonly jobs: Grid;
  /** Bytes of scratch memory that reading any of the jobs needs at most. */
  readonly scratchBytes: number;
  /** Bytes that a worker holds for any of the jobs at most: scratch memory and `encodeBytes`. */
  readonly jobBytes: number;
}

/**
 * A line of storage up to this long, bytes, is read whole. Reading a part of it, and the next line's
 * part after a gap, costs about as much as reading it all; for longer lines the parts are long
 * enough to be read at full speed.
 */
const SHORT_LINE = 1024 * 1024;

/**
 * Cuts a dataset into jobs that read their source in long runs.
 *
 * A job begins as one chunk and grows along the axes from the fastest- to the slowest-varying in
 * storage: over the whole axis while that fits, else by as many whole chunks as fit, shared out
 * evenly, and then no further. Two limits decide what fits:
 *
 * - the *bound*: workers x (scratch memory + `encodeBytes`) stays within `memory`. It is checked
 *   for every job, as some sources need more memory at some places than at others.
 * - the *target*: 32 MiB of data, or less when the dataset would not give four jobs to each worker.
 *   It does not count along the first axis that one chunk does not span already where a line of it
 *   is short (1 MiB or less) and there is a slower axis: cut there, every line would be read with
 *   gaps, once for each part.
 *
 * So samples x channels in row order give jobs of all channels and a stretch of time, so that a row
 * is read once and cut in memory; one file per channel gives a long stretch of time of one chunk of
 * channels.
 *
 * @throws BudgetError when the memory does not hold one chunk for each worker.
 * @throws LayoutError when the numbers do not make sense.
 */
export function planDataset(request: PlanRequest): JobPlan {
  const { extent, chunk, itemSize, encodeBytes, name } = request;
  const chunks = makeGrid(extent, chunk, name);
  checkStorageOrder(request);
  const budget = jobBudget(request, product(extent) * itemSize);
  if (cellCount(chunks) === 0) return { jobs: chunks, scratchBytes: 0, jobBytes: 0 };

  const cell = grow(request, budget);
  for (;;) {
    const jobs: Grid = { extent: chunks.extent, cell: [...cell] };
    const scratchBytes = maxScratch(jobs, request);
    if (scratchBytes <= budget.scratchBytes) {
      return { jobs, scratchBytes, jobBytes: scratchBytes + encodeBytes };
    }
    if (!shrink(cell, request)) throw tooLittleMemory(request, scratchBytes);
  }
}

function grow(request: PlanRequest, budget: JobBudget): number[] {
  const { extent, chunk, itemSize, scratchBytes } = request;
  const counts = cellsPerAxis({ extent, cell: chunk });
  const lead = leadAxis(request, counts);
  const cell = [...chunk];

  const fits = (axis: number, chunksWide: number): boolean => {
    const wide = cell.with(axis, chunksWide * chunk[axis]);
    const count = wide.map((length, at) => Math.min(length, extent[at]));
    if (axis !== lead && product(count) * itemSize > budget.targetBytes) return false;
    return scratchBytes({ start: extent.map(() => 0), count }) <= budget.scratchBytes;
  };

  for (const axis of request.storageOrder.toReversed()) {
    const all = counts[axis];
    if (all === 1) continue;
    const most = largest(all, (chunksWide) => fits(axis, chunksWide));
    cell[axis] = Math.ceil(all / Math.ceil(all / most)) * chunk[axis];
    if (most < all) break;
  }
  return cell;
}

/** The axis along which the target does not count, or -1; see {@link planDataset}. */
function leadAxis(request: PlanRequest, counts: readonly number[]): number {
  const { extent, itemSize, storageOrder } = request;
  const fastestFirst = storageOrder.toReversed();
  const at = fastestFirst.findIndex((axis) => counts[axis] > 1);
  if (at < 0) return -1;
  const line = product(fastestFirst.slice(0, at + 1).map((axis) => extent[axis])) * itemSize;
  const hasSlower = fastestFirst.slice(at + 1).some((axis) => extent[axis] > 1);
  return line <= SHORT_LINE && hasSlower ? fastestFirst[at] : -1;
}

/** The largest number from 1 to `most` that passes, given that all below it pass; 1 if none does. */
function largest(most: number, passes: (count: number) => boolean): number {
  if (passes(most)) return most;
  let low = 1;
  let high = most;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (passes(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** Takes away the half of what was gained last; false when there is but one chunk. */
function shrink(cell: number[], request: PlanRequest): boolean {
  const { chunk, storageOrder } = request;
  const axis = storageOrder.find((candidate) => cell[candidate] > chunk[candidate]);
  if (axis === undefined) return false;
  cell[axis] = Math.floor(cell[axis] / chunk[axis] / 2) * chunk[axis];
  return true;
}

function maxScratch(jobs: Grid, request: PlanRequest): number {
  let most = 0;
  for (const job of cells(jobs)) most = Math.max(most, request.scratchBytes(job));
  return most;
}

function checkStorageOrder({ extent, storageOrder, name }: PlanRequest): void {
  const sorted = storageOrder.toSorted((a, b) => a - b);
  if (sorted.length !== extent.length || !sorted.every((axis, index) => axis === index)) {
    throw new LayoutError({
      name,
      expected: `a storage order of the axes 0 to ${extent.length - 1}`,
      received: `[${storageOrder.join(', ')}]`,
    });
  }
}
