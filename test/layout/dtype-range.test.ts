import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DTYPES } from '../../src/layout/dtype.js';
import { integerRange, numberFits } from '../../src/layout/dtype-range.js';
import { numbers } from '../../src/nwb/values.js';

const integers = DTYPES.filter((dtype) => dtype.includes('int'));

it('a number that fits is unchanged by a typed array', () => {
  const value = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.double());
  fc.assert(
    fc.property(fc.constantFrom(...integers), value, (dtype, number) => {
      if (!numberFits(number, dtype)) return;
      // +0 because a typed array of integers has no -0.
      expect(Number(numbers([number], [1], dtype).data[0])).toBe(number + 0);
    }),
  );
});

it.each(integers)('%s holds its limits and nothing beyond', (dtype) => {
  const [least, most] = integerRange(dtype) ?? [0, 0];
  const bits = Number(dtype.replace(/\D/g, ''));
  const sign = dtype.startsWith('u') ? 0 : 1;
  expect(least).toBe(sign ? -(2 ** (bits - 1)) : 0);
  expect(most).toBeLessThan(2 ** (bits - sign));
  for (const limit of [least, most]) {
    expect(numberFits(limit, dtype)).toBe(true);
    expect(Number(numbers([limit], [1], dtype).data[0])).toBe(limit);
  }
  expect(numberFits(2 ** (bits - sign), dtype)).toBe(false);
  expect(numberFits(0.5, dtype)).toBe(false);
  expect(numberFits(Number.NaN, dtype)).toBe(false);
});

it('float32 holds no finite number that would become infinite', () => {
  expect([3.4028234e38, -3.4028234e38, 1e-50].map((x) => numberFits(x, 'float32'))).toEqual([
    true,
    true,
    true,
  ]);
  expect([3.5e38, -1e300].map((x) => numberFits(x, 'float32'))).toEqual([false, false]);
  expect(numberFits(1e300, 'float64')).toBe(true);
});

it('float types hold every other number', () => {
  expect([Number.NaN, Number.POSITIVE_INFINITY, 0.1].map((x) => numberFits(x, 'float32'))).toEqual([
    true,
    true,
    true,
  ]);
});
