import type { Hyperslab } from './hyperslab.js';
import { type AxisPick, pickAt, pickFrom, type RegularPick } from './pick.js';
import { isSlice, type Selection, type Slice } from './selection.js';
import { axisError, type PlainAxis, plainAxes, type SelectionContext } from './selection-axes.js';

/** A selection, resolved against the extent of its dataset. */
export interface ResolvedSelection {
  /** The selected indices along each axis of the dataset, ascending. */
  readonly picks: readonly AxisPick[];
  /** The number of selected indices along each axis of the dataset. */
  readonly count: readonly number[];
  /** The shape of the selected data: `count` without the axes selected by a single index. */
  readonly shape: readonly number[];
}

/**
 * Resolves a selection for reading, or for writing inside the extent.
 *
 * @param name the dataset's name in messages
 * @param clips whether slices are clipped to the extent, as in numpy. If false, slices that reach beyond the
 * extent are refused, because data written there would be lost. Default: true
 * @throws LayoutError if an index lies outside the extent, or HDF5 can't make the selection: it goes backwards,
 * repeats indices, or has more axes than the dataset
 */
export function resolveSelection(
  selection: Selection,
  extent: readonly number[],
  name: string,
  clips = true,
): ResolvedSelection {
  const context = { selection, name };
  const axes = plainAxes(context, extent.length);
  const picks = axes.map((axis, at) => {
    const length = extent[at];
    const bounds = { at, length, limit: length, clipped: clips, advice: 'resize it first' };
    return pickAxis(axis, bounds, context);
  });
  return resolved(axes, picks);
}

/** The smallest block that contains all selected elements; its count is 0 along axes without selected indices. */
export function selectedSlab({ picks }: ResolvedSelection): Hyperslab {
  const start = picks.map((pick) => (pick.count === 0 ? 0 : pickAt(pick, 0)));
  const count = picks.map((pick, axis) =>
    pick.count === 0 ? 0 : pickAt(pick, pick.count - 1) - start[axis] + 1,
  );
  return { start, count };
}

/** The limits for the indices along one axis. */
export interface AxisBounds {
  /** Number of the axis. */
  readonly at: number;
  /** Present length of the axis. Negative numbers count from it, and slices without a stop end there. */
  readonly length: number;
  /** All indices must be less than this. */
  readonly limit: number;
  /** Whether slices are clipped to the length; otherwise slices beyond the limit are refused. */
  readonly clipped: boolean;
  /** The hint of the error for a slice beyond the limit. */
  readonly advice: string;
  /** How many indices a slice without a stop takes. Default: all up to the length */
  readonly openCount?: number;
}

/** The limit of an unlimited axis: larger numbers are not exact. */
export const UNLIMITED = Number.MAX_SAFE_INTEGER;

/** @throws LayoutError if an index is not allowed, or the indices of a list don't ascend */
export function pickAxis(axis: PlainAxis, bounds: AxisBounds, context: SelectionContext): AxisPick {
  if (typeof axis === 'number') {
    return { first: knownIndex(axis, bounds, context), step: 1, count: 1 };
  }
  return isSlice(axis) ? pickSlice(axis, bounds, context) : pickList(axis, bounds, context);
}

/** Combines the picks of all axes to a selection. */
export function resolved(
  axes: readonly PlainAxis[],
  picks: readonly AxisPick[],
): ResolvedSelection {
  const count = picks.map((pick) => pick.count);
  return { picks, count, shape: count.filter((_, axis) => typeof axes[axis] !== 'number') };
}

function pickSlice(slice: Slice, bounds: AxisBounds, context: SelectionContext): RegularPick {
  const { at, length, limit, openCount, advice } = bounds;
  const step = slice.step ?? 1;
  const first = sliceBound(slice.start ?? 0, bounds);
  const stop = sliceBound(slice.stop ?? length, bounds);
  const upToStop = Math.max(0, Math.ceil((stop - first) / step));
  const count = slice.stop === null ? (openCount ?? upToStop) : upToStop;
  const last = first + (count - 1) * step;
  if (count > 0 && last >= limit) {
    const expected = `indices below ${limit}`;
    throw axisError(context, at, expected, String(last), advice);
  }
  // The step of fewer than two indices does not matter; with step 1 they count as contiguous.
  return { first, step: count > 1 ? step : 1, count };
}

function sliceBound(bound: number, { length, clipped }: AxisBounds): number {
  if (bound < 0) return Math.max(0, bound + length);
  return clipped ? Math.min(bound, length) : bound;
}

function pickList(
  list: readonly number[],
  bounds: AxisBounds,
  context: SelectionContext,
): AxisPick {
  const indices = list.map((index) => knownIndex(index, bounds, context));
  const wrong = indices.findIndex((index, position) => index <= indices[position - 1]);
  if (wrong > 0) {
    throw axisError(
      context,
      bounds.at,
      'strictly increasing indices',
      `${list[wrong]} after ${list[wrong - 1]}`,
      'HDF5 can only select forwards, and each element once',
    );
  }
  return pickFrom(indices);
}

function knownIndex(index: number, { at, length, limit }: AxisBounds, context: SelectionContext) {
  const known = index < 0 ? index + length : index;
  if (known >= 0 && known < limit) return known;
  if (limit === 0) throw axisError(context, at, 'no index', String(index), 'the axis is empty');
  const range = limit === UNLIMITED ? `${-length} on` : `${-length} to ${limit - 1}`;
  throw axisError(context, at, `an index from ${range}`, String(index));
}
