import { type AxisPick, pickAt, pickedWithin, product } from '../../layout/index.js';

/** A chunk in which a selection picks elements, and which of the picks lie in it. */
export interface Cell {
  /** Index of the chunk's first element, per axis. */
  readonly start: readonly number[];
  /** Per axis, the position among the picks of the first pick in the chunk. */
  readonly from: readonly number[];
  /** Per axis, how many picks lie in the chunk. */
  readonly count: readonly number[];
  /** Picked elements in the chunk. */
  readonly items: number;
}

/** The same along one axis. */
interface Part {
  readonly start: number;
  readonly from: number;
  readonly count: number;
}

/** The chunks in which a selection picks elements, in C order. */
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

/** The chunks along one axis in which indices are picked. */
function partsOf(pick: AxisPick, length: number): Part[] {
  const parts: Part[] = [];
  // Steps from pick to pick instead of from chunk to chunk, because picks may be far apart.
  for (let from = 0; from < pick.count; ) {
    const start = Math.floor(pickAt(pick, from) / length) * length;
    const { count } = pickedWithin(pick, start, start + length) as { count: number };
    parts.push({ start, from, count });
    from += count;
  }
  return parts;
}
