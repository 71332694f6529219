import type { Problem } from '../hyperslab-error.js';
import { nearest } from '../nearest.js';
import { REQUIRED_COLUMNS } from './electrode-columns.js';
import type { ElectrodeRow } from './electrodes.js';
import { show } from './wording.js';

/**
 * Finds descriptions of columns that the table does not have, which are most likely misspelt. Columns
 * that every table has can't be described, because the NWB schema fixes their descriptions.
 *
 * @param descriptions the description's `electrodeColumns`, by name of the column
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
