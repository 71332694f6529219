import { type AxisPick, pickAt, pickedWithin, product } from '../../layout/index.js';

/** What a selection picks within one chunk. */
export interface Cell {
  /** First element of the chunk. */
  readonly start: readonly number[];
  /** Per axis: the first of the picks that lie in the chunk, and how many do. */
  readonly from: readonly number[];
  readonly count: readonly number[];
  /** How many elements are picked. */
  readonly items: number;
}

interface Part {
  readonly start: number;
  readonly from: number;
  readonly count: number;
}

/** The chunks in which a selection picks something, in C order. */
export function* pickedCells(
  picks: readonly AxisPick[],
  chunk: readonly number[],
): Generator<Cell, void, undefined> {
  const parts = picks.map((pick, axis) => partsOf(pick, chunk[axis]));
  if (parts.some(({ length }) => length === 0)) return;
  const at = parts.map(() => 0);
  for (;;) {
    const cell = parts.map((axisParts, axis) => axisParts[at[axis]]);
    const count = cell.map((part) => part.count);
    yield {
      start: cell.map((part) => part.start),
      from: cell.map((part) => part.from),
      count,
      items: product(count),
    };
    let axis = at.length - 1;
    while (axis >= 0 && ++at[axis] === parts[axis].length) at[axis--] = 0;
    if (axis < 0) return;
  }
}

/** Chunks along one axis in which something is picked. */
function partsOf(pick: AxisPick, length: number): Part[] {
  const parts: Part[] = [];
  // From pick to pick, not from chunk to chunk: they may be far apart.
  for (let from = 0; from < pick.count; ) {
    const start = Math.floor(pickAt(pick, from) / length) * length;
    const { count } = pickedWithin(pick, start, start + length) as { count: number };
    parts.push({ start, from, count });
    from += count;
  }
  return parts;
}
