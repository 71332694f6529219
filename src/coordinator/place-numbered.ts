import {
  copyPlacement,
  type Dataset,
  type Placements,
  slicePlacements,
  unstoredPlacements,
} from '../hdf5/index.js';
import { cellsPerAxis, clippedCount, type Grid, product, unravelIndex } from '../layout/index.js';
import type { NumberedChunks } from './numbered-chunks.js';

/** Chunks that are placed at one go at most. */
const BATCH = 4096;
/** A row of the grid that holds fewer of its chunks than one in so many is placed chunk by chunk. */
const SPARSE = 16;

/**
 * Places chunks that are known by their numbers, in the order of the chunk index: whole rows of the grid
 * at a time, since a call for each chunk would take longer than to place it.
 *
 * @param grid of the dataset's chunks, over its extent
 */
export function placeNumbered(
  dataset: Dataset,
  grid: Grid,
  { numbers, placements }: Pick<NumberedChunks, 'numbers' | 'placements'>,
): void {
  const [rows, ...row] = cellsPerAxis(grid);
  const inRow = product(row);
  for (let from = 0; from < numbers.length; ) {
    const first = Math.floor(numbers[from] / inRow);
    const most = Math.min(rows, first + Math.max(1, Math.floor(BATCH / inRow)));
    let to = from + 1;
    while (to < numbers.length && numbers[to] < most * inRow) to++;
    const span = Math.floor(numbers[to - 1] / inRow) + 1 - first;
    if (span * inRow > SPARSE * (to - from)) {
      for (let at = from; at < to; at++)
        placeOne(dataset, grid, numbers[at], slicePlacements(placements, at, at + 1));
    } else {
      const whole = unstoredPlacements(span * inRow);
      for (let at = from; at < to; at++)
        copyPlacement(placements, at, whole, numbers[at] - first * inRow);
      const start = grid.extent.map((_, axis) => (axis === 0 ? first * grid.cell[0] : 0));
      const shape = grid.extent.with(0, span * grid.cell[0]);
      dataset.place(start, clippedCount(start, shape, grid.extent), whole, { more: true });
    }
    from = to;
  }
  // Placing nothing, without `more`, makes libhdf5 look its chunks up again.
  if (numbers.length > 0) placeOne(dataset, grid, numbers[0], unstoredPlacements(1), false);
}

function placeOne(
  dataset: Dataset,
  grid: Grid,
  number: number,
  placement: Placements,
  more = true,
): void {
  const start = unravelIndex(number, cellsPerAxis(grid)).map(
    (index, axis) => index * grid.cell[axis],
  );
  const inside = clippedCount(start, grid.cell, grid.extent);
  dataset.place(start, inside, placement, { more });
}
