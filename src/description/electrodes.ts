import { z } from 'zod';
import { expecting, objectName, text } from './text.js';

/** What one electrode has in one column; null where it is not known. */
export type Cell = number | string | boolean | null;

const cell = z.custom<Cell>(
  (value) => value === null || ['number', 'string', 'boolean'].includes(typeof value),
  expecting('a number, a text, true or false, or null'),
);

const defaults = {
  group: objectName.optional().describe('Default: the only electrode group'),
  location: text.optional().describe("Default: the group's location"),
};

/** Far more than any probe has: their table is made in memory. */
const MAX_ELECTRODES = 1_000_000;

const countSchema = z.strictObject({
  count: z.int().positive().max(MAX_ELECTRODES).describe('Number of electrodes, all in one group'),
  ...defaults,
  columns: z
    .record(text, z.union([z.array(cell), cell]))
    .optional()
    .describe('Further columns: one cell for each electrode, or one for all'),
});

const rowSchema = z
  .object({ ...defaults, id: z.int().optional().describe('Default: the row, counted from 0') })
  .catchall(cell);

const csvSchema = z.strictObject({
  csv: text.describe('File with a header line; a relative path counts from the manifest'),
  ...defaults,
});

/**
 * All electrodes: so many alike, a list of rows, or a CSV file of rows.
 *
 * Columns go into the file under the names given here, so the standard ones have NWB's own names:
 * x, y, z, imp, filtering, rel_x, rel_y, rel_z, reference. All others are columns of the user's.
 */
export const electrodesSchema = z.union([countSchema, z.array(rowSchema).min(1), csvSchema]);

export type ElectrodesInput = z.output<typeof electrodesSchema>;
export type ElectrodesCount = z.output<typeof countSchema>;
export type ElectrodesCsv = z.output<typeof csvSchema>;

/** One electrode as given. */
export interface ElectrodeRowInput {
  readonly group?: string | undefined;
  readonly location?: string | undefined;
  readonly id?: number | undefined;
  readonly [column: string]: Cell | undefined;
}

/** One electrode, filled in: `group`, `location`, perhaps `id`, and the cells of further columns. */
export interface ElectrodeRow {
  readonly group: string;
  readonly location: string;
  readonly id?: number | undefined;
  readonly [column: string]: Cell | undefined;
}
