/**
 * A block of a dataset: `count[i]` elements from `start[i]` on along axis `i`, axes in C order.
 * Two arrays of the dataset's rank.
 */
export interface Hyperslab {
  readonly start: readonly number[];
  readonly count: readonly number[];
}

/** The hyperslab that covers a whole extent. */
export function wholeSlab(extent: readonly number[]): Hyperslab {
  return { start: extent.map(() => 0), count: [...extent] };
}

/** Product of a shape's axes: the number of its elements; 1 for a scalar. */
export function product(shape: readonly number[]): number {
  return shape.reduce((elements, length) => elements * length, 1);
}

/** Number of elements. */
export function slabSize(slab: Hyperslab): number {
  return product(slab.count);
}

/** Whether no element is in the slab. */
export function isEmpty(slab: Hyperslab): boolean {
  return slab.count.some((length) => length <= 0);
}

/** Whether both name the same block: same start and same count. */
export function slabsEqual(a: Hyperslab, b: Hyperslab): boolean {
  return (
    a.start.length === b.start.length &&
    a.start.every((start, axis) => start === b.start[axis] && a.count[axis] === b.count[axis])
  );
}

/** The elements that both slabs hold, or null when they share none. */
export function intersect(a: Hyperslab, b: Hyperslab): Hyperslab | null {
  const start = a.start.map((first, axis) => Math.max(first, b.start[axis]));
  const count = start.map(
    (first, axis) => Math.min(a.start[axis] + a.count[axis], b.start[axis] + b.count[axis]) - first,
  );
  const shared = { start, count };
  return isEmpty(shared) ? null : shared;
}

/** Whether every element of `inner` is in `outer`. An empty slab is in every slab. */
export function contains(outer: Hyperslab, inner: Hyperslab): boolean {
  return (
    isEmpty(inner) ||
    outer.start.every(
      (start, axis) =>
        start <= inner.start[axis] &&
        inner.start[axis] + inner.count[axis] <= start + outer.count[axis],
    )
  );
}

/**
 * Whether a slab consists of whole chunks: it starts on a chunk's corner and ends on one, or at the
 * end of the extent, which cuts the last chunk of an axis short.
 */
export function isAligned(
  slab: Hyperslab,
  chunk: readonly number[],
  extent: readonly number[],
): boolean {
  return slab.start.every((start, axis) => {
    const end = start + slab.count[axis];
    return start % chunk[axis] === 0 && (end % chunk[axis] === 0 || end === extent[axis]);
  });
}

/** What of a shape, put down at `start`, lies within an extent. */
export function clippedCount(
  start: readonly number[],
  shape: readonly number[],
  extent: readonly number[],
): number[] {
  return shape.map((length, axis) => Math.min(length, extent[axis] - start[axis]));
}

/** The same block, moved by `offset` elements along each axis. */
export function shift(slab: Hyperslab, offset: readonly number[]): Hyperslab {
  return { start: slab.start.map((start, axis) => start + offset[axis]), count: slab.count };
}

/** The same block, counted from `origin` instead of from the dataset's first element. */
export function relativeTo(slab: Hyperslab, origin: readonly number[]): Hyperslab {
  return { start: slab.start.map((start, axis) => start - origin[axis]), count: slab.count };
}

/** Coordinates of the element that is at `index` when a shape is counted in C order. */
export function unravelIndex(index: number, shape: readonly number[]): number[] {
  const coordinates = new Array<number>(shape.length);
  let rest = index;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    coordinates[axis] = rest % shape[axis];
    rest = Math.floor(rest / shape[axis]);
  }
  return coordinates;
}

/** Index in C order of the element at `coordinates`: the inverse of {@link unravelIndex}. */
export function ravelIndex(coordinates: readonly number[], shape: readonly number[]): number {
  return coordinates.reduce((index, coordinate, axis) => index * shape[axis] + coordinate, 0);
}

/** Bytes between neighbours of a dense array in C order, per axis. */
export function denseSteps(shape: readonly number[], itemSize: number): number[] {
  const steps = new Array<number>(shape.length);
  let step = itemSize;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    steps[axis] = step;
    step *= shape[axis];
  }
  return steps;
}
/** As numpy would write the selection: `[0:8192, 64:128]`. */

export function slabText({ start, count }: Hyperslab): string {
  return `[${start.map((from, axis) => `${from}:${from + count[axis]}`).join(', ')}]`;
}
