import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  LayoutError,
  ravelIndex,
  resolveSelection,
  type Selection,
  selectedSlab,
  slice,
} from '../../src/layout/index.js';
import { indicesOf, modelIndices, refusalOf, selectionArbitrary } from './selections.js';

interface Row {
  readonly extent: number[];
  readonly selection: Selection;
  readonly shape: number[];
  /** Numbers of the selected elements in C order. */
  readonly elements: number[];
  readonly refused?: string;
}

const rows: Row[] = JSON.parse(
  readFileSync(new URL('../fixtures/selections.json', import.meta.url), 'utf8'),
);

/** All combinations of one index of each list, with the last axis varying fastest. */
function crossings(lists: readonly number[][]): number[][] {
  return lists.reduce<number[][]>(
    (heads, list) => heads.flatMap((head) => list.map((index) => [...head, index])),
    [[]],
  );
}

describe('selections behave as in numpy and h5py', () => {
  test('they select the same elements', () => {
    for (const row of rows.filter(({ refused }) => !refused)) {
      const { extent, selection } = row;
      const { picks, shape } = resolveSelection(selection, extent, 'x');
      const elements = crossings(picks.map(indicesOf)).map((at) => ravelIndex(at, extent));
      expect({ extent, selection, shape, elements }).toEqual(row);
    }
  });

  test.each(rows.filter(({ refused }) => refused))('$selection is refused: $refused', (row) => {
    expect(() => resolveSelection(row.selection, row.extent, 'x')).toThrow(LayoutError);
  });
});

describe('selections agree with a model that checks every index', () => {
  test('picks and shape agree with the model', () => {
    fc.assert(
      fc.property(selectionArbitrary, ({ extent, axes }) => {
        const { picks, count, shape } = resolveSelection(axes, extent, 'x');
        const expected = axes.map((axis, at) => modelIndices(axis, extent[at]));
        expect(picks.map(indicesOf)).toEqual(expected);
        expect(count).toEqual(expected.map((indices) => indices.length));
        expect(shape).toEqual(count.filter((_, at) => typeof axes[at] !== 'number'));
      }),
    );
  });

  test('the bounding block agrees with the model', () => {
    fc.assert(
      fc.property(selectionArbitrary, ({ extent, axes }) => {
        const { start, count } = selectedSlab(resolveSelection(axes, extent, 'x'));
        axes.forEach((axis, at) => {
          const indices = modelIndices(axis, extent[at]);
          const length = indices.length && Math.max(...indices) - Math.min(...indices) + 1;
          expect(count[at]).toBe(length);
          expect(start[at]).toBe(indices.length && Math.min(...indices));
        });
      }),
    );
  });
});

test('an array is a list of axes, and a typed array is a list of indices', () => {
  const shape = (selection: Selection) => resolveSelection(selection, [6, 7, 8], 'x').shape;
  expect(shape([1, 3])).toEqual([8]);
  expect(shape([[1, 3]])).toEqual([2, 7, 8]);
  expect(shape(Uint16Array.of(1, 3, 4))).toEqual([3, 7, 8]);
  expect(shape([null, Float64Array.of(1, 3, 4), 0])).toEqual([6, 3]);
});

test('changing a list later does not change the selection', () => {
  const list = [0, 1, 5];
  const { picks } = resolveSelection([list], [6], 'x');
  list[2] = 3;
  expect(indicesOf(picks[0])).toEqual([0, 1, 5]);
});

test('picks of one index or none have step 1', () => {
  const { picks } = resolveSelection([slice(0, 3, 5), slice(4, 2, 3)], [6, 6], 'x');
  expect(picks.map((pick) => 'step' in pick && pick.step)).toEqual([1, 1]);
});

test('-0 is index 0', () => {
  const { picks } = resolveSelection([-0, [-0, 1]], [3, 3], 'x');
  expect(picks.map((pick) => indicesOf(pick)[0])).toEqual([0, 0]);
});

