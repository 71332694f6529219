import { z } from 'zod';
import { sourceSchema } from '../sources/index.js';
import { DataChunkIterator, isDataChunkIterator } from '../streams/index.js';
import { bareMemorySchema, memorySchema, misfitIssue } from './memory-data.js';
import type { BulkData } from './resolved.js';
import { resolveStorage, storageFields } from './storage.js';
import type { MemoryBulkInput } from './types.js';

const sourceBulk = z
  .strictObject({
    source: sourceSchema.describe('Where the values come from.'),
    ...storageFields,
  })
  .describe('A dataset too large for the description: its source and its storage options.')
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

/**
 * A dataset too large for the description: its data (a source, an array or an iterator) and its storage
 * options. An array or an iterator without options is stored with the defaults.
 *
 * @internal
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

/** Whether checked data or timestamps are a bulk dataset rather than values in place. */
export function isBulk<T extends object>(data: T): data is Extract<T, BulkData> {
  return 'source' in data || 'data' in data;
}
