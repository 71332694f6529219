import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkData,
  type Maxshape,
  resolveGrowing,
  resolveSelection,
  type Selection,
  slice,
} from '../../src/layout/index.js';
import { indicesOf, refusalOf, selectionArbitrary } from './selections.js';

/** The indices along each axis and the extent that is needed. */
function grow(
  selection: Selection,
  dataShape: number[],
  extent: number[],
  maxshape: Maxshape = extent.map(() => null),
) {
  const { picks, reach } = resolveGrowing(selection, dataShape, { extent, maxshape }, 'x');
  return { indices: picks.map(indicesOf), reach };
}

describe('where slices end', () => {
  test('a slice ends at its stop, wherever the extent ends', () => {
    expect(grow(slice(8, 12), [4], [10])).toEqual({ indices: [[8, 9, 10, 11]], reach: [12] });
    expect(grow(slice(20, 27, 3), [3], [0])).toEqual({ indices: [[20, 23, 26]], reach: [27] });
    expect(grow(slice(2, 4), [2], [10])).toEqual({ indices: [[2, 3]], reach: [10] });
  });

  test('a slice without a stop takes the length of the data if the axis can grow', () => {
    expect(grow(slice(9, null), [3], [10]).indices).toEqual([[9, 10, 11]]);
    expect(grow(slice(9, null, 4), [3], [10])).toEqual({ indices: [[9, 13, 17]], reach: [18] });
    expect(grow(null, [2], [10])).toEqual({ indices: [[0, 1]], reach: [10] });
    expect(grow(null, [3], [2], [5]).indices).toEqual([[0, 1, 2]]);
  });

  test("a slice without a stop ends at the extent if the axis can't grow", () => {
    expect(grow([7, null], [3], [0, 3], [null, 3])).toEqual({
      indices: [[7], [0, 1, 2]],
      reach: [8, 3],
    });
    expect(grow(slice(2, null), [2], [4], [4]).indices).toEqual([[2, 3]]);
  });

  test('negative numbers count from the end of the extent', () => {
    expect(grow(slice(-2, null), [5], [10]).indices).toEqual([[8, 9, 10, 11, 12]]);
    expect(grow(slice(-3, -1), [2], [10]).indices).toEqual([[7, 8]]);
    expect(grow([[-1, 10, 14]], [3], [10])).toEqual({ indices: [[9, 10, 14]], reach: [15] });
    expect(grow(-1, [], [10]).indices).toEqual([[9]]);
  });
});

describe('the data of open axes', () => {
  test('the data have the axes that are not selected by an integer', () => {
    expect(grow([5, null, null], [2, 3], [0, 0, 0]).reach).toEqual([6, 2, 3]);
    expect(grow([null, 5, null], [2, 3], [0, 0, 0]).reach).toEqual([2, 6, 3]);
    expect(grow('...', [2, 3], [0, 0]).reach).toEqual([2, 3]);
  });

  test('the data may have more or fewer axes of length 1', () => {
    const images: Maxshape = [null, 4, 5];
    expect(grow(slice(7, null), [4, 5], [0, 4, 5], images).reach).toEqual([8, 4, 5]);
    expect(grow(slice(7, null), [2, 4, 5, 1], [0, 4, 5], images).reach).toEqual([9, 4, 5]);
    expect(grow(7, [1, 4, 5], [0, 4, 5], images).reach).toEqual([8, 4, 5]);
    expect(grow(null, [6], [0, 1], [null, 1]).reach).toEqual([6, 1]);
    expect(grow([slice(4, 5), null], [3], [0, 0]).reach).toEqual([5, 3]);
  });

  test('a scalar is repeated over the extent', () => {
    expect(grow(null, [], [3])).toEqual({ indices: [[0, 1, 2]], reach: [3] });
    expect(grow(slice(2, 6), [], [3]).reach).toEqual([6]);
  });

  test('empty data select nothing and grow nothing', () => {
    expect(grow(null, [0, 5], [0, 0])).toEqual({ indices: [[], [0, 1, 2, 3, 4]], reach: [0, 0] });
    expect(grow([slice(9, 9), 20], [0], [4, 4]).reach).toEqual([4, 4]);
  });
});

