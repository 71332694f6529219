import { PLACEMENT_BYTES } from '../../hdf5/index.js';
import { cellsPerAxis, type Grid, ravelIndex } from '../../layout/index.js';
import type { ChunksRecord, LostRecord, SlabRecord } from './records.js';

/** A record of chunks that were written or lost. */
export type AnyChunks = SlabRecord | ChunksRecord | LostRecord;

/** How many chunks a record covers. */
export function countOf(record: AnyChunks, { cell }: Grid): number {
  if (record.kind === 'slab') return record.placements.length / PLACEMENT_BYTES;
  return record.starts.length / cell.length;
}

/**
 * Writes the numbers of a record's chunks into `numbers`, in the order of the record. A chunk outside of the grid
 * gets -1.
 *
 * @returns how many chunks the record covers
 */
export function numberChunks(record: AnyChunks, grid: Grid, numbers: Float64Array): number {
  const { cell } = grid;
  const counts = cellsPerAxis(grid);
  const count = countOf(record, grid);
  const numberOf = (at: readonly number[]) =>
    at.every((index, axis) => index < counts[axis]) ? ravelIndex(at, counts) : -1;
  if (record.kind !== 'slab') {
    for (let at = 0; at < count; at++)
      numbers[at] = numberOf(
        cell.map((length, axis) => record.starts[at * cell.length + axis] / length),
      );
    return count;
  }
  const first = record.start.map((start, axis) => start / cell[axis]);
  const end = record.count.map((length, axis) => first[axis] + Math.ceil(length / cell[axis]));
  const chunk = [...first];
  for (let at = 0; at < count; at++) {
    numbers[at] = numberOf(chunk);
    let axis = cell.length - 1;
    while (axis > 0 && ++chunk[axis] === end[axis]) chunk[axis] = first[axis--];
    if (axis === 0) chunk[0]++;
  }
  return count;
}
