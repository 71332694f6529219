import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  contains,
  type Hyperslab,
  intersect,
  isAligned,
  isEmpty,
  ravelIndex,
  relativeTo,
  shift,
  slabSize,
  slabsEqual,
  unravelIndex,
  wholeSlab,
} from '../../src/layout/index.js';
import { gridAndSlabArbitrary } from './arbitraries.js';

const slab = (start: number[], count: number[]): Hyperslab => ({ start, count });

/** A simple model of a slab: the set of the coordinates of its elements, as texts. */
function elements({ start, count }: Hyperslab): Set<string> {
  let all: number[][] = [[]];
  start.forEach((from, axis) => {
    all = all.flatMap((head) => Array.from({ length: count[axis] }, (_, i) => [...head, from + i]));
  });
  return new Set(all.map(String));
}

const rank2 = fc
  .tuple(fc.nat(6), fc.nat(6), fc.nat(4), fc.nat(4))
  .map(([a, b, m, n]) => slab([a, b], [m, n]));

describe('hyperslabs', () => {
  test('slabSize counts the elements of a slab', () => {
    expect(slabSize(slab([3, 5], [4, 6]))).toBe(24);
    expect(slabSize(wholeSlab([7, 0]))).toBe(0);
    expect(isEmpty(wholeSlab([7, 0]))).toBe(true);
    expect(isEmpty(wholeSlab([7, 1]))).toBe(false);
  });

  test('slabsEqual compares start, count and rank', () => {
    expect(slabsEqual(slab([1, 2], [3, 4]), slab([1, 2], [3, 4]))).toBe(true);
    expect(slabsEqual(slab([1, 2], [3, 4]), slab([1, 2], [3, 5]))).toBe(false);
    expect(slabsEqual(slab([1, 2], [3, 4]), slab([0, 2], [3, 4]))).toBe(false);
    expect(slabsEqual(slab([1], [3]), slab([1, 2], [3, 4]))).toBe(false);
  });

  test('an intersection has exactly the elements of both slabs', () => {
    fc.assert(
      fc.property(rank2, rank2, (a, b) => {
        const shared = intersect(a, b);
        expect(shared ? elements(shared) : new Set()).toEqual(
          new Set([...elements(a)].filter((element) => elements(b).has(element))),
        );
      }),
    );
  });

  test('a slab contains another if it has all elements of the other', () => {
    fc.assert(
      fc.property(rank2, rank2, (a, b) => {
        const outer = elements(a);
        expect(contains(a, b)).toBe([...elements(b)].every((element) => outer.has(element)));
      }),
    );
  });

  test('an aligned slab consists of whole chunks, the last of which the extent may clip', () => {
    const aligned = (s: Hyperslab) => isAligned(s, [4, 8], [10, 20]);
    expect(aligned(slab([4, 8], [4, 8]))).toBe(true);
    expect(aligned(slab([8, 16], [2, 4]))).toBe(true);
    expect(aligned(slab([0, 0], [10, 20]))).toBe(true);
    expect(aligned(slab([2, 0], [2, 8]))).toBe(false);
    expect(aligned(slab([0, 0], [3, 8]))).toBe(false);
  });

  test('relativeTo reverses shift', () => {
    fc.assert(
      fc.property(gridAndSlabArbitrary, ({ grid, slab: block }) => {
        expect(relativeTo(shift(block, grid.cell), grid.cell)).toEqual(block);
      }),
    );
    expect(shift(slab([1, 2], [3, 4]), [10, 20])).toEqual(slab([11, 22], [3, 4]));
  });

  test('ravelIndex and unravelIndex count in C order', () => {
    expect(unravelIndex(23, [2, 3, 4])).toEqual([1, 2, 3]);
    expect(unravelIndex(4, [2, 3, 4])).toEqual([0, 1, 0]);
    const indexed = fc
      .array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 4 })
      .chain((shape) =>
        fc.record({
          shape: fc.constant(shape),
          index: fc.nat(shape.reduce((a, b) => a * b, 1) - 1),
        }),
      );
    fc.assert(
      fc.property(indexed, ({ shape, index }) => {
        const coordinates = unravelIndex(index, shape);
        expect(coordinates.every((at, axis) => at >= 0 && at < shape[axis])).toBe(true);
        expect(ravelIndex(coordinates, shape)).toBe(index);
      }),
    );
  });
});
