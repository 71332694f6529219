import { z } from 'zod';
import { CHUNK_STRATEGIES, parseBytes } from '../layout/index.js';
import type { Storage } from './resolved.js';
import { expecting } from './text.js';
import type { StorageInput } from './types.js';

/** Any number. NaN is allowed, because it often marks values that were never recorded. */
const anyNumber = z
  .custom<number>((value) => typeof value === 'number', expecting('a number'))
  .meta({ type: 'number' });

const perAxis = z.array(z.union([z.int().positive(), z.null()])).min(1);

function isAmount(amount: number | string): boolean {
  try {
    return parseBytes(amount) > 0;
  } catch {
    return false;
  }
}

/** Also accepts its own output, because a checked description may be checked again. */
const compression = z
  .union([z.literal('gzip'), z.literal(false), z.null()])
  .default('gzip')
  .transform((value) => value || null);

/**
 * Storage options of a bulk dataset, with the names of HDMF's H5DataIO where it has them.
 *
 * @internal
 */
export const storageFields = {
  chunks: z
    .union([z.enum(['auto', ...CHUNK_STRATEGIES]), perAxis])
    .default('auto')
    .describe(
      'Chunk shape: `auto`, the rule of another writer, or a number of elements per axis, where null is extended up to `chunkTarget`.',
    ),
  chunkTarget: z
    .union([z.int(), z.string()])
    .refine(isAmount, expecting("a number of bytes greater than 0, or a text such as '4MiB',"))
    .transform((amount) => parseBytes(amount))
    .optional()
    .describe(
      "Size of a chunk before compression, in bytes or with a unit such as '4MiB'. Default: 4MiB.",
    ),
  compression: compression.describe('Compression; null or false for none.'),
  compressionOpts: z
    .int()
    .min(0)
    .max(9)
    .default(4)
    .describe('Level of gzip, from 0 (stored) to 9 (smallest).'),
  shuffle: z
    .boolean()
    .optional()
    .describe('Group bytes of equal significance before compression. Default: true if compressed.'),
  fletcher32: z.boolean().default(false).describe("Store HDF5's own checksum with each chunk."),
  fillvalue: anyNumber
    .optional()
    .describe('Value of elements that were never written. Default: 0.'),
  maxshape: z
    .array(z.union([z.int().nonnegative(), z.null()]))
    .min(1)
    .optional()
    .describe(
      'Largest length of each axis, in elements; null for no limit, so that the dataset can grow later. Default: the shape.',
    ),
  skipFill: z
    .boolean()
    .optional()
    .describe(
      'Do not store chunks that hold the fill value only. Default: true for iterators of your own, else false.',
    ),
};

/**
 * The storage options without data.
 *
 * @internal
 */
export const storageSchema = z
  .strictObject(storageFields)
  .describe(
    "How a dataset is stored. Names are those of HDMF's H5DataIO, where it has the option.",
  );

type ParsedStorage = Omit<Storage, 'shuffle' | 'skipFill'> &
  Pick<StorageInput, 'shuffle' | 'skipFill'>;

/** Sets the defaults that depend on other options, or on whether the data may be `sparse`. */
export function resolveStorage<T extends ParsedStorage>(bulk: T, sparse: boolean) {
  return {
    ...bulk,
    // Shuffling costs time, and without compression it gains nothing.
    shuffle: bulk.shuffle ?? bulk.compression !== null,
    skipFill: bulk.skipFill ?? sparse,
  };
}
