import { expect, test } from 'vitest';
import { DTYPES, isDType, itemSize } from '../../src/layout/index.js';

test('item sizes follow from the names', () => {
  for (const dtype of DTYPES) expect(itemSize(dtype)).toBe(Number(dtype.match(/\d+/)?.[0]) / 8);
  expect(DTYPES).toHaveLength(10);
});

test('isDType distinguishes type names from other texts', () => {
  expect(isDType('int16')).toBe(true);
  expect(isDType('float16')).toBe(false);
  expect(isDType('toString')).toBe(false);
});
