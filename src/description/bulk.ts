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
  // An iterator of the user's may choose where it writes; ours goes from end to end.
  .transform((bulk) =>
    resolveStorage(
      bulk,
      isDataChunkIterator(bulk.data) && !(bulk.data instanceof DataChunkIterator),
    ),
  );

type MemoryBulkInput = z.input<typeof memoryBulk>;

/**
 * A dataset that workers fill: from a source, an array or an iterator, and how it is stored. An array
 * or an iterator alone is stored with the defaults.
 */
export const bulkSchema = z
  .union([
    // First, since others read fields that an iterator need not answer for before it is prepared.
    bareMemorySchema.transform((data): MemoryBulkInput => ({ data })).pipe(memoryBulk),
    sourceBulk,
    memoryBulk,
  ])
  .superRefine((bulk, context) => {
    const issue = 'data' in bulk ? misfitIssue(bulk.data) : undefined;
    if (issue) context.addIssue(issue);
  });

/** A bulk dataset as filled in: its options are all there, but those that depend on the shape. */
export type BulkData = z.output<typeof bulkSchema>;

/** A bulk dataset as a user gives it, with its options around it. */
export type BulkInput = z.input<typeof sourceBulk> | MemoryBulkInput;

/** Of the filled forms of data and timestamps: is it a bulk dataset, or values in place? */
export function isBulk<T extends object>(data: T): data is Extract<T, BulkData> {
  return 'source' in data || 'data' in data;
}
