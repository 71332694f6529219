import { LayoutError } from './errors.js';
import {
  clippedCount,
  type Hyperslab,
  isEmpty,
  product,
  ravelIndex,
  shapeText,
  unravelIndex,
} from './hyperslab.js';

/**
 * A regular grid of cells over an extent, both in elements. The last cell along an axis is clipped to
 * the extent. The chunks of a dataset form a grid, and so do its jobs. Cells are numbered in C order.
 */
export interface Grid {
  readonly extent: readonly number[];
  readonly cell: readonly number[];
}

/**
 * Creates a grid and checks its numbers.
 *
 * @param name the dataset's name in messages
 * @throws LayoutError if the ranks differ, a length of the cell is not a whole number of at least 1, or a
 * length of the extent is not a whole number of at least 0
 */
export function makeGrid(extent: readonly number[], cell: readonly number[], name: string): Grid {
  if (cell.length !== extent.length) {
    throw new LayoutError({
      name,
      expected: `cells of rank ${extent.length}`,
      received: `${shapeText(cell)}, of rank ${cell.length}`,
    });
  }
  if (!extent.every((length) => Number.isSafeInteger(length) && length >= 0)) {
    throw new LayoutError({
      name,
      expected: 'an extent of whole numbers of at least 0',
      received: shapeText(extent),
    });
  }
  if (!cell.every((length) => Number.isSafeInteger(length) && length >= 1)) {
    throw new LayoutError({
      name,
      expected: 'cells of whole numbers of at least 1',
      received: shapeText(cell),
    });
  }
  return { extent: [...extent], cell: [...cell] };
}

/** Number of cells along each axis; 0 on an axis of length 0. */
export function cellsPerAxis(grid: Grid): number[] {
  return grid.extent.map((length, axis) => Math.ceil(length / grid.cell[axis]));
}

/** Total number of cells; 0 if an axis of the extent has length 0. */
export function cellCount(grid: Grid): number {
  return product(cellsPerAxis(grid));
}

/**
 * The cell with the given number in C order, clipped to the extent.
 *
 * @throws RangeError if the grid has no such cell
 */
export function cellAt(grid: Grid, index: number): Hyperslab {
  const counts = cellsPerAxis(grid);
  const total = product(counts);
  if (!Number.isSafeInteger(index) || index < 0 || index >= total) {
    throw new RangeError(
      `Expected an index from 0 to ${total - 1} for a cell but received ${index}`,
    );
  }
  return clippedCell(grid, unravelIndex(index, counts));
}

/**
 * Number in C order of the cell that contains the element at `position`.
 *
 * @throws RangeError if the position lies outside the extent
 */
export function cellIndexOf(grid: Grid, position: readonly number[]): number {
  if (!grid.extent.every((length, axis) => position[axis] >= 0 && position[axis] < length)) {
    throw new RangeError(
      `Expected a position within ${shapeText(grid.extent)} for a cell but received ${shapeText(position)}`,
    );
  }
  const cell = position.map((coordinate, axis) => Math.floor(coordinate / grid.cell[axis]));
  return ravelIndex(cell, cellsPerAxis(grid));
}

/** All cells in C order, each clipped to the extent. */
export function* cells(grid: Grid): Generator<Hyperslab, void, undefined> {
  yield* walk(
    grid,
    grid.extent.map(() => 0),
    cellsPerAxis(grid),
  );
}

/**
 * The cells that share an element with a slab, in C order, each clipped to the extent but not to the
 * slab. For a job and the grid of chunks these are the job's chunks, in the order in which a worker
 * writes them.
 */
export function* cellsWithin(grid: Grid, slab: Hyperslab): Generator<Hyperslab, void, undefined> {
  const { first, end } = cellRange(grid, slab);
  yield* walk(grid, first, end);
}

/** Number of cells that share an element with a slab. */
export function cellCountWithin(grid: Grid, slab: Hyperslab): number {
  const { first, end } = cellRange(grid, slab);
  return product(end.map((last, axis) => Math.max(0, last - first[axis])));
}

function cellRange(grid: Grid, slab: Hyperslab): { first: number[]; end: number[] } {
  const first = slab.start.map((start, axis) => Math.floor(Math.max(0, start) / grid.cell[axis]));
  if (isEmpty(slab)) return { first, end: first };
  const end = slab.start.map((start, axis) =>
    Math.ceil(Math.min(start + slab.count[axis], grid.extent[axis]) / grid.cell[axis]),
  );
  return { first, end };
}

function* walk(
  grid: Grid,
  first: readonly number[],
  end: readonly number[],
): Generator<Hyperslab, void, undefined> {
  if (first.some((from, axis) => from >= end[axis])) return;
  const at = [...first];
  for (;;) {
    yield clippedCell(grid, at);
    let axis = at.length - 1;
    while (axis >= 0 && ++at[axis] === end[axis]) {
      at[axis] = first[axis];
      axis--;
    }
    if (axis < 0) return;
  }
}

function clippedCell(grid: Grid, cell: readonly number[]): Hyperslab {
  const start = cell.map((index, axis) => index * grid.cell[axis]);
  return { start, count: clippedCount(start, grid.cell, grid.extent) };
}
