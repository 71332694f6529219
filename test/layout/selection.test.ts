import { describe, expect, test } from 'vitest';
import { type Selection, showSelection, slice } from '../../src/layout/index.js';

describe('slices', () => {
  test('slices take their bounds as in Python', () => {
    expect(slice(10)).toEqual({ start: null, stop: 10, step: null });
    expect(slice(null)).toEqual({ start: null, stop: null, step: null });
    expect(slice(10, null)).toEqual({ start: 10, stop: null, step: null });
    expect(slice(2, 10, 3)).toEqual({ start: 2, stop: 10, step: 3 });
  });
});

describe("numpy's notation", () => {
  const long = Array.from({ length: 100 }, (_, i) => i);
  test.each<[string, Selection]>([
    ['[5]', 5],
    ['[:]', null],
    ['[...]', '...'],
    ['[()]', []],
    ['[1, 3]', [1, 3]],
    ['[[1, 3, 5]]', [[1, 3, 5]]],
    ['[[1, 3, 5]]', Int32Array.of(1, 3, 5)],
    ['[0:10:2, ..., 3]', [slice(0, 10, 2), '...', 3]],
    [
      '[:10, 4:, ::2, :, -3:-1]',
      [slice(10), slice(4, null), slice(null, null, 2), null, slice(-3, -1)],
    ],
    ['[[0, 1, 2, ..., 97, 98, 99], :]', [long, null]],
    ['[[]]', [[]]],
  ])('%s', (shown, selection) => {
    expect(showSelection(selection)).toBe(shown);
  });

  test('invalid selections are shown, too, in one line', () => {
    const odd = [
      true,
      'all',
      3n,
      undefined,
      { first: 1 },
      [[1], 'x'],
      slice,
      Symbol('s'),
      Number.NaN,
    ];
    expect(showSelection(odd as unknown as Selection)).toBe(
      "[true, 'all', 3n, undefined, an object, [a list, 'x'], a function, Symbol(s), NaN]",
    );
  });
});
