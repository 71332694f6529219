import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CsvSpec, SourceSpec } from '../../../src/sources/spec.js';
import { numRuns } from '../../support/effort.js';
import { type Item, readAll, readSlab, refusal, withFolder, withSource } from '../helpers.js';

/** Runs with a CSV file of this text. */
function withCsv<T>(
  text: string | Uint8Array,
  run: (spec: CsvSpec) => Promise<T>,
  name = 'a.csv',
): Promise<T> {
  return withFolder(async (folder) => {
    const path = join(folder, name);
    await writeFile(path, text);
    return run({ type: 'csv', path });
  });
}

const shapeOf = (spec: CsvSpec) => withSource(spec, ({ info }) => info.shape);

describe('columns', () => {
  const text = 't, x ,"y ""z"""\n0.5,1,-2\n1.5,+3,4e2\n';

  test('are selected by name or by number, in any order', () =>
    withCsv(text, async (spec) => {
      expect(await shapeOf(spec)).toEqual([2, 3]);
      expect(await readAll(spec)).toEqual([0.5, 1, -2, 1.5, 3, 400]);
      expect(await readAll({ ...spec, columns: ['y "z"', 't'] })).toEqual([-2, 0.5, 400, 1.5]);
      expect(await readAll({ ...spec, columns: [2, 0, 2] })).toEqual([-2, 0.5, -2, 400, 1.5, 400]);
      expect(await shapeOf({ ...spec, columns: ['x'] })).toEqual([2, 1]);
      expect(await shapeOf({ ...spec, column: 'x' })).toEqual([2]);
      expect(await readAll({ ...spec, column: 'x', dtype: 'uint8' })).toEqual([1, 3]);
    }));

  test('that do not exist or are ambiguous are refused', () =>
    withCsv('a,b,b\n1,2,3\n', async (spec) => {
      const of = async (more: Partial<CsvSpec>) =>
        (await refusal({ ...spec, ...more })).replace(spec.path, 'a.csv');
      expect(await of({ column: 'c' })).toBe(
        "Expected one column 'c' in a.csv but received the columns 'a', 'b', 'b'",
      );
      expect(await of({ column: 'b' })).toBe(
        "Expected one column 'b' in a.csv but received several of that name",
      );
      expect(await of({ columns: [3] })).toBe(
        'Expected columns from 0 to 2 in a.csv but received 3',
      );
      expect(await of({ header: false, column: 'a' })).toBe(
        "Expected columns by number, as header is false, in a.csv but received 'a'",
      );
    }));

  test('only the selected ones must hold numbers', () =>
    withCsv('label,x\n"two\nlines, ""quoted""",1\nplain,2\n', async (spec) => {
      expect(await readAll({ ...spec, column: 'x' })).toEqual([1, 2]);
      expect((await readAll({ ...spec, column: 'x' })).length).toBe(2);
    }));
});

describe('formats of files', () => {
  test('a file with one column is an array of one axis', () =>
    withCsv('x\r\n1\r\n\r\n3\r\n\r\n\r\n', async (spec) => {
      expect(await shapeOf(spec)).toEqual([3]);
      expect(await readAll(spec)).toEqual([1, Number.NaN, 3]);
    }));

  test('a file without header, without a last line break', () =>
    withCsv('1;2\n3;4', async (spec) => {
      expect(await readAll({ ...spec, header: false, delimiter: ';' })).toEqual([1, 2, 3, 4]);
    }));

  test('tabs, in a .tsv file or on request, with empty cells', async () => {
    const text = 'a\tb\tc\n1\t\t3\n';
    const expected = [1, Number.NaN, 3];
    await withCsv(text, async (spec) => expect(await readAll(spec)).toEqual(expected), 'a.tsv');
    await withCsv(text, async (spec) =>
      expect(await readAll({ ...spec, delimiter: 'tab' })).toEqual(expected),
    );
  });

  test('spaces', () =>
    withCsv('a b\n1 2\n', async (spec) => {
      expect(await readAll({ ...spec, delimiter: ' ' })).toEqual([1, 2]);
    }));

  test('a byte order mark is no part of the first name', () =>
    withCsv('\ufeffa,b\n1,2\n', async (spec) => {
      expect(await readAll({ ...spec, column: 'a' })).toEqual([1]);
    }));

  test.each([
    ['', 'Expected rows below the header in a.csv but received none'],
    ['a,b\n', 'Expected rows below the header in a.csv but received none'],
    [
      'a;b\n1;2\n',
      "Expected commas between the columns in a.csv but received semicolons (delimiter: ';')",
    ],
    [
      'a\tb\n1\t2\n',
      'Expected commas between the columns in a.csv but received tabs (delimiter: tab)',
    ],
    [
      'a,b\n1,2\n"3,4\n5,6\n',
      'Expected rows of at most 16 MiB in line 3 of a.csv but received a longer one, or a quote that is not closed',
    ],
    [
      Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'),
      'Expected a CSV file in UTF-8 in a.csv but received a file in UTF-16 (export it in UTF-8)',
    ],
  ])('refuses %j', (text, message) =>
    withCsv(text, async (spec) => {
      expect((await refusal(spec)).replace(spec.path, 'a.csv')).toBe(message);
    }),
  );
});

