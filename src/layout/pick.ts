/**
 * Indices along one axis, in the order in which they are taken: an arithmetic progression if they form one,
 * otherwise a list. In a resolved selection they ascend.
 */
export type AxisPick = RegularPick | ListPick;

export interface RegularPick {
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

export interface ListPick {
  readonly indices: readonly number[];
  readonly count: number;
}

/** Whether a pick is a list of indices instead of an arithmetic progression. */
export function isList(pick: AxisPick): pick is ListPick {
  return 'indices' in pick;
}

/** Converts a list of indices to a pick. */
export function pickFrom(indices: readonly number[]): AxisPick {
  const count = indices.length;
  const first = indices[0] ?? 0;
  const step = count > 1 ? indices[1] - first : 1;
  const regular = step !== 0 && indices.every((index, i) => index === first + i * step);
  return regular ? { first, step, count } : { indices, count };
}

/** The index at a position of the pick, from 0 to `count - 1`. Negative positions don't count from the end. */
export function pickAt(pick: AxisPick, position: number): number {
  return isList(pick) ? pick.indices[position] : pick.first + position * pick.step;
}

/**
 * Finds the indices of an ascending pick that lie in `[start, end)`: `count` of them from position `from` of
 * the pick on; null if there are none. Takes O(1) for a progression, O(log count) for a list.
 */
export function pickedWithin(
  pick: AxisPick,
  start: number,
  end: number,
): { from: number; count: number } | null {
  const from = positionOf(pick, start);
  const count = positionOf(pick, end) - from;
  return count > 0 ? { from, count } : null;
}

/** The position of the first index that is at least `bound`; `count` if all are smaller. */
function positionOf(pick: AxisPick, bound: number): number {
  if (!isList(pick)) {
    const position = Math.ceil((bound - pick.first) / pick.step);
    return Math.min(Math.max(0, position), pick.count);
  }
  let low = 0;
  let high = pick.count;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (pick.indices[middle] < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
