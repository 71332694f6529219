import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import type { Cell, ElectrodeRowInput } from './electrodes.js';
import { DescriptionError, type Problem } from './errors.js';
import { fillRows } from './fill-electrodes.js';
import type { FilledDescription } from './schema.js';
import { problem } from './wording.js';

/**
 * Reads the electrodes from their CSV file (tabs in a `.tsv`), where the description names one.
 *
 * The first line has the names of the columns. A column all of whose cells are numbers holds numbers,
 * one of `true` and `false` booleans, any other text; empty cells are missing values. Lines without
 * `group` or `location` take those beside `csv`, then the only group and its location.
 *
 * @throws {DescriptionError} when the file can't be read, or its rows can't be used
 */
export async function loadElectrodes(description: FilledDescription): Promise<FilledDescription> {
  const { electrodes, electrodeGroups } = description;
  if (electrodes === undefined || !('csv' in electrodes)) return description;
  const file = electrodes.csv;
  const records = await readRecords(file);
  const problems: Problem[] = [];
  const rows = typedRows(records, file, problems);
  const rowName = (index: number) => `${file} row ${index + 1}`;
  const filled = fillRows(rows, electrodes, electrodeGroups, problems, file, rowName);
  if (problems.length > 0) throw new DescriptionError(problems);
  return { ...description, electrodes: filled };
}

type Record_ = Readonly<Record<string, string>>;

async function readRecords(file: string): Promise<readonly Record_[]> {
  try {
    const records: Record_[] = parse(await readFile(file), {
      bom: true,
      columns: true,
      delimiter: file.endsWith('.tsv') ? '\t' : ',',
      skip_empty_lines: true,
      trim: true,
    });
    if (records.length > 0) return records;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `Expected a CSV file of electrodes at ${file} but received: ${reason}`;
    throw new DescriptionError([{ path: 'electrodes.csv', message }]);
  }
  throw new DescriptionError([problem('electrodes.csv', `rows in ${file}`, undefined)]);
}

function typedRows(
  records: readonly Record_[],
  file: string,
  problems: Problem[],
): ElectrodeRowInput[] {
  const names = Object.keys(records[0]);
  const columns = names.map((name): [string, readonly Cell[]] => {
    const cells = records.map((record) => record[name]);
    return [name, isTextual(name) ? cells.map((cell) => cell || null) : typedCells(cells)];
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

/** Columns of text even when every cell looks like a number (a group named `1`). */
function isTextual(name: string): boolean {
  return ['group', 'location', 'filtering', 'reference'].includes(name);
}

// A leading zero makes a label (`007`), not a number.
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
    Object.hasOwn(NOT_FINITE, cell.toLowerCase()) || NUMBER.test(cell);
  const convert = present.every(numeric)
    ? number
    : present.every((cell) => /^(true|false)$/i.test(cell))
      ? (cell: string) => cell.toLowerCase() === 'true'
      : (cell: string) => cell;
  return cells.map((cell) => (cell === '' ? null : convert(cell)));
}