describe('cells', () => {
  const failure = (spec: CsvSpec) =>
    readAll(spec).then(
      () => 'no error',
      (error: Error) => error.message.replace(spec.path, 'a.csv'),
    );

  test('numbers that are not finite', () =>
    withCsv('x\nNaN\nnan\ninf\n-Inf\nInfinity\n""\n', async (spec) => {
      const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
      expect(await readAll(spec)).toEqual([nan, nan, inf, -inf, inf, nan]);
    }));

  test('64-bit integers keep all their digits', () =>
    withCsv('x\n9223372036854775807\n-9223372036854775808\n+9007199254740993\n', async (spec) => {
      const expected = [2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n];
      expect(await readAll({ ...spec, dtype: 'int64' })).toEqual(expected);
    }));

  test.each([
    [
      'x\n1\ntwo\n',
      {},
      "a number that float64 can hold for column 'x' in line 3 of a.csv but received 'two'",
    ],
    [
      'x\n0x10\n',
      {},
      "a number that float64 can hold for column 'x' in line 2 of a.csv but received '0x10'",
    ],
    [
      'x\n1e999\n',
      {},
      "a number that float64 can hold for column 'x' in line 2 of a.csv but received '1e999'",
    ],
    [
      'x\n1e39\n',
      { dtype: 'float32' },
      "a number that float32 can hold for column 'x' in line 2 of a.csv but received '1e39'",
    ],
    [
      'x\n1.0\n',
      { dtype: 'int16' },
      "a whole number that int16 can hold for column 'x' in line 2 of a.csv but received '1.0'",
    ],
    [
      'x\n40000\n',
      { dtype: 'int16' },
      "a whole number that int16 can hold for column 'x' in line 2 of a.csv but received '40000'",
    ],
    [
      'x\n-1\n',
      { dtype: 'uint64' },
      "a whole number that uint64 can hold for column 'x' in line 2 of a.csv but received '-1'",
    ],
    [
      'l,x\n"a\nb",1\nc,\n',
      { dtype: 'int32', column: 'x' },
      "a whole number that int32 can hold for column 'x' in line 4 of a.csv but received an empty cell",
    ],
    [
      '1;2\n3;4,5\n',
      { delimiter: ';', header: false },
      "a number that float64 can hold for column 1 in line 2 of a.csv but received '4,5' (write decimals with a point)",
    ],
    ['a,b\n1,2\n\n3,4\n', {}, '2 cells, as in the first line, in line 3 of a.csv but received 1'],
    ['a,b\n1,2\n3,4,5\n', {}, '2 cells, as in the first line, in line 3 of a.csv but received 3'],
  ] as const)('refuses %j with %j', (text, more, message) =>
    withCsv(text, async (spec) => {
      expect(await failure({ ...spec, ...more } as CsvSpec)).toBe(`Expected ${message}`);
    }),
  );

  test('a quote within a cell is refused with its line', () =>
    withCsv('a,b\n1,2\n3,4"5"\n', async (spec) => {
      expect(await failure(spec)).toMatch(
        /^Expected CSV in line 3 of a\.csv but received an error: /,
      );
    }));
});