test('if nothing counts from the extent, the selection equals that of a dataset that has already grown', () => {
  const forward = selectionArbitrary.filter(({ axes }) =>
    axes.every((axis) => {
      if (axis === null) return false;
      if (typeof axis === 'number') return axis >= 0;
      return Array.isArray(axis) || ((axis.start ?? 0) >= 0 && (axis.stop ?? -1) >= 0);
    }),
  );
  fc.assert(
    fc.property(forward, fc.array(fc.nat(12), { minLength: 3, maxLength: 3 }), ({ axes }, room) => {
      const extent = axes.map((_, at) => room[at]);
      const maxshape = axes.map(() => null);
      const { reach, ...grown } = resolveGrowing(axes, [], { extent, maxshape }, 'x');
      const present = resolveSelection(
        axes,
        axes.map(() => 50),
        'x',
      );
      expect(grown).toEqual(present);
      const last = grown.picks.map((pick) => indicesOf(pick).at(-1) ?? -1);
      const empty = last.includes(-1);
      expect(reach).toEqual(
        extent.map((length, at) => (empty ? length : Math.max(length, last[at] + 1))),
      );
    }),
  );
});

describe('refusals', () => {
  const most = Number.MAX_SAFE_INTEGER;
  test.each<[string, Selection, number[], number[], Maxshape]>([
    [
      'indices below 100 along axis 0 for x but received 119 in [90:120] (the axis can grow no further)',
      slice(90, 120),
      [30],
      [10],
      [100],
    ],
    [
      'indices below 100 along axis 0 for x but received 119 in [90:] (the axis can grow no further)',
      slice(90, null),
      [30],
      [10],
      [100],
    ],
    [
      'an index from -3 to 3 along axis 1 for x but received 4 in [0, 4]',
      [0, 4],
      [],
      [0, 3],
      [null, 4],
    ],
    ['an index from -3 on along axis 0 for x but received -4 in [-4]', -4, [], [3], [null]],
    [
      'an index from -3 to 8 along axis 0 for x but received 9 in [[2, 9]]',
      [[2, 9]],
      [2],
      [3],
      [9],
    ],
    [
      `indices below ${most} along axis 0 for x but received ${most} in [${most - 1}:] (the axis can ` +
        'grow no further)',
      slice(most - 1, null),
      [2],
      [3],
      [null],
    ],
    ['data of shape [2, 4] for x but received shape [2, 5]', null, [2, 5], [0, 4], [null, 4]],
    ['data of shape [3, 4] for x but received shape [2, 4]', slice(3), [2, 4], [0, 4], [null, 4]],
    ['data of shape [1, 4] for x but received shape [5]', null, [5], [0, 4], [null, 4]],
    ['data of shape [3] for x but received shape [3, 2]', null, [3, 2], [0], [null]],
    ['data of shape [] for x but received shape [3]', 5, [3], [0], [null]],
  ])('Expected %s', (message, selection, dataShape, extent, maxshape) => {
    const resolve = () => grow(selection, dataShape, extent, maxshape);
    expect(refusalOf(resolve)).toBe(`Expected ${message}`);
  });
});

describe('data of a selection', () => {
  const selected = resolveSelection([slice(2, 5), 1, slice(1)], [10, 4, 4], 'x');

  test.each([[[3, 1]], [[3]], [[1, 3]], [[1, 3, 1, 1]], [[]]])('%j fits 3 x 1', (shape) => {
    expect(() => checkData(selected, shape, 'x')).not.toThrow();
  });

  test.each([[[1]], [[2]], [[3, 3]], [[0]], [[1, 1, 4]]])('%j does not fit 3 x 1', (shape) => {
    expect(refusalOf(() => checkData(selected, shape, 'x'))).toBe(
      `Expected data of shape [3, 1] for x but received shape [${shape.join(', ')}]`,
    );
  });
});
