import {
  copyPlacement,
  type Dataset,
  type Placements,
  slicePlacements,
  unstoredPlacements,
} from '../hdf5/index.js';
import { cellsPerAxis, clippedCount, type Grid, product, unravelIndex } from '../layout/index.js';
import type { NumberedChunks } from './numbered-chunks.js';

/** At most this many chunks are placed by one call. */
const BATCH = 4096;
/** Rows of the grid are placed chunk by chunk if fewer than one in this many of their chunks are there. */
const SPARSE = 16;

/**
 * Places chunks in the order of the chunk index. Whole rows of the grid are placed by one call, because a call
 * takes longer than placing a chunk.
 *
 * @param grid the grid of the dataset's chunks, over its extent
 */
export function placeNumbered(
  dataset: Dataset,
  grid: Grid,
  { numbers, placements }: Pick<NumberedChunks, 'numbers' | 'placements'>,
): void {
  const [rows, ...row] = cellsPerAxis(grid);
  const chunksInRow = product(row);
  for (let from = 0; from < numbers.length; ) {
    const first = Math.floor(numbers[from] / chunksInRow);
    const endRow = Math.min(rows, first + Math.max(1, Math.floor(BATCH / chunksInRow)));
    let to = from + 1;
    while (to < numbers.length && numbers[to] < endRow * chunksInRow) to++;
    const span = Math.floor(numbers[to - 1] / chunksInRow) + 1 - first;
    if (span * chunksInRow > SPARSE * (to - from)) {
      for (let at = from; at < to; at++)
        placeOne(dataset, grid, numbers[at], slicePlacements(placements, at, at + 1));
    } else {
      const whole = unstoredPlacements(span * chunksInRow);
      for (let at = from; at < to; at++)
        copyPlacement(placements, at, whole, numbers[at] - first * chunksInRow);
      const start = grid.extent.map((_, axis) => (axis === 0 ? first * grid.cell[0] : 0));
      const shape = grid.extent.with(0, span * grid.cell[0]);
      dataset.place(start, clippedCount(start, shape, grid.extent), whole, { more: true });
    }
    from = to;
  }
  // This call places nothing. Because it lacks `more`, it makes libhdf5 forget the chunk it looked up last.
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
