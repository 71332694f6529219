import { z } from 'zod';
import { deviceSchema, electrodeGroupSchema } from './devices.js';
import { electrodesSchema } from './electrodes.js';
import { nwbfileSchema } from './nwbfile.js';
import { seriesSchema } from './series.js';
import { filePath, outputPath, text } from './text.js';

/** @internal */
export const descriptionSchema = z
  .strictObject({
    path: outputPath.describe('Path of the NWB file to write.'),
    nwbfile: nwbfileSchema,
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
  })
  .describe('The description of a file: the content of a manifest, plus data in memory.');
