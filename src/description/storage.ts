import { z } from 'zod';
import { CHUNK_STRATEGIES, parseBytes } from '../layout/index.js';
import { expecting } from './text.js';

/** NaN, too: it marks what was never recorded. */
const anyNumber = z.custom<number>((value) => typeof value === 'number', expecting('a number'));

const perAxis = z.array(z.union([z.int().positive(), z.null()])).min(1);

function isAmount(amount: number | string): boolean {
  try {
    return parseBytes(amount) > 0;
  } catch {
    return false;
  }
}

/** Accepted again by the check of a description that is filled already. */
const compression = z
  .union([z.literal('gzip'), z.literal(false), z.null()])
  .default('gzip')
  .transform((value) => value || null);

/** How a bulk dataset is stored. Names are H5DataIO's, where it has them. */
export const storageFields = {
  chunks: z
    .union([z.enum(['auto', ...CHUNK_STRATEGIES]), perAxis])
    .default('auto')
    .describe("'auto', another writer's rule, or elements per axis, null to be filled"),
  chunkTarget: z
    .union([z.int(), z.string()])
    .refine(isAmount, expecting("a number of bytes greater than 0, or a text such as '4MiB',"))
    .transform((amount) => parseBytes(amount))
    .optional()
    .describe("Bytes of a chunk before compression, or '4MiB' (default 4 MiB)"),
  compression: compression.describe("'gzip' (default), or null or false for none"),
  compressionOpts: z
    .int()
    .min(0)
    .max(9)
    .default(4)
    .describe('Level of gzip: 0 (stores) to 9 (smallest)'),
  shuffle: z
    .boolean()
    .optional()
    .describe('Bytes of equal significance together; default true where compressed'),
  fletcher32: z.boolean().default(false).describe("HDF5's checksum of each chunk"),
  fillvalue: anyNumber.optional().describe('Value of elements never written; default 0'),
  maxshape: z
    .array(z.union([z.int().nonnegative(), z.null()]))
    .min(1)
    .optional()
    .describe('Greatest length per axis, null without bound; default the shape itself'),
  skipFill: z
    .boolean()
    .optional()
    .describe(
      "Chunks of nothing but the fill value are not stored; default true for iterators of one's own",
    ),
};

/** The options alone. */
export const storageSchema = z.strictObject(storageFields);

export type StorageInput = z.input<typeof storageSchema>;
type ParsedStorage = z.output<typeof storageSchema>;

/** How a dataset is stored, with all options that have a default. */
export type Storage = ReturnType<typeof resolveStorage<ParsedStorage>>;

/** Fills in the options whose defaults depend on others, or on whether the data may be `sparse`. */
export function resolveStorage<T extends ParsedStorage>(bulk: T, sparse: boolean) {
  return {
    ...bulk,
    // Shuffling costs time, and without compression it gains nothing.
    shuffle: bulk.shuffle ?? bulk.compression !== null,
    skipFill: bulk.skipFill ?? sparse,
  };
}
