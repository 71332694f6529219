import { z } from 'zod';
import { expecting, filePath, objectName, text } from './text.js';

/** The value of one electrode in one column; null if unknown. */
export type Cell = number | string | boolean | null;

const cell = z
  .custom<Cell>(
    (value) => value === null || ['number', 'string', 'boolean'].includes(typeof value),
    expecting('a number, a text, true or false, or null'),
  )
  .meta({ type: ['number', 'string', 'boolean', 'null'] });

const defaults = {
  group: objectName
    .optional()
    .describe('Name of one of the `electrodeGroups`. Default: the only group.'),
  location: text.optional().describe('Brain area. Default: the location of the group.'),
};

/** Far more than any probe has. The limit exists because the table is built in memory. */
const MAX_ELECTRODES = 1_000_000;

const countSchema = z
  .strictObject({
    count: z
      .int()
      .positive()
      .max(MAX_ELECTRODES)
      .describe('Number of electrodes, all in one group.'),
    ...defaults,
    columns: z
      .record(text, z.union([z.array(cell), cell]))
      .optional()
      .describe('Further columns by name: one cell per electrode, or one cell for all.'),
  })
  .describe('Identical electrodes, all in one group.');

const rowSchema = z
  .object({
    ...defaults,
    id: z
      .int()
      .optional()
      .describe('Identifier of the electrode. Default: the number of its row, counted from 0.'),
  })
  .catchall(cell.describe('A cell of a further column of that name.'))
  .describe('One electrode.');

const csvSchema = z
  .strictObject({
    csv: filePath.describe(
      'Path of a CSV file in UTF-8 with a header line; a `.tsv` file has tabs.',
    ),
    ...defaults,
  })
  .describe('Electrodes whose rows are in a CSV file.');

/**
 * All electrodes: a number of identical ones, a list of rows, or a CSV file of rows.
 *
 * Columns keep their names in the file, so the standard columns have NWB's own names: x, y, z, imp,
 * filtering, rel_x, rel_y, rel_z, reference. All other columns are custom ones.
 *
 * @internal
 */
export const electrodesSchema = z.union([countSchema, z.array(rowSchema).min(1), csvSchema]);

/** One electrode after its defaults are set. `id` is missing if the user gave none. */
export interface ElectrodeRow {
  readonly group: string;
  readonly location: string;
  readonly id?: number | undefined;
  readonly [column: string]: Cell | undefined;
}
