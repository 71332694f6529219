import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AxisPick, pickAt, pickedWithin, pickFrom } from '../../src/layout/index.js';
import { indicesOf } from './selections.js';

const regular: fc.Arbitrary<AxisPick> = fc.record({
  first: fc.nat(20),
  step: fc.integer({ min: 1, max: 7 }),
  count: fc.nat(12),
});
const ascending = fc
  .uniqueArray(fc.nat(60), { maxLength: 12 })
  .map((list) => list.toSorted((a, b) => a - b));
const list = ascending.map((indices): AxisPick => ({ indices, count: indices.length }));
const picks = fc.oneof(regular, list);

test('a list that is an arithmetic progression becomes a regular pick', () => {
  expect(pickFrom([3, 5, 7])).toEqual({ first: 3, step: 2, count: 3 });
  expect(pickFrom([4])).toEqual({ first: 4, step: 1, count: 1 });
  expect(pickFrom([])).toEqual({ first: 0, step: 1, count: 0 });
  expect(pickFrom([3, 5, 6])).toEqual({ indices: [3, 5, 6], count: 3 });
});

test('a pick has the indices that it was made from', () => {
  fc.assert(
    fc.property(ascending, (indices) => {
      const pick = pickFrom(indices);
      expect(indicesOf(pick)).toEqual(indices);
      expect(indices.map((_, position) => pickAt(pick, position))).toEqual(indices);
    }),
  );
});

test('pickedWithin finds the part of a pick that lies in a range', () => {
  fc.assert(
    fc.property(picks, fc.nat(110), fc.nat(30), (pick, start, length) => {
      const indices = indicesOf(pick);
      const inside = indices.filter((index) => index >= start && index < start + length);
      const within = pickedWithin(pick, start, start + length);
      expect(within).toEqual(
        inside.length === 0 ? null : { from: indices.indexOf(inside[0]), count: inside.length },
      );
    }),
  );
});

test('pickedWithin finds a range in a long pick', () => {
  const samples = { first: 5, step: 3, count: 4e9 };
  expect(pickedWithin(samples, 6e9, 6e9 + 9)).toEqual({ from: 2e9 - 1, count: 3 });
});
