import { z } from 'zod';
import { deviceSchema, electrodeGroupSchema } from './devices.js';
import { type ElectrodeRow, type ElectrodesCsv, electrodesSchema } from './electrodes.js';
import { nwbfileSchema } from './nwbfile.js';
import { seriesSchema } from './series.js';
import { filePath, text } from './text.js';

/** The description of a file: the content of a manifest, plus data in memory. */
export const descriptionSchema = z.strictObject({
  path: filePath.describe('Path of the NWB file to write.'),
  nwbfile: nwbfileSchema.describe('The session.'),
  devices: z
    .array(deviceSchema)
    .default([])
    .describe('Recording systems and probes, referred to by name.'),
  electrodeGroups: z
    .array(electrodeGroupSchema)
    .default([])
    .describe('Groups of electrodes, such as shanks and tetrodes, referred to by name.'),
  electrodes: electrodesSchema
    .optional()
    .describe(
      'The electrodes table: a number of identical electrodes, a list of rows, or a CSV file.',
    ),
  electrodeColumns: z
    .record(text, text)
    .default({})
    .describe('Descriptions of further columns of the electrodes table, by name of the column.'),
  acquisition: z.array(seriesSchema).default([]).describe('The recorded signals.'),
  specifications: filePath
    .optional()
    .describe(
      'Path of an NWB file, or of a folder of schema YAML, whose schemas are cached in the file.',
    ),
});

/** A description as a user writes it. */
export type Description = z.input<typeof descriptionSchema>;

/** A description after parsing: each field is checked by itself, and defaults are set. */
export type ParsedDescription = z.output<typeof descriptionSchema>;

/**
 * A description checked as a whole. Electrodes are rows, or a CSV file that is not loaded yet. It is
 * itself a valid {@link Description}.
 */
export type ResolvedDescription = Omit<ParsedDescription, 'electrodes'> & {
  electrodes?: readonly ElectrodeRow[] | ElectrodesCsv | undefined;
};
