import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatBytes, parseBytes } from '../../src/layout/index.js';
import { OptionError } from '../../src/option-error.js';

describe('parseBytes', () => {
  test.each([
    ['2GiB', 2 * 2 ** 30],
    ['500MB', 500e6],
    ['1.5 GiB', 1.5 * 2 ** 30],
    ['1024', 1024],
    [' 64 kib ', 64 * 1024],
    ['.5 kB', 500],
    ['12b', 12],
    ['0', 0],
    [1024, 1024],
    [1.9, 1],
  ])('%s', (amount, bytes) => {
    expect(parseBytes(amount)).toBe(bytes);
  });

  test.each(['', 'lots', '2 G', '-1MB', '1,5GB', '1e3', '9999999TiB', Number.NaN, -1, 1 / 0])(
    'refuses %s',
    (amount) => {
      expect(() => parseBytes(amount, '--memory')).toThrow(OptionError);
    },
  );

  test('the error of parseBytes names the option and the accepted forms', () => {
    expect(() => parseBytes('2 G', '--memory')).toThrow(
      "Expected a number of bytes, or a text such as '2GiB' or '500MB' for --memory but received '2 G'",
    );
  });
});

describe('formatBytes', () => {
  test.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1 KiB'],
    [1.5 * 2 ** 30, '1.5 GiB'],
    [4 * 2 ** 20, '4 MiB'],
    [2 ** 20 - 1, '1 MiB'],
    [123.4 * 2 ** 20, '123 MiB'],
    [12.34 * 2 ** 20, '12.3 MiB'],
    [2 ** 53, '8 PiB'],
  ])('%d is %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  test('the output of formatBytes can be parsed back, to three digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 50 - 2 ** 42 }), (bytes) => {
        expect(Math.abs(parseBytes(formatBytes(bytes)) - bytes)).toBeLessThanOrEqual(bytes * 0.006);
      }),
    );
  });
});
