import { z } from 'zod';
import { scaleSchema, sourceSchema } from '../sources/index.js';
import { DataChunkIterator, isDataChunkIterator } from '../streams/index.js';
import { bareMemorySchema, memorySchema, misfitIssue } from './memory-data.js';
import type { BulkData } from './resolved.js';
import { resolveStorage, storageFields } from './storage.js';
import type { MemoryBulkInput } from './types.js';

const source = sourceSchema.describe('Where the values come from.');

const sourceBulk = z
  .strictObject({ source, ...storageFields })
  .describe('A dataset too large for the description: its source and its storage options.')
  .transform((bulk) => resolveStorage(bulk, false));

const sourceTimestamps = z
  .strictObject({
    source,
    scale: scaleSchema
      .optional()
      .describe(
        "Seconds per unit of the source, if its values are not seconds: a number such as 1e-6, or a fraction such as '1/30000', which gives the float64 nearest to each quotient. Default: 1.",
      ),
    offset: z.number().optional().describe('Seconds added after the scaling. Default: 0.'),
    ...storageFields,
  })
  .describe('Timestamps too many for the description: their source, unit and storage options.')
  .transform((bulk) => resolveStorage(bulk, false));

const memoryBulk = z
  .strictObject({
    data: memorySchema.describe('The values, or an iterator over chunks of them.'),
    ...storageFields,
  })
  .describe('A dataset from memory: an array or an iterator, and its storage options.')
  // A user's own iterator may leave gaps; DataChunkIterator never does.
  .transform((bulk) =>
    resolveStorage(
      bulk,
      isDataChunkIterator(bulk.data) && !(bulk.data instanceof DataChunkIterator),
    ),
  );

const bareMemory = bareMemorySchema
  .transform((data): MemoryBulkInput => ({ data }))
  .pipe(memoryBulk);

function checkFit(bulk: BulkData, context: z.RefinementCtx): void {
  const issue = 'data' in bulk ? misfitIssue(bulk.data) : undefined;
  if (issue) context.addIssue(issue);
}

/**
 * A dataset too large for the description: its data (a source, an array or an iterator) and its storage
 * options. An array or an iterator without options is stored with the defaults.
 *
 * @internal
 */
export const bulkSchema = z
  // The bare data first, because the other schemas read fields that an iterator may lack until it is prepared.
  .union([bareMemory, sourceBulk, memoryBulk])
  .superRefine(checkFit);

/**
 * Like {@link bulkSchema}, for timestamps: the values of a source may be converted to seconds.
 *
 * @internal
 */
export const bulkTimestampsSchema = z
  .union([bareMemory, sourceTimestamps, memoryBulk])
  .superRefine(checkFit);

/** Whether checked data or timestamps are a bulk dataset rather than values in place. */
export function isBulk<T extends object>(data: T): data is Extract<T, BulkData> {
  return 'source' in data || 'data' in data;
}