test('CSV files are parts of concat and stack', () =>
  withCsv('a,b\n1,2\n3,4\n', async ({ path }) => {
    const concat: SourceSpec = {
      type: 'concat',
      files: [path, path],
      each: { type: 'csv', columns: ['b', 'a'] },
    };
    expect(await readAll(concat)).toEqual([2, 1, 4, 3, 2, 1, 4, 3]);
    const sources = ['b', 'a'].map((column) => ({ type: 'csv' as const, path, column }));
    expect(await readAll({ type: 'stack', sources })).toEqual([2, 1, 4, 3]);
  }));

describe('large files', () => {
  test('any rows of many blocks are read, with scratch memory for the numbers only', () => {
    const rows = 60_000;
    const lines = Array.from({ length: rows }, (_, row) =>
      row % 1000 === 7 ? `"${row}","a ""long""\nlabel",${-row}` : `${row},label,${-row}`,
    );
    return withCsv(`n,label,m\n${lines.join('\n')}\n\n`, async (spec) => {
      const both: CsvSpec = { ...spec, columns: ['m', 'n'], dtype: 'int32' };
      await withSource(both, async (source) => {
        expect(source.info.shape).toEqual([rows, 2]);
        expect(source.scratchBytes({ start: [0, 0], count: [7, 2] })).toBe(7 * 2 * 4);
        await fc.assert(
          fc.asyncProperty(
            fc.nat(rows - 1),
            fc.integer({ min: 1, max: 40_000 }),
            fc.constantFrom([0, 2], [0, 1], [1, 1]),
            async (start, length, [column, width]) => {
              const count = Math.min(length, rows - start);
              const items = await readSlab(source, {
                start: [start, column],
                count: [count, width],
              });
              const wrong = items.findIndex((item, at) => {
                const row = start + Math.floor(at / width);
                return Number(item) !== (column + (at % width) === 0 ? -row : row);
              });
              expect(wrong).toBe(-1);
            },
          ),
          { numRuns: numRuns(10) },
        );
      });
    });
  });

  test('the line of a wrong cell is named in any block', () => {
    const lines = Array.from({ length: 100_000 }, (_, row) => (row === 90_000 ? 'x' : `${row}`));
    return withCsv(`n\n${lines.join('\n')}`, async (spec) => {
      await expect(readAll(spec)).rejects.toThrow(`in line 90002 of ${spec.path}`);
    });
  });
});

test('what is written by the rules of RFC 4180 is read back', async () => {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true });
  const table = fc
    .integer({ min: 1, max: 4 })
    .chain((width) =>
      fc.array(fc.array(number, { minLength: width, maxLength: width }), { minLength: 1 }),
    );
  const style = fc.record({
    delimiter: fc.constantFrom(',', ';', 'tab', '|'),
    newline: fc.constantFrom('\n', '\r\n'),
    isQuoted: fc.func(fc.boolean()),
    mark: fc.constantFrom('', '\ufeff'),
    last: fc.constantFrom('', '\n', '\n\n'),
  });
  await fc.assert(
    fc.asyncProperty(table, style, async (rows, { delimiter, newline, isQuoted, mark, last }) => {
      const separator = delimiter === 'tab' ? '\t' : delimiter;
      const cell = (value: Item | string) => (isQuoted(value) ? `"${value}"` : `${value}`);
      const names = rows[0].map((_, at) => `c ${at}`);
      const text = [names, ...rows].map((row) => row.map(cell).join(separator)).join(newline);
      await withCsv(`${mark}${text}${last}`, async (spec) => {
        // The text "-0" becomes minus zero, not zero.
        expect(await readAll({ ...spec, delimiter })).toEqual(
          rows.flat().map((x) => Number(`${x}`)),
        );
      });
    }),
    { numRuns: numRuns(50) },
  );
});
