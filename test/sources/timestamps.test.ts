import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  joinTimestamps,
  summarizeBytes,
  summarizePieces,
  summarizeTimestamps,
  timestampWarnings,
} from '../../src/sources/timestamps.js';
import type { Piece } from '../../src/sources/types.js';

const summarize = (values: readonly number[], start = 0) => summarizeTimestamps(values, start);

const warnings = (values: readonly number[]) =>
  timestampWarnings('/t', values.length, summarize(values));

test.each<[string, number[], string[]]>([
  ['ascend', [0, 0.5, 1], []],
  ['have equal neighbours, as NWB Inspector allows,', [0, 1, 1, 2], []],
  ['are none', [], []],
  ['are zeros of either sign', [0, -0, 0], []],
  ['fall', [0, 2, 1, 3], ['/t: timestamps are not ascending (1 of 4, at index 2: 1 after 2)']],
  [
    'fall again and again',
    [3, 2, 1],
    ['/t: timestamps are not ascending (2 of 3, the first at index 1: 2 after 3)'],
  ],
  [
    'fall behind a NaN',
    [5, Number.NaN, 4],
    [
      '/t: timestamps are not finite (1 of 3, at index 1: NaN)',
      '/t: timestamps are not ascending (1 of 3, at index 2: 4 after 5)',
    ],
  ],
  [
    'are infinite',
    [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1],
    ['/t: timestamps are not finite (2 of 4, the first at index 1: Infinity)'],
  ],
  [
    'begin with -1 in place of a time',
    [-1, -1, 3],
    ['/t: timestamps are negative (2 of 3, the first at index 0: -1)'],
  ],
  [
    'have -1 in place of a time',
    [2, -1, 3],
    [
      '/t: timestamps are negative (1 of 3, at index 1: -1)',
      '/t: timestamps are not ascending (1 of 3, at index 1: -1 after 2)',
    ],
  ],
])('faults of timestamps that %s are reported with the first place', (_, values, lines) => {
  expect(warnings(values)).toEqual(lines);
});

test('timestamps that are checked in parts give the same result as in one', () => {
  const time = fc.oneof(
    fc.integer({ min: -2, max: 4 }),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY),
  );
  fc.assert(
    fc.property(
      fc.array(time, { minLength: 1, maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 12 }),
      (values, lengths) => {
        const parts = [summarize([])];
        for (let start = 0, at = 0; start < values.length; at++) {
          const end = start + (lengths[at] ?? values.length);
          parts.push(summarize(values.slice(start, end), start));
          start = end;
        }
        expect(parts.reduce(joinTimestamps)).toEqual(summarize(values));
      },
    ),
  );
});

test.each(['float32', 'float64'] as const)(
  '%s of either byte order are read at any distance',
  (dtype) => {
    const size = dtype === 'float32' ? 4 : 8;
    for (const swap of [false, true]) {
      const bytes = new Uint8Array(3 + 4 * 12).fill(0xff);
      const view = new DataView(bytes.buffer);
      for (const [at, value] of [1, 2.5, 2, 7].entries()) {
        if (size === 4) view.setFloat32(3 + 12 * at, value, !swap);
        else view.setFloat64(3 + 12 * at, value, !swap);
      }
      const layout = { dtype, swap, start: 10, count: 4, offset: 3, step: 12 };
      const piece: Piece = { start: [10], count: [4], bytes, offset: 3, steps: [12], swap };
      const expected = summarize([1, 2.5, 2, 7], 10);
      expect(summarizeBytes(bytes, layout)).toEqual(expected);
      expect(summarizePieces([piece], dtype)).toEqual([expected]);
    }
  },
);
