import { expect, test } from 'vitest';
import { DTYPES, itemSize } from '../../src/layout/index.js';
import { elementAt, pieceElement } from '../../src/workers/compare.js';
import { toBytes } from '../sources/helpers.js';

test.each(DTYPES)('elementAt() reads %s in both byte orders, at any offset', (dtype) => {
  const wide = dtype.endsWith('64') && dtype.includes('int');
  const items = [1, 2, 100].map((item) => (wide ? BigInt(item) : item));
  for (const little of [true, false])
    for (const shift of [0, 1]) {
      const bytes = Uint8Array.of(...new Uint8Array(shift), ...toBytes(items, dtype, little));
      const at = shift + 2 * itemSize(dtype);
      expect(elementAt(bytes, at, dtype, !little)).toBe(items[2]);
    }
});

test('pieceElement() finds the piece, and the element in it by steps or offsets', () => {
  const bytes = Uint8Array.from({ length: 20 }, (_, i) => i);
  const pieces = [
    { start: [10, 0], count: [2, 3], bytes, offset: 1, steps: [3, 1], swap: false },
    {
      start: [12, 0],
      count: [2, 3],
      bytes,
      offset: 19,
      steps: [-4, Int32Array.of(0, -2, -1)],
      swap: false,
    },
  ];
  expect(pieceElement(pieces, [11, 2], 'uint8')).toBe(1 + 3 + 2);
  expect(pieceElement(pieces, [13, 1], 'uint8')).toBe(19 - 4 - 2);
  expect(() => pieceElement(pieces, [14, 0], 'uint8')).toThrow(RangeError);
});
