import { z } from 'zod';
import { sourceSchema } from '../sources/index.js';
import { DataChunkIterator, isDataChunkIterator } from '../streams/index.js';
import { bareMemorySchema, memorySchema, misfitIssue } from './memory-data.js';
import { resolveStorage, storageFields } from './storage.js';

const sourceBulk = z
  .strictObject({
    source: sourceSchema.describe('Where the values come from.'),
    ...storageFields,
  })
  .transform((bulk) => resolveStorage(bulk, false));

const memoryBulk = z
  .strictObject({
    data: memorySchema.describe('The values, or an iterator over chunks of them.'),
    ...storageFields,
  })
  // A user's own iterator may leave gaps; DataChunkIterator never does.
  .transform((bulk) =>
    resolveStorage(
      bulk,
      isDataChunkIterator(bulk.data) && !(bulk.data instanceof DataChunkIterator),
    ),
  );

type MemoryBulkInput = z.input<typeof memoryBulk>;

/**
 * A dataset too large for the description: its data (a source, an array or an iterator) and its storage
 * options. An array or an iterator without options is stored with the defaults.
 */
export const bulkSchema = z
  .union([
    // First, because the other schemas read fields that an iterator may lack until it is prepared.
    bareMemorySchema.transform((data): MemoryBulkInput => ({ data })).pipe(memoryBulk),
    sourceBulk,
    memoryBulk,
  ])
  .superRefine((bulk, context) => {
    const issue = 'data' in bulk ? misfitIssue(bulk.data) : undefined;
    if (issue) context.addIssue(issue);
  });

/** A checked bulk dataset. Defaults are set, except for options that depend on the shape. */
export type BulkData = z.output<typeof bulkSchema>;

/** A bulk dataset as a user writes it: the data with their storage options beside them. */
export type BulkInput = z.input<typeof sourceBulk> | MemoryBulkInput;

/** Whether checked data or timestamps are a bulk dataset rather than values in place. */
export function isBulk<T extends object>(data: T): data is Extract<T, BulkData> {
  return 'source' in data || 'data' in data;
}
