import { addressOf, type Placements, placementCount, viewPlacements } from '../hdf5/index.js';
import {
  cellsPerAxis,
  clippedCount,
  type Grid,
  type Hyperslab,
  unravelIndex,
} from '../layout/index.js';

/** Written chunks that libhdf5 does not know yet: the first chunks of a slab, in C order. */
export interface Pending extends Hyperslab {
  readonly dataset: number;
  readonly placements: Placements;
}

/** The order of the chunk index, in which libhdf5 inserts fastest and fills the nodes of the index best. */
export function byPlace(a: Pending, b: Pending): number {
  if (a.dataset !== b.dataset) return a.dataset - b.dataset;
  const axis = a.start.findIndex((first, at) => first !== b.start[at]);
  return axis < 0 ? 0 : a.start[axis] - b.start[axis];
}

/**
 * Splits slabs into chunks, the last in the file first. If there is not room for all where replaced chunks were, the ones
 * that stay at the end are then those that lengthen the file least.
 *
 * @param gridOf the chunks of a dataset, by its number
 */
export function lastFirst(
  pending: readonly Pending[],
  gridOf: (dataset: number) => Grid,
): Pending[] {
  const singly = pending.flatMap(({ dataset, start, count, placements }) => {
    const grid = gridOf(dataset);
    return Array.from({ length: placementCount(placements) }, (_, at) => ({
      ...cellOf(grid, { start, count }, at),
      dataset,
      placements: viewPlacements(placements, at, at + 1),
    }));
  });
  return singly.sort(
    (a, b) => a.dataset - b.dataset || addressOf(b.placements, 0) - addressOf(a.placements, 0),
  );
}

/** The chunk of a slab with a number in C order. */
function cellOf({ extent, cell }: Grid, { start, count }: Hyperslab, at: number): Hyperslab {
  const first = unravelIndex(at, cellsPerAxis({ extent: count, cell })).map(
    (index, axis) => start[axis] + index * cell[axis],
  );
  return { start: first, count: clippedCount(first, cell, extent) };
}