test('indices may exceed 32 bits', () => {
  const { picks } = resolveSelection([slice(-3, null, 2)], [2 ** 40], 'x');
  expect(picks).toEqual([{ first: 2 ** 40 - 3, step: 2, count: 2 }]);
});

test('a scalar dataset has one selection', () => {
  expect(resolveSelection([], [], 'x')).toEqual({ picks: [], count: [], shape: [] });
  expect(resolveSelection('...', [], 'x').shape).toEqual([]);
  expect(() => resolveSelection(0, [], 'x')).toThrow(
    'Expected a selection of at most 0 axes for x but received [0]',
  );
});

describe('refusals', () => {
  test.each<[string, unknown]>([
    [
      'a step of at least 1 along axis 0 for data but received -1 in [::-1] (HDF5 can only select forwards)',
      slice(null, null, -1),
    ],
    [
      'a step of at least 1 along axis 1 for data but received 0 in [3, 2:5:0] (HDF5 can only select forwards)',
      [3, slice(2, 5, 0)],
    ],
    [
      'strictly increasing indices along axis 0 for data but received 2 after 5 in [[1, 5, 2]] ' +
        '(HDF5 can only select forwards, and each element once)',
      [[1, 5, 2]],
    ],
    [
      'strictly increasing indices along axis 0 for data but received -9 after 1 in [[1, -9]] ' +
        '(HDF5 can only select forwards, and each element once)',
      [[1, -9]],
    ],
    [
      "at most one list of indices for data but received [[0, 1], [2, 3]] (HDF5 can't pair two " +
        'lists up, as numpy does)',
      [
        [0, 1],
        [2, 3],
      ],
    ],
    ['a selection of at most 3 axes for data but received [0, 0, 0, 0]', [0, 0, 0, 0]],
    ['a selection of at most 3 axes for data but received [0, ..., 0, 0, 0]', [0, '...', 0, 0, 0]],
    ["at most one '...' for data but received [..., 0, ...]", ['...', 0, '...']],
    ['an index from -10 to 9 along axis 0 for data but received 10 in [10]', 10],
    ['an index from -4 to 3 along axis 1 for data but received -5 in [:, -5]', [null, -5]],
    ['an index from -10 to 9 along axis 0 for data but received 12 in [[0, 12]]', [[0, 12]]],
    ['no index along axis 2 for data but received 0 in [..., 0] (the axis is empty)', ['...', 0]],
    ['whole numbers along axis 0 for data but received 1.5 in [1.5]', 1.5],
    ['whole numbers along axis 0 for data but received NaN in [NaN:]', slice(Number.NaN, null)],
    ['whole numbers along axis 0 for data but received Infinity in [:Infinity]', slice(Infinity)],
    ['whole numbers along axis 0 for data but received true in [[0, true]]', [[0, true]]],
    ['whole numbers along axis 0 for data but received 1n in [[1n]]', BigInt64Array.of(1n)],
    [
      'whole numbers along axis 0 for data but received undefined in [undefined:5:1]',
      { start: undefined, stop: 5, step: 1 },
    ],
    ["whole numbers along axis 0 for data but received '1' in [['1']]", [['1']]],
    [
      "a whole number, null, a slice, a list of whole numbers or '...' along axis 1 for data but " +
        'received true in [0, true]',
      [0, true],
    ],
    [
      "a whole number, null, a slice, a list of whole numbers or '...' along axis 0 for data but " +
        'received undefined in [undefined]',
      undefined,
    ],
    [
      "a whole number, null, a slice, a list of whole numbers or '...' along axis 0 for data but " +
        'received an object in [an object]',
      { start: 0, end: 5 },
    ],
  ])('Expected %s', (message, selection) => {
    const resolve = () => resolveSelection(selection as Selection, [10, 4, 0], 'data');
    expect(refusalOf(resolve)).toBe(`Expected ${message}`);
  });

  test('holes in a list of axes are refused', () => {
    expect(() => resolveSelection(new Array(2), [10, 4], 'x')).toThrow('received undefined');
  });
});
