import { type BudgetRequest, type JobBudget, jobBudget, tooLittleMemory } from './budget.js';
import { LayoutError } from './errors.js';
import { cellCount, cells, cellsPerAxis, type Grid, makeGrid } from './grid.js';
import { type Hyperslab, product, shapeText } from './hyperslab.js';

/** A bulk dataset, and the limits for its jobs. */
export interface PlanRequest extends BudgetRequest {
  /** Shape of the dataset, in elements. */
  readonly extent: readonly number[];
  /** Shape of a chunk, in elements. */
  readonly chunk: readonly number[];
  /** Bytes of one element. */
  readonly itemSize: number;
  /** Axes of the source from the slowest- to the fastest-varying in its storage. */
  readonly storageOrder: readonly number[];
  /** Bytes of scratch memory that the source needs to read a hyperslab. */
  readonly scratchBytes: (slab: Hyperslab) => number;
}

/** How a dataset is cut into jobs. */
export interface JobPlan {
  /** The jobs. The cell is a multiple of the chunk, so each job consists of whole chunks. */
  readonly jobs: Grid;
  /** The most scratch memory that reading a job needs, in bytes. */
  readonly scratchBytes: number;
  /** The most memory that a worker needs for a job, in bytes: scratch memory and `encodeBytes`. */
  readonly jobBytes: number;
}

/**
 * Lines of storage up to this many bytes are read whole. Reading a part of each line, with a gap between the
 * parts, costs about as much as reading whole lines; parts of longer lines are long enough to be read at full
 * speed.
 */
const SHORT_LINE = 1024 * 1024;

/**
 * Cuts a dataset into jobs that read their source in long runs.
 *
 * A job begins as one chunk and grows along the axes from the fastest- to the slowest-varying in
 * storage: over the whole axis if that fits, else by as many whole chunks as fit, distributed evenly
 * over the jobs, and then no further. Two limits decide what fits:
 *
 * - the *bound*: workers x (scratch memory + `encodeBytes`) stays within `memory`. It is checked for
 *   every job, because some sources need more memory at some places than at others.
 * - the *target*: 32 MiB of data, or less if the dataset would not give four jobs to each worker. One
 *   axis is exempt from the target: the fastest axis that one chunk does not already span, if a line
 *   of storage along it is short (1 MiB or less) and a slower axis exists. Jobs that cut this axis
 *   would each read every line with gaps.
 *
 * For example, a file of samples x channels in C order gives jobs of all channels over a period of
 * time: each row is read once and cut in memory. One file per channel gives jobs of one chunk of
 * channels over a long period.
 *
 * @throws BudgetError if the memory does not hold one chunk for each worker
 * @throws LayoutError if an extent, a chunk, a number of workers or a storage order is invalid
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
    const max = largest(all, (chunksWide) => fits(axis, chunksWide));
    cell[axis] = Math.ceil(all / Math.ceil(all / max)) * chunk[axis];
    if (max < all) break;
  }
  return cell;
}

/** The axis that is exempt from the target, or -1; see {@link planDataset}. */
function leadAxis(request: PlanRequest, counts: readonly number[]): number {
  const { extent, itemSize, storageOrder } = request;
  const fastestFirst = storageOrder.toReversed();
  const at = fastestFirst.findIndex((axis) => counts[axis] > 1);
  if (at < 0) return -1;
  const line = product(fastestFirst.slice(0, at + 1).map((axis) => extent[axis])) * itemSize;
  const hasSlower = fastestFirst.slice(at + 1).some((axis) => extent[axis] > 1);
  return line <= SHORT_LINE && hasSlower ? fastestFirst[at] : -1;
}

/** The largest number from 1 to `max` that passes, provided that all smaller ones pass, too; 1 if none does. */
function largest(max: number, passes: (count: number) => boolean): number {
  if (passes(max)) return max;
  let low = 1;
  let high = max;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (passes(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** Halves the cell along the axis that grew last. Returns false if the cell is one chunk already. */
function shrink(cell: number[], request: PlanRequest): boolean {
  const { chunk, storageOrder } = request;
  const axis = storageOrder.find((candidate) => cell[candidate] > chunk[candidate]);
  if (axis === undefined) return false;
  cell[axis] = Math.floor(cell[axis] / chunk[axis] / 2) * chunk[axis];
  return true;
}

function maxScratch(jobs: Grid, request: PlanRequest): number {
  let max = 0;
  for (const job of cells(jobs)) max = Math.max(max, request.scratchBytes(job));
  return max;
}

function checkStorageOrder({ extent, storageOrder, name }: PlanRequest): void {
  const sorted = storageOrder.toSorted((a, b) => a - b);
  if (sorted.length !== extent.length || !sorted.every((axis, index) => axis === index)) {
    throw new LayoutError({
      name,
      expected: `a storage order of the axes 0 to ${extent.length - 1}`,
      received: shapeText(storageOrder),
    });
  }
}
