import { expect, test } from 'vitest';
import { DTYPES, isDType, itemSize } from '../../src/layout/index.js';

test('item sizes match the names of the types', () => {
  for (const dtype of DTYPES) expect(itemSize(dtype)).toBe(Number(dtype.match(/\d+/)?.[0]) / 8);
  expect(DTYPES).toHaveLength(10);
});

test('isDType accepts names of types and no other texts', () => {
  expect(isDType('int16')).toBe(true);
  expect(isDType('float16')).toBe(false);
  expect(isDType('toString')).toBe(false);
});
