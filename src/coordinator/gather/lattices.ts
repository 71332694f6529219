import type { Lattice } from '../../hdf5/index.js';
import { type AxisPick, denseSteps, isList, pickAt } from '../../layout/index.js';
import type { NdArray } from '../../streams/index.js';
import type { Cell } from './picked-chunks.js';
import type { Target } from './target.js';

/**
 * The part of an array that belongs to one chunk of its selection.
 *
 * @param array the data of the whole selection
 */
export function toPicked(array: Lattice, { from }: Cell): Lattice {
  const { bytes, steps } = array;
  const offset = from.reduce((sum, first, axis) => sum + first * steps[axis], array.offset);
  return { bytes, offset, steps };
}

/**
 * The elements of a chunk that a selection picks.
 *
 * @param bytes the chunk, dense
 * @param picks the whole selection
 */
export function toChunk(
  target: Target,
  bytes: Uint8Array,
  picks: readonly AxisPick[],
  { start, from, count }: Cell,
): Lattice {
  const dense = denseSteps(target.chunk, target.itemSize);
  let offset = 0;
  const tables = picks.map((pick, axis) => {
    if (isList(pick)) {
      const indices = pick.indices.slice(from[axis], from[axis] + count[axis]);
      return Int32Array.from(indices, (index) => index - start[axis]);
    }
    offset += (pickAt(pick, from[axis]) - start[axis]) * dense[axis];
    return null;
  });
  const steps = picks.map((pick, axis) => (isList(pick) ? 1 : pick.step) * dense[axis]);
  return { bytes, offset, steps, tables };
}

/** A dense array as the data of a selection of `count` elements per axis. An array of one item is repeated. */
export function latticeOf({ data }: NdArray, count: readonly number[]): Lattice {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const repeated = data.length === 1;
  const steps = repeated ? count.map(() => 0) : denseSteps(count, data.BYTES_PER_ELEMENT);
  return { bytes, offset: 0, steps };
}
