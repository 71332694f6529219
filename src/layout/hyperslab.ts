/**
 * A block of a dataset: `count[i]` elements from `start[i]` on along axis `i`, axes in C order. Both arrays
 * have the dataset's rank.
 */
export interface Hyperslab {
  readonly start: readonly number[];
  readonly count: readonly number[];
}

/** The hyperslab that covers a whole extent. */
export function wholeSlab(extent: readonly number[]): Hyperslab {
  return { start: extent.map(() => 0), count: [...extent] };
}

/** Product of the lengths of a shape, i.e. the number of its elements; 1 for a scalar. */
export function product(shape: readonly number[]): number {
  return shape.reduce((elements, length) => elements * length, 1);
}

/** Number of elements of a slab. */
export function slabSize(slab: Hyperslab): number {
  return product(slab.count);
}

/** Whether a slab has no elements. */
export function isEmpty(slab: Hyperslab): boolean {
  return slab.count.some((length) => length <= 0);
}

/** Whether two slabs have the same start and the same count. */
export function slabsEqual(a: Hyperslab, b: Hyperslab): boolean {
  return (
    a.start.length === b.start.length &&
    a.start.every((start, axis) => start === b.start[axis] && a.count[axis] === b.count[axis])
  );
}

/** The elements that two slabs have in common; null if there are none. */
export function intersect(a: Hyperslab, b: Hyperslab): Hyperslab | null {
  const start = a.start.map((first, axis) => Math.max(first, b.start[axis]));
  const count = start.map(
    (first, axis) => Math.min(a.start[axis] + a.count[axis], b.start[axis] + b.count[axis]) - first,
  );
  const shared = { start, count };
  return isEmpty(shared) ? null : shared;
}

/** Whether `outer` contains every element of `inner`. Every slab contains an empty one. */
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
 * Whether a slab consists of whole chunks: along each axis it starts on a chunk border, and ends on a chunk
 * border or at the end of the extent, where the last chunk is clipped.
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

/** The size of the part of `shape`, placed at `start`, that lies inside `extent`. */
export function clippedCount(
  start: readonly number[],
  shape: readonly number[],
  extent: readonly number[],
): number[] {
  return shape.map((length, axis) => Math.min(length, extent[axis] - start[axis]));
}

/** A slab, moved by `offset[i]` elements along axis `i`. */
export function shift(slab: Hyperslab, offset: readonly number[]): Hyperslab {
  return { start: slab.start.map((start, axis) => start + offset[axis]), count: slab.count };
}

/** A slab in coordinates that count from `origin` instead of from the dataset's first element. */
export function relativeTo(slab: Hyperslab, origin: readonly number[]): Hyperslab {
  return { start: slab.start.map((start, axis) => start - origin[axis]), count: slab.count };
}

/** Coordinates of the element with the number `index` in C order. */
export function unravelIndex(index: number, shape: readonly number[]): number[] {
  const coordinates = new Array<number>(shape.length);
  let rest = index;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    coordinates[axis] = rest % shape[axis];
    rest = Math.floor(rest / shape[axis]);
  }
  return coordinates;
}

/** Number in C order of the element at `coordinates`; the inverse of {@link unravelIndex}. */
export function ravelIndex(coordinates: readonly number[], shape: readonly number[]): number {
  return coordinates.reduce((index, coordinate, axis) => index * shape[axis] + coordinate, 0);
}

/** Per axis, the bytes between neighbouring elements of a dense array in C order. */
export function denseSteps(shape: readonly number[], itemSize: number): number[] {
  const steps = new Array<number>(shape.length);
  let step = itemSize;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    steps[axis] = step;
    step *= shape[axis];
  }
  return steps;
}

/** A shape as messages show it: `[100, null]`. */
export function shapeText(shape: readonly (number | null)[]): string {
  return `[${shape.map(String).join(', ')}]`;
}

/** A slab in numpy's notation: `[0:8192, 64:128]`. */
export function slabText({ start, count }: Hyperslab): string {
  return `[${start.map((from, axis) => `${from}:${from + count[axis]}`).join(', ')}]`;
}
