import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import type { Problem } from '../hyperslab-error.js';
import { pathHint } from '../path-hint.js';
import { columnDescriptionProblems } from './column-descriptions.js';
import { STANDARD_COLUMNS } from './electrode-columns.js';
import type { Cell } from './electrodes.js';
import { DescriptionError } from './errors.js';
import { resolveRows } from './resolve-electrodes.js';
import type { ResolvedDescription } from './resolved.js';
import type { ElectrodeRowInput } from './types.js';
import { problem } from './wording.js';

/**
 * Reads the electrodes from a CSV file (with tabs in a `.tsv`), if the description names one.
 *
 * The first line holds the names of the columns. A column becomes numbers if float64 can hold all its cells,
 * booleans if all are `true` or `false`, and text otherwise; empty cells are missing values. A line without
 * `group` or `location` takes the ones beside `csv`, else the only group and its location. Lines of empty
 * cells at the end, which spreadsheets leave behind, are ignored.
 *
 * @throws {DescriptionError} if the file can't be read, or its rows are invalid
 */
export async function loadElectrodes(
  description: ResolvedDescription,
): Promise<ResolvedDescription> {
  const { electrodes, electrodeGroups } = description;
  if (electrodes === undefined || !('csv' in electrodes)) return description;
  const file = electrodes.csv;
  const records = await readRecords(file);
  const problems: Problem[] = [];
  const rows = typedRows(records, file, problems);
  const rowName = (index: number) => `${file} row ${index + 1}`;
  const resolved = resolveRows(rows, electrodes, electrodeGroups, problems, file, rowName);
  problems.push(...columnDescriptionProblems(description.electrodeColumns, resolved));
  if (problems.length > 0)
    throw new DescriptionError({ problems: problems.map((one) => atFile(one, file)) });
  return { ...description, electrodes: resolved };
}

/** A problem of a row or a cell is one of the description's `electrodes.csv`; its message names row and column. */
function atFile(problem: Problem, file: string): Problem {
  return problem.path.startsWith(file) ? { ...problem, path: 'electrodes.csv' } : problem;
}

type Record_ = Readonly<Record<string, string>>;

async function readRecords(file: string): Promise<readonly Record_[]> {
  const delimiter = file.endsWith('.tsv') ? '\t' : ',';
  let records: Record_[];
  try {
    const text = toText(await readFile(file));
    const read = (skipEmptyLines: boolean): Record_[] =>
      parse(text, {
        columns: (names: string[]) => checkHeader(names, delimiter),
        delimiter,
        skip_empty_lines: skipEmptyLines,
        trim: true,
      });
    records = read(true);
    // In a file of one column, an empty line is an electrode with a missing value.
    if (records.length > 0 && Object.keys(records[0]).length === 1) records = read(false);
  } catch (error) {
    const message = `Expected a CSV file of electrodes at ${file} but received: ${reasonOf(error, file)}`;
    throw new DescriptionError({ problems: [{ path: 'electrodes.csv', message }] });
  }
  const last = records.findLastIndex((record) => Object.values(record).some((cell) => cell !== ''));
  if (last >= 0) return records.slice(0, last + 1);
  throw new DescriptionError({
    problems: [problem('electrodes.csv', `rows in ${file}`, undefined)],
  });
}

/** Decodes UTF-8 or UTF-16. Other encodings, which spreadsheets may write, are refused rather than guessed. */
function toText(bytes: Uint8Array): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  try {
    return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error('bytes that are not UTF-8 (export it as CSV in UTF-8)');
  }
}

function checkHeader(names: readonly string[], delimiter: string): string[] {
  const others = { ',': 'commas', ';': 'semicolons', '\t': 'tabs' };
  for (const [other, noun] of Object.entries(others)) {
    if (other === delimiter || names.length > 1 || !names[0]?.includes(other)) continue;
    const wanted = delimiter === ',' ? 'commas (tabs in a .tsv)' : 'tabs, as in any .tsv';
    throw new Error(`${noun} between the columns instead of ${wanted}`);
  }
  // Assigning to this name would set the prototype of the record and lose the column.
  if (names.includes('__proto__')) throw new Error("a column of the name '__proto__'");
  const twice = names.find((name, index) => name !== '' && names.indexOf(name) < index);
  if (twice !== undefined) throw new Error(`two columns of the name '${twice}'`);
  return [...names];
}

function reasonOf(error: unknown, file: string): string {
  if (!(error instanceof Error)) return String(error);
  if (!('code' in error && error.code === 'ENOENT')) return error.message;
  const hint = pathHint(file);
  return `no such file${hint ? ` (${hint})` : ''}`;
}

function typedRows(
  records: readonly Record_[],
  file: string,
  problems: Problem[],
): ElectrodeRowInput[] {
  const names = Object.keys(records[0]);
  const columns = names.map((name): [string, readonly Cell[]] => {
    const cells = records.map((record) => record[name]);
    if (isTextual(name)) return [name, cells.map((cell) => cell || null)];
    // Columns that must hold numbers are converted cell by cell, so that only invalid cells are refused.
    const isNumeric = STANDARD_COLUMNS[name]?.kind === 'float' || name === 'id';
    return [name, isNumeric ? cells.flatMap((cell) => typedCells([cell])) : typedCells(cells)];
  });
  return records.map((_, index) => {
    const row = Object.fromEntries(columns.map(([name, cells]) => [name, cells[index]]));
    const { id, group, location, ...others } = row;
    if (id !== undefined && !Number.isSafeInteger(id)) {
      problems.push(problem(`${file} row ${index + 1}.id`, 'a whole number', id));
    }
    return {
      ...others,
      id: typeof id === 'number' ? id : undefined,
      group: typeof group === 'string' ? group : undefined,
      location: typeof location === 'string' ? location : undefined,
    };
  });
}

/** Columns that stay text even if every cell looks like a number (a group named `1`). */
function isTextual(name: string): boolean {
  return ['group', 'location', 'filtering', 'reference'].includes(name);
}

// Text with a leading zero is a label (`007`), not a number.
const NUMBER = /^[+-]?((0|[1-9]\d*)(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const NOT_FINITE: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
};

function typedCells(cells: readonly string[]): readonly Cell[] {
  const present = cells.filter((cell) => cell !== '');
  const number = (cell: string) => NOT_FINITE[cell.toLowerCase()] ?? Number(cell);
  const numeric = (cell: string) =>
    Object.hasOwn(NOT_FINITE, cell.toLowerCase()) || (NUMBER.test(cell) && isKept(cell));
  const convert = present.every(numeric)
    ? number
    : // Every cell, because a column of booleans can't store a missing value.
      cells.every((cell) => /^(true|false)$/i.test(cell))
      ? (cell: string) => cell.toLowerCase() === 'true'
      : (cell: string) => cell;
  return cells.map((cell) => (cell === '' ? null : convert(cell)));
}

/** Whether float64 keeps the value of a number: whole numbers exactly, decimals rounded. */
function isKept(cell: string): boolean {
  const value = Number(cell);
  if (!Number.isFinite(value)) return false;
  if (value === 0) return !/[1-9]/.test(cell.split(/e/i)[0]);
  return !/^[+-]?\d+$/.test(cell) || BigInt(cell) === BigInt(value);
}
