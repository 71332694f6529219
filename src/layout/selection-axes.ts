import { LayoutError } from './errors.js';
import {
  isIndexList,
  isSlice,
  type Selection,
  type Slice,
  showEntry,
  showSelection,
  slice,
} from './selection.js';

/** One index, a slice, or a list of indices. All numbers are whole, and the step of a slice is positive. */
export type PlainAxis = number | Slice | readonly number[];

/** What error messages say about a selection. */
export interface SelectionContext {
  readonly selection: Selection;
  /** The dataset's name. */
  readonly name: string;
}

/** The error for one axis of a selection; `received` is the part of the selection that is wrong. */
export function axisError(
  { selection, name }: SelectionContext,
  axis: number,
  expected: string,
  received: string,
  hint?: string,
): LayoutError {
  return new LayoutError({
    name,
    expected: `${expected} along axis ${axis}`,
    received: `${received} in ${showSelection(selection)}`,
    hint,
  });
}

/**
 * Converts a selection to one entry for each of the `rank` axes. Does not check whether the indices exist.
 *
 * @throws LayoutError if the selection has more axes than the dataset, two ellipses, two lists, a step
 * below 1, or anything other than whole numbers
 */
export function plainAxes(context: SelectionContext, rank: number): PlainAxis[] {
  const { selection } = context;
  // The copy has no holes, and the user can't change it later.
  const given: unknown[] = Array.isArray(selection) ? Array.from(selection) : [selection];
  const axes = withoutEllipsis(given, rank, context);
  if (axes.filter(isIndexList).length > 1) {
    throw refusal(
      context,
      'at most one list of indices',
      "HDF5 can't pair two lists up, as numpy does",
    );
  }
  return axes.map((axis, at) => plainAxis(axis, at, context));
}

function withoutEllipsis(
  given: readonly unknown[],
  rank: number,
  context: SelectionContext,
): unknown[] {
  const ellipses = given.filter((axis) => axis === '...').length;
  if (ellipses > 1) throw refusal(context, "at most one '...'");
  const left = rank - (given.length - ellipses);
  if (left < 0) throw refusal(context, `a selection of at most ${rank} axes`);
  const at = ellipses === 1 ? given.indexOf('...') : given.length;
  return [...given.slice(0, at), ...new Array<null>(left).fill(null), ...given.slice(at + 1)];
}

function plainAxis(axis: unknown, at: number, context: SelectionContext): PlainAxis {
  if (axis === null) return slice(null);
  if (isSlice(axis)) return plainSlice(axis, at, context);
  if (isIndexList(axis)) {
    return Array.from<unknown>(axis).map((index) => whole(index, at, context));
  }
  if (typeof axis === 'number') return whole(axis, at, context);
  throw axisError(
    context,
    at,
    "a whole number, null, a slice, a list of whole numbers or '...'",
    showEntry(axis),
  );
}

function plainSlice(given: Slice, at: number, context: SelectionContext): Slice {
  const bound = (value: unknown) => (value === null ? value : whole(value, at, context));
  const [start, stop, step] = [given.start, given.stop, given.step].map(bound);
  if (step !== null && step < 1) {
    throw axisError(
      context,
      at,
      'a step of at least 1',
      showEntry(step),
      'HDF5 can only select forwards',
    );
  }
  return { start, stop, step };
}

function whole(value: unknown, at: number, context: SelectionContext): number {
  // Adding 0 turns -0 into 0.
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value + 0;
  throw axisError(context, at, 'whole numbers', showEntry(value));
}

function refusal({ selection, name }: SelectionContext, expected: string, hint?: string) {
  return new LayoutError({ name, expected, received: showSelection(selection), hint });
}
