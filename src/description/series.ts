import { z } from 'zod';
import { bulkSchema } from './bulk.js';
import { inlineSchema } from './inline.js';
import { expecting, objectName, text } from './text.js';

const resolution = z
  .number()
  .refine(
    (value) => value > 0 || value === -1,
    expecting('a number greater than 0 (or -1, unknown)'),
  );

const common = {
  name: objectName,
  description: text.optional(),
  comments: text.optional(),
  data: z.union([bulkSchema, inlineSchema]).describe('A bulk dataset, or values in place'),
  conversion: z
    .number()
    .refine((value) => value !== 0, expecting('a number other than 0'))
    .default(1)
    .describe('Factor from stored values to the unit'),
  offset: z.number().default(0).describe('Added after the conversion, in the unit'),
  resolution: resolution.default(-1).describe('Least meaningful difference, in the unit'),
  continuity: z.enum(['continuous', 'instantaneous', 'step']).optional(),
  rate: z.number().positive().optional().describe('Samples per second'),
  startingTime: z.number().optional().describe('Of the first sample, in seconds; default 0'),
  timestamps: z
    .union([bulkSchema, z.array(z.number())])
    .optional()
    .describe('Of each sample, in seconds, instead of a rate'),
};

const timeSeriesSchema = z.strictObject({
  type: z.literal('TimeSeries'),
  ...common,
  unit: text.describe("SI unit, e.g. 'volts'"),
});

const electricalSeriesSchema = z.strictObject({
  type: z.literal('ElectricalSeries'),
  ...common,
  unit: z.literal('volts').optional().describe('Fixed by the schema; may be left out'),
  electrodes: z
    .array(z.int().nonnegative())
    .min(1)
    .optional()
    .describe('Rows of the electrodes table, one for each channel; default all'),
  channelConversion: z.array(z.number()).min(1).optional().describe('Factor for each channel'),
  filtering: text.optional().describe("Filter of all channels, e.g. 'High-pass at 300 Hz'"),
});

/** A recorded signal. Names are PyNWB's, in camelCase. */
export const seriesSchema = z.discriminatedUnion('type', [
  timeSeriesSchema,
  electricalSeriesSchema,
]);

export type ResolvedSeries = z.output<typeof seriesSchema>;
