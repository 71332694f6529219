import { describe, expect, test } from 'vitest';
import { type AxisPick, isList } from '../../../src/layout/pick.js';
import { narrow, resolveColumns } from '../../../src/sources/reading/columns.js';

function toArray(selection: AxisPick): number[] {
  return isList(selection)
    ? [...selection.indices]
    : Array.from({ length: selection.count }, (_, i) => selection.first + i * selection.step);
}

const select = (columns: string | number[] | undefined, length = 6): number[] =>
  toArray(resolveColumns(columns, length, '/x/ap.bin'));

// The results of np.arange(6)[...] in numpy.
test.each([
  [undefined, [0, 1, 2, 3, 4, 5]],
  [':', [0, 1, 2, 3, 4, 5]],
  ['0:5', [0, 1, 2, 3, 4]],
  ['::2', [0, 2, 4]],
  [' 1 : 6 : 2 ', [1, 3, 5]],
  ['::-1', [5, 4, 3, 2, 1, 0]],
  ['6::-2', [5, 3, 1]],
  ['4:1:-1', [4, 3, 2]],
  ['-2:', [4, 5]],
  [':-2', [0, 1, 2, 3]],
  ['-1:-6:-3', [5, 2]],
  ['::100', [0]],
  [
    [3, 1, 2],
    [3, 1, 2],
  ],
  [
    [-1, 0, -6],
    [5, 0, 0],
  ],
  [[2], [2]],
])('%j selects %j', (columns, expected) => {
  expect(select(columns)).toEqual(expected);
});

test('a list that is an arithmetic progression becomes one', () => {
  expect(resolveColumns([4, 2, 0], 6, 'x')).toEqual({ first: 4, step: -2, count: 3 });
  expect(isList(resolveColumns([2, 2], 6, 'x'))).toBe(true);
});

test('a part of a selection has the indices of that part', () => {
  expect(toArray(narrow(resolveColumns('5::-1', 6, 'x'), 1, 3))).toEqual([4, 3, 2]);
  expect(toArray(narrow(resolveColumns([5, 0, 3, 1], 6, 'x'), 1, 3))).toEqual([0, 3, 1]);
});

describe('refusals', () => {
  test.each([
    ['0:7', "Expected columns within the 6 there are in /x/ap.bin but received '0:7'"],
    ['-7:', "Expected columns within the 6 there are in /x/ap.bin but received '-7:'"],
    ['::0', "Expected a step other than 0 for columns in /x/ap.bin but received '::0'"],
    [
      '3:3',
      "Expected at least one of the 6 columns to be selected in /x/ap.bin but received '3:3', which selects none",
    ],
    [[0, 6], 'Expected columns from -6 to 5 in /x/ap.bin but received 6'],
    [[-7], 'Expected columns from -6 to 5 in /x/ap.bin but received -7'],
  ])('are thrown for %j', (columns, message) => {
    expect(() => select(columns)).toThrow(message);
  });
});
