import { expect, test } from 'vitest';
import {
  formatCount,
  formatFilters,
  formatSeconds,
  formatShape,
  formatShare,
  table,
} from '../../src/cli/format.js';

test.each([
  [0, '0.00 s'],
  [9.994, '9.99 s'],
  [9.996, '10.0 s'],
  [59.94, '59.9 s'],
  [59.96, '1 min 00 s'],
  [185, '3 min 05 s'],
  [3599.7, '1 h 00 min'],
  [7380, '2 h 03 min'],
])('%d seconds are %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});

test('shapes, shares and counts', () => {
  expect(formatShape([])).toBe('scalar');
  expect(formatShape([null, 64])).toBe('unlimited x 64');
  expect(formatShare(1, 8)).toBe('12.5 %');
  expect(formatShare(0, 0)).toBe('-');
  expect(formatCount(1, 'chunk')).toBe('1 chunk');
  expect(formatCount(1234567, 'value')).toBe('1,234,567 values');
});

test('filters, as planned and as found in a file', () => {
  expect(formatFilters([])).toBe('none');
  expect(formatFilters([{ kind: 'shuffle' }, { kind: 'deflate', level: 4 }])).toBe(
    'shuffle + gzip 4',
  );
  expect(
    formatFilters([
      { id: 3, name: 'fletcher32', parameters: [] },
      { id: 1, name: 'deflate', parameters: [9] },
    ]),
  ).toBe('fletcher32 + gzip 9');
});

test('columns of a table line up', () => {
  const rows = [
    ['name', 'size'],
    ['a', '1 B'],
    ['long name', '100 KiB'],
  ];
  expect(table(rows, 'lr')).toBe('name          size\na              1 B\nlong name  100 KiB');
});
