import { nearest } from '../nearest.js';
import { REQUIRED_COLUMNS } from './electrode-columns.js';
import type { ElectrodeRow } from './electrodes.js';
import type { Problem } from './errors.js';
import { show } from './wording.js';

/**
 * Descriptions of columns that the table does not have, most likely misspelt. The schema itself
 * describes the columns that every table has.
 *
 * @param descriptions `electrodeColumns`
 */
export function columnDescriptionProblems(
  descriptions: Readonly<Record<string, string>>,
  rows: readonly ElectrodeRow[],
): Problem[] {
  const known = new Set(rows.flatMap((row) => Object.keys(row)));
  for (const name of ['id', ...REQUIRED_COLUMNS]) known.delete(name);
  const path = 'electrodeColumns';
  return Object.keys(descriptions).flatMap((name) => {
    if (known.has(name)) return [];
    const meant = nearest(name, [...known]);
    const names = Array.from(known, show).join(', ') || 'none';
    const hint = meant ? `: did you mean '${meant}'?` : ` (further columns: ${names})`;
    return [{ path, message: `Unknown column '${name}' in ${path}${hint}` }];
  });
}
