/** Every `step`-th index from `start` to before `stop`; null stands for numpy's None. See {@link slice}. */
export interface Slice {
  readonly start: number | null;
  readonly stop: number | null;
  readonly step: number | null;
}

/** Typed arrays that can list indices; indices from 2^32 on need a `Float64Array`. */
export type IndexArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/**
 * A selection along one axis, as in numpy: one index, a slice, a strictly increasing list of indices, or
 * `'...'` for all axes that are not mentioned. null is the whole axis, like numpy's `:` (numpy's None would add
 * an axis). Negative numbers count from the end.
 */
export type AxisSelection = number | null | Slice | readonly number[] | IndexArray | '...';

/**
 * A selection of a dataset. An array is always a list of axes: `[1, 3]` selects the element (1, 3),
 * `[[1, 3, 5]]` the rows 1, 3 and 5. Axes that are left out are selected as a whole.
 */
export type Selection = AxisSelection | readonly AxisSelection[];

/** A slice as in Python: `slice(10)`, `slice(10, 20)` and `slice(10, null, 2)` are `:10`, `10:20` and `10::2`. */
export function slice(stop: number | null): Slice;
export function slice(start: number | null, stop: number | null, step?: number | null): Slice;
export function slice(...bounds: (number | null | undefined)[]): Slice {
  const [start = null, stop = null, step = null] = bounds.length === 1 ? [null, bounds[0]] : bounds;
  return { start, stop, step };
}

/** Whether a value has the form of a slice; does not check its numbers. */
export function isSlice(value: unknown): value is Slice {
  return (
    typeof value === 'object' &&
    value !== null &&
    'start' in value &&
    'stop' in value &&
    'step' in value
  );
}

/** Whether a value has the form of a list of indices; does not check its items. */
export function isIndexList(value: unknown): value is readonly number[] | IndexArray {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/** Messages show longer lists without their middle. */
const SHOWN_INDICES = 8;

/** A selection in numpy's notation: `[0:10:2, ..., 3]`. Also shows invalid selections, for messages. */
export function showSelection(selection: Selection): string {
  const axes: readonly unknown[] = Array.isArray(selection) ? Array.from(selection) : [selection];
  return axes.length === 0 ? '[()]' : `[${axes.map(showAxis).join(', ')}]`;
}

function showAxis(axis: unknown): string {
  if (axis === null) return ':';
  if (axis === '...') return axis;
  if (isSlice(axis)) return showSlice(axis);
  if (isIndexList(axis)) return showList(Array.from<unknown>(axis));
  return showEntry(axis);
}

function showSlice({ start, stop, step }: Slice): string {
  const [from, to, by] = [start, stop, step].map((bound) =>
    bound === null ? '' : showEntry(bound),
  );
  return step === null ? `${from}:${to}` : `${from}:${to}:${by}`;
}

function showList(indices: readonly unknown[]): string {
  const shown = indices.map(showEntry);
  if (shown.length > SHOWN_INDICES) shown.splice(3, shown.length - 6, '...');
  return `[${shown.join(', ')}]`;
}

/** One entry of a selection, which can be any value if the selection is invalid; always on one line. */
export function showEntry(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (isIndexList(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'string') return `'${value}'`;
  return typeof value === 'bigint' ? `${value}n` : String(value);
}
