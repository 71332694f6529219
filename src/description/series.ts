import { z } from 'zod';
import { bulkSchema, bulkTimestampsSchema } from './bulk.js';
import { inlineSchema } from './inline.js';
import { expecting, objectName, text } from './text.js';

const resolution = z
  .number()
  .refine(
    (value) => value > 0 || value === -1,
    expecting('a number greater than 0 (or -1, unknown)'),
  )
  .meta({ anyOf: [{ exclusiveMinimum: 0 }, { const: -1 }] });

const common = {
  name: objectName.describe('Name of the series in the file.'),
  description: text.optional().describe('Description of the series.'),
  comments: text.optional().describe('Comments about the series.'),
  data: z
    .union([bulkSchema, inlineSchema])
    .describe('The samples: a bulk dataset, or numbers in place. The first axis is time.'),
  conversion: z
    .number()
    .refine((value) => value !== 0, expecting('a number other than 0'))
    .meta({ not: { const: 0 } })
    .default(1)
    .describe('Factor from stored values to the unit of the series.'),
  offset: z
    .number()
    .default(0)
    .describe('Amount added after the conversion, in the unit of the series.'),
  resolution: resolution
    .default(-1)
    .describe('Smallest meaningful difference, in the unit of the series; -1 means unknown.'),
  continuity: z
    .enum(['continuous', 'instantaneous', 'step'])
    .optional()
    .describe('How values relate to the time between samples.'),
  rate: z
    .number()
    .positive()
    .optional()
    .describe('Sampling rate, in samples per second (Hz). Give either `rate` or `timestamps`.'),
  startingTime: z
    .number()
    .optional()
    .describe('Time of the first sample, in seconds; allowed only with `rate`. Default: 0.'),
  timestamps: z
    .union([bulkTimestampsSchema, z.array(z.number())])
    .optional()
    .describe(
      'Time of each sample, in seconds, as float64; other units and types need a `scale`. Give either `rate` or `timestamps`.',
    ),
};

/** The rule that `series-checks.ts` checks, in the terms of JSON Schema. */
const TIMED = {
  oneOf: [{ required: ['rate'] }, { required: ['timestamps'] }],
  dependencies: { startingTime: ['rate'] },
};

const timeSeriesSchema = z
  .strictObject({
    type: z.literal('TimeSeries').describe('Type of the series.'),
    ...common,
    unit: text.describe("Unit of the data after the conversion, an SI unit such as 'volts'."),
  })
  .meta({ description: 'A signal of any kind.', ...TIMED });

const electricalSeriesSchema = z
  .strictObject({
    type: z.literal('ElectricalSeries').describe('Type of the series.'),
    ...common,
    unit: z
      .literal('volts')
      .optional()
      .describe('Unit of the data after the conversion; fixed by the NWB schema. Default: volts.'),
    electrodes: z
      .array(z.int().nonnegative())
      .min(1)
      .optional()
      .describe(
        'Rows of the electrodes table, one per channel, counted from 0. Default: all rows.',
      ),
    channelConversion: z
      .array(z.number())
      .min(1)
      .optional()
      .describe('Factor for each channel, applied in addition to `conversion`.'),
    filtering: text
      .optional()
      .describe("Filter applied to all channels, such as 'High-pass at 300 Hz'."),
  })
  .meta({ description: 'Voltages, one channel for each of the electrodes.', ...TIMED });

/**
 * A recorded signal. Names are PyNWB's, in camelCase.
 *
 * @internal
 */
export const seriesSchema = z.discriminatedUnion('type', [
  timeSeriesSchema,
  electricalSeriesSchema,
]);
