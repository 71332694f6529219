import { LayoutError } from './errors.js';
import { shapeText } from './hyperslab.js';
import type { Maxshape } from './maxshape.js';
import { pickAt } from './pick.js';
import { isSlice, type Selection } from './selection.js';
import { plainAxes } from './selection-axes.js';
import {
  type AxisBounds,
  pickAxis,
  type ResolvedSelection,
  resolved,
  UNLIMITED,
} from './selection-resolve.js';

/** The present and the largest extent of a dataset. */
export interface GrowthBounds {
  readonly extent: readonly number[];
  readonly maxshape: Maxshape;
}

/** A selection that may lie beyond the present extent. */
export interface GrowingSelection extends ResolvedSelection {
  /**
   * The extent that the dataset needs to contain the selection; never less than its present extent.
   */
  readonly reach: readonly number[];
}

/**
 * Resolves a selection of a dataset that grows when data are written to it. The stop of a slice is not clipped.
 * A slice without a stop, such as null, takes the length of the data if the axis can grow, else it ends at the
 * extent. Negative numbers count from the present extent. A scalar has no length and is repeated over the extent.
 *
 * @param dataShape shape of the data to be written
 * @param name the dataset's name in messages
 * @throws LayoutError if an index lies beyond maxshape, the data do not have the selection's shape, or HDF5
 * can't make the selection
 */
export function resolveGrowing(
  selection: Selection,
  dataShape: readonly number[],
  { extent, maxshape }: GrowthBounds,
  name: string,
): GrowingSelection {
  const context = { selection, name };
  const axes = plainAxes(context, extent.length);
  const advice = 'the axis can grow no further';
  const bounds = extent.map((length, at): AxisBounds => {
    return { at, length, limit: maxshape[at] ?? UNLIMITED, clipped: false, advice };
  });
  const open = axes.map((axis, at) => {
    return isSlice(axis) && axis.stop === null && bounds[at].limit > extent[at];
  });
  const present = axes.map((axis, at) => pickAxis(axis, bounds[at], context));
  const lengths = openLengths(
    present
      .map(({ count }, at) => (open[at] ? null : count))
      .filter((_, at) => typeof axes[at] !== 'number'),
    dataShape,
  );
  const picks = present.map((pick, at) =>
    open[at] ? pickAxis(axes[at], { ...bounds[at], openCount: lengths.shift() }, context) : pick,
  );
  const selected = resolved(axes, picks);
  checkData(selected, dataShape, name);
  const empty = selected.count.includes(0);
  const reach = picks.map((pick, at) =>
    empty ? extent[at] : Math.max(extent[at], pickAt(pick, pick.count - 1) + 1),
  );
  return { ...selected, reach };
}

/**
 * Checks that data have the shape of a selection. As in numpy's assignments, axes of length 1 may be added or
 * left out, and a scalar (shape `[]`) is repeated; other data are not broadcast.
 *
 * @throws LayoutError if the shapes differ
 */
export function checkData(
  { shape }: ResolvedSelection,
  dataShape: readonly number[],
  name: string,
): void {
  if (dataShape.length === 0) return;
  const wanted = longAxes(shape);
  const given = longAxes(dataShape);
  if (given.length !== wanted.length || given.some((length, axis) => length !== wanted[axis])) {
    throw new LayoutError({
      name,
      expected: `data of shape ${shapeText(shape)}`,
      received: `shape ${shapeText(dataShape)}`,
    });
  }
}

/**
 * The lengths of the open axes, in their order, according to the shape of the data. If the ranks are equal, the
 * axes correspond one to one. Otherwise axes of length 1 are skipped, and if the data have too few axes, the
 * first open axes get length 1: a single image is one row of a movie. A scalar determines no length.
 *
 * @param counts number of selected indices per axis, null for open axes, without axes selected by one index
 */
function openLengths(counts: readonly (number | null)[], dataShape: readonly number[]): number[] {
  if (dataShape.length === 0) return [];
  if (counts.length === dataShape.length) {
    return dataShape.filter((_, axis) => counts[axis] === null);
  }
  const wanted = counts.filter((count) => count !== 1);
  const given = longAxes(dataShape);
  let missing = wanted.length - given.length;
  let next = 0;
  const lengths: number[] = [];
  for (const count of wanted) {
    if (count !== null) next++;
    else if (missing-- > 0) lengths.push(1);
    // If the data have no further axis, they do not fit, and checkData will refuse them.
    else lengths.push(given[next++] ?? 1);
  }
  return lengths;
}

function longAxes(shape: readonly number[]): number[] {
  return shape.filter((length) => length !== 1);
}
