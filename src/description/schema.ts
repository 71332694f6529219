import { z } from 'zod';
import { deviceSchema, electrodeGroupSchema } from './devices.js';
import { type ElectrodeRow, type ElectrodesCsv, electrodesSchema } from './electrodes.js';
import { nwbfileSchema } from './nwbfile.js';
import { seriesSchema } from './series.js';
import { text } from './text.js';

/** What a user says about the file to be: what a manifest holds, but for data in memory. */
export const descriptionSchema = z.strictObject({
  path: text.describe('The NWB file to write'),
  nwbfile: nwbfileSchema,
  devices: z.array(deviceSchema).default([]),
  electrodeGroups: z.array(electrodeGroupSchema).default([]),
  electrodes: electrodesSchema.optional(),
  electrodeColumns: z.record(text, text).default({}).describe('Descriptions of columns by name'),
  acquisition: z.array(seriesSchema).default([]),
  specifications: text
    .optional()
    .describe('NWB file or folder of schema YAML, whose schemas are cached in the file'),
});

/** A description as a user gives it. */
export type Description = z.input<typeof descriptionSchema>;

/** A description as the schema leaves it: checked one field at a time, defaults filled in. */
export type ParsedDescription = z.output<typeof descriptionSchema>;

/**
 * A description checked as a whole. Electrodes are rows, or a CSV file still to be loaded. It is
 * again a valid {@link Description}.
 */
export type ResolvedDescription = Omit<ParsedDescription, 'electrodes'> & {
  electrodes?: readonly ElectrodeRow[] | ElectrodesCsv | undefined;
};
