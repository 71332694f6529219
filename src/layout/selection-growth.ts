import { LayoutError } from './errors.js';
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

/** How far a dataset reaches, and how far it may; both of its rank. */
export interface GrowthBounds {
  readonly extent: readonly number[];
  readonly maxshape: Maxshape;
}

/** A selection that may lie beyond the present extent. */
export interface GrowingSelection extends ResolvedSelection {
  /**
   * The extent that the dataset needs, at least its present one; that one, too, where nothing is
   * selected.
   */
  readonly reach: readonly number[];
}

/**
 * What a selection selects of a dataset that grows with what is written to it. A slice's stop is
 * taken as it is, not clipped; without one, as for null, the axis takes the data's length where it
 * can grow, else its extent. Negative numbers count from the present extent. A scalar has no length:
 * it is repeated over the extent.
 *
 * @param dataShape of the data to be written
 * @param name the dataset's name in messages
 * @throws LayoutError when an index lies beyond maxshape, the data does not have the selection's
 * shape, or the selection is none that HDF5 can make.
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
 * Axes of length 1 may be more or fewer in the data, as in numpy's assignments, and a scalar (shape
 * `[]`) is repeated. Nothing else is.
 *
 * @throws LayoutError when the data does not have the shape of what is selected.
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
      expected: `data of shape [${shape.join(', ')}]`,
      received: `shape [${dataShape.join(', ')}]`,
    });
  }
}

/**
 * The lengths that the data gives the open axes, in their order: axis by axis where the ranks are the
 * same. Otherwise axes of length 1 are passed over, and where the data has too few axes, the first
 * open ones are of length 1: a single image is one row of a movie. A scalar gives none.
 *
 * @param counts selected indices an axis, null where it is open, without axes that an integer chose
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
    // Data that runs short here does not fit, which its check finds.
    else lengths.push(given[next++] ?? 1);
  }
  return lengths;
}

function longAxes(shape: readonly number[]): number[] {
  return shape.filter((length) => length !== 1);
}
