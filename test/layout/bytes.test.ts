import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatBytes, parseBytes, parseMemory } from '../../src/layout/index.js';
import { OptionError } from '../../src/option-error.js';
import { numRuns } from '../support/effort.js';

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
    ['4G', 4 * 2 ** 30],
    ['512m', 512 * 2 ** 20],
    ['4 GB', 4e9],
    ['2e9', 2e9],
    ['1.5e3 MB', 1.5e9],
    ['1.001kB', 1001],
    [1024, 1024],
    [1.9, 1],
  ])('%s', (amount, bytes) => {
    expect(parseBytes(amount)).toBe(bytes);
  });

  test.each(['', 'lots', '2 X', '-1MB', '1,5GB', '1e', '9999999TiB', '1EB', Number.NaN, -1, 1 / 0])(
    'refuses %s',
    (amount) => {
      expect(() => parseBytes(amount, '--memory')).toThrow(OptionError);
    },
  );

  test('the error of parseBytes names the option and the accepted forms', () => {
    expect(() => parseBytes('2 X', '--memory')).toThrow(
      "Expected a number of bytes, or a text such as '2GiB' or '500MB' for --memory but received '2 X'",
    );
  });
});

describe('amounts of any size', () => {
  const letters = fc.constantFrom('k', 'm', 'g', 't');
  const upper = fc.boolean();
  const space = fc.constantFrom('', ' ', '\t');

  test('a letter alone and the unit with iB are binary, the unit with B is decimal', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8000 }), letters, upper, space, (n, unit, up, gap) => {
        const power = 'kmgt'.indexOf(unit) + 1;
        const text = (suffix: string) => {
          const amount = `${n}${gap}${unit}${suffix}`;
          return up ? amount.toUpperCase() : amount;
        };
        expect(parseBytes(text(''))).toBe(n * 1024 ** power);
        expect(parseBytes(text('ib'))).toBe(n * 1024 ** power);
        expect(parseBytes(text('b'))).toBe(n * 1000 ** power);
      }),
      { numRuns: numRuns(100) },
    );
  });

  test('decimal fractions and exponents are exact', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 40 }),
        fc.integer({ min: 0, max: 3 }),
        (n, digits) => {
          // n thousandths, hundredths, … of a kilobyte, in plain and in exponent notation
          const places = 10 ** digits;
          const whole = Math.floor(n / places);
          const rest = digits === 0 ? '' : `.${String(n % places).padStart(digits, '0')}`;
          const bytes = n * 10 ** (3 - digits);
          expect(parseBytes(`${whole}${rest}kB`)).toBe(bytes);
          expect(parseBytes(`${whole}${rest}e3`)).toBe(bytes);
        },
      ),
      { numRuns: numRuns(100) },
    );
  });
});

describe('parseMemory', () => {
  test.each([
    ['8', '8 bytes? Write 8GiB'],
    ['512', '512 bytes? Write 512MiB'],
    ['16000', '16000 bytes? Write 16000MiB'],
  ])('refuses %s without a unit', (amount, hint) => {
    expect(() => parseMemory(amount, 'memory')).toThrow(
      `Expected an amount with its unit, such as '2GiB' or '500MB', for memory but received '${amount}' (${hint})`,
    );
  });

  test.each([
    ['8b', 8],
    ['2e9', 2e9],
    ['8388608', 8388608],
    [8, 8],
  ])('accepts %s', (amount, bytes) => {
    expect(parseMemory(amount, 'memory')).toBe(bytes);
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
