import { type AxisPick, isList, pickFrom } from '../../layout/pick.js';
import { SourceError } from '../errors.js';

/**
 * Resolves a selection of columns against the length of the last axis. Columns may go backwards or be repeated.
 * Negative indices count from the end, as in numpy. numpy clips the bounds of a slice silently; here bounds outside
 * the axis are refused, because '0:384' of 300 columns is a mistake in the description.
 *
 * @param path the file's name in messages
 * @throws SourceError for columns outside the axis, a step of 0, or a selection of no columns
 */
export function resolveColumns(
  columns: string | readonly number[] | undefined,
  length: number,
  path: string,
): AxisPick {
  if (columns === undefined) return { first: 0, step: 1, count: length };
  return typeof columns === 'string'
    ? resolveSlice(columns, length, path)
    : resolveList(columns, length, path);
}

/** The part of a selection that belongs to a hyperslab: `count` indices from position `start` on. */
export function narrow(selection: AxisPick, start: number, count: number): AxisPick {
  if (isList(selection)) return pickFrom(selection.indices.slice(start, start + count));
  return { first: selection.first + start * selection.step, step: selection.step, count };
}

/** The smallest and the largest index of a selection, which must not be empty. */
export function bounds(selection: AxisPick): { low: number; high: number } {
  if (isList(selection)) {
    const { indices } = selection;
    return {
      low: indices.reduce((a, b) => Math.min(a, b)),
      high: indices.reduce((a, b) => Math.max(a, b)),
    };
  }
  const last = selection.first + (selection.count - 1) * selection.step;
  return { low: Math.min(selection.first, last), high: Math.max(selection.first, last) };
}

function resolveList(list: readonly number[], length: number, path: string): AxisPick {
  const indices = list.map((index) => {
    if (index < -length || index >= length) {
      throw new SourceError({
        path,
        expected: `columns from ${-length} to ${length - 1}`,
        received: `${index}`,
      });
    }
    return index < 0 ? index + length : index;
  });
  return pickFrom(indices);
}

function resolveSlice(text: string, length: number, path: string): AxisPick {
  const [first, last, by] = text.split(':').map((part) => part.trim());
  const step = by ? Number(by) : 1;
  if (step === 0) {
    throw new SourceError({
      path,
      expected: 'a step other than 0 for columns',
      received: `'${text}'`,
    });
  }
  const bound = (part: string | undefined, missing: number): number => {
    if (!part) return missing;
    const value = Number(part);
    if (value < -length || value > length) {
      throw new SourceError({
        path,
        expected: `columns within the ${length} there are`,
        received: `'${text}'`,
      });
    }
    return value < 0 ? value + length : value;
  };
  // A start of `length` with a negative step means the last element, as in numpy.
  const start = step > 0 ? bound(first, 0) : Math.min(bound(first, length - 1), length - 1);
  const stop = bound(last, step > 0 ? length : -1);
  const count = Math.max(0, Math.ceil((stop - start) / step));
  if (count === 0) {
    throw new SourceError({
      path,
      expected: `at least one of the ${length} columns to be selected`,
      received: `'${text}', which selects none`,
    });
  }
  return { first: start, step, count };
}
