import type { Problem } from '../hyperslab-error.js';
import { REQUIRED_COLUMNS, RESERVED_COLUMNS, STANDARD_COLUMNS } from './electrode-columns.js';
import type { Cell, ElectrodeRow } from './electrodes.js';
import type { ResolvedElectrodeGroup } from './resolved.js';
import { nameMisfit, textMisfit } from './text.js';
import type { ElectrodeRowInput, ElectrodesCount } from './types.js';
import { problem, show } from './wording.js';

/** Values for rows that have none of their own. */
export interface ElectrodeDefaults {
  readonly group?: string | undefined;
  readonly location?: string | undefined;
}

/**
 * The rows of electrodes that are given by their number: each column is a list with a cell for each row, or
 * one cell for all.
 *
 * @param problems receives what is wrong
 */
export function rowsOfCount(
  { count, group, location, columns = {} }: ElectrodesCount,
  problems: Problem[],
): ElectrodeRowInput[] {
  for (const [name, cells] of Object.entries(columns)) {
    if (name === 'group' || name === 'location') {
      const path = `electrodes.columns.${name}`;
      const message = `Unknown column '${name}' in electrodes.columns: give it beside count, or give rows`;
      problems.push({ path, message });
    }
    if (Array.isArray(cells) && cells.length !== count) {
      const where = `electrodes.columns.${name}`;
      problems.push(problem(where, `${count} cells, one for each electrode,`, cells));
    }
  }
  const cellsOf = (index: number): [string, Cell][] =>
    Object.entries(columns).map(([name, cells]) => [
      name,
      Array.isArray(cells) ? (cells[index] ?? null) : cells,
    ]);
  return Array.from({ length: count }, (_, index) => ({
    ...Object.fromEntries(cellsOf(index)),
    group,
    location,
  }));
}

/**
 * Sets the missing groups and locations of rows, and checks that groups exist, ids are unique and the cells
 * of a column have one type.
 *
 * @param problems receives what is wrong
 * @param where names the table in messages
 * @param rowName names a row in messages
 */
export function resolveRows(
  rows: readonly ElectrodeRowInput[],
  defaults: ElectrodeDefaults,
  groups: readonly ResolvedElectrodeGroup[],
  problems: Problem[],
  where: string,
  rowName: (index: number) => string,
): ElectrodeRow[] {
  problems.push(...columnNameProblems(rows, where), ...columnKindProblems(rows, rowName));
  const locations = new Map(groups.map((group) => [group.name, group.location]));
  const ids = new Set<number>();
  return rows.map((row, index) => {
    const path = rowName(index);
    const only = groups.length === 1 ? groups[0].name : undefined;
    const group = row.group ?? defaults.group ?? only;
    if (group === undefined || !locations.has(group)) {
      problems.push(problem(`${path}.group`, oneOf('an electrode group', locations), group));
    }
    const id = row.id ?? index;
    if (ids.has(id)) problems.push(problem(`${path}.id`, 'an id used once', id));
    ids.add(id);
    // The file stores ids as int32.
    if (id !== (id | 0)) problems.push(problem(`${path}.id`, 'an id that int32 can hold', id));
    for (const [name, { kind }] of Object.entries(STANDARD_COLUMNS)) {
      const cell = row[name] ?? null;
      const type = kind === 'float' ? 'number' : 'string';
      if (cell === null || typeof cell === type) continue;
      problems.push(problem(`${path}.${name}`, type === 'number' ? 'a number' : 'a text', cell));
    }
    for (const [name, cell] of Object.entries(row)) {
      const expected = typeof cell === 'string' ? textMisfit(cell) : undefined;
      if (expected) problems.push(problem(`${path}.${name}`, expected, cell));
    }
    const location = row.location ?? defaults.location ?? locations.get(group ?? '');
    return { ...row, group: group ?? '', location: location ?? '' };
  });
}

/** `a device (known: 'a', 'b')`, or `a device (none is described)`. */
export function oneOf(noun: string, known: Iterable<readonly [string, unknown]>): string {
  const names = Array.from(known, ([name]) => show(name));
  return names.length > 0 ? `${noun} (known: ${names.join(', ')})` : `${noun} (none is described)`;
}

/** Refuses names such as `relX`: it would become a custom column, although `rel_x` was surely meant. */
function columnNameProblems(rows: readonly ElectrodeRowInput[], where: string): Problem[] {
  const problems: Problem[] = [];
  const standard = [...Object.keys(STANDARD_COLUMNS), ...REQUIRED_COLUMNS, 'id'];
  const plain = (name: string) => name.toLowerCase().replace(/[_\s-]/g, '');
  for (const name of new Set(rows.flatMap((row) => Object.keys(row)))) {
    if (name === 'group_name') {
      const message = `Unknown column 'group_name' in ${where}: it is made from 'group'`;
      problems.push({ path: where, message });
      continue;
    }
    const expected = RESERVED_COLUMNS.includes(name)
      ? 'a name that the table does not use itself'
      : nameMisfit(name);
    if (expected) {
      problems.push({ ...problem(`a column of ${where}`, expected, name), path: where });
    } else if (!standard.includes(name)) {
      const meant = standard.find((known) => plain(known) === plain(name));
      if (!meant) continue;
      const message = `Unknown column '${name}' in ${where}: did you mean '${meant}'?`;
      problems.push({ path: where, message });
    }
  }
  return problems;
}

const KINDS: Readonly<Record<string, string>> = {
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
};

/** A column has one type in the file, so cells of several types would all have to become texts. */
function columnKindProblems(
  rows: readonly ElectrodeRowInput[],
  rowName: (index: number) => string,
): Problem[] {
  const problems: Problem[] = [];
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  for (const name of [...Object.keys(STANDARD_COLUMNS), ...REQUIRED_COLUMNS, 'id'])
    names.delete(name);
  for (const name of names) {
    const cells = rows.map((row) => row[name] ?? null);
    const kind = typeof cells.find((cell) => cell !== null);
    const others = cells.findIndex((cell) =>
      cell === null ? kind === 'boolean' : typeof cell !== kind,
    );
    if (others < 0) continue;
    const expected =
      cells[others] === null
        ? 'true or false in every row (a missing one can not be stored)'
        : `${KINDS[kind]}, as the first cell of that column is,`;
    problems.push(problem(`${rowName(others)}.${name}`, expected, cells[others]));
  }
  return problems;
}
