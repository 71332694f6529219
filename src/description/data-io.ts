import type { ChunkStrategy, Maxshape } from '../layout/index.js';
import type { SourceSpec } from '../sources/index.js';
import { toNdArray } from '../streams/index.js';
import { DescriptionError } from './errors.js';
import { isNumberArray, type NumberArray } from './inline.js';
import { knownKeys, problemsOf } from './issues.js';
import { isMemoryData, MEMORY_DATA } from './memory-data.js';
import type { Storage } from './resolved.js';
import { resolveStorage, storageSchema } from './storage.js';
import type { BulkInput, MemoryData, StorageInput } from './types.js';
import { isPlain, problem } from './wording.js';

/** How a dataset is stored: H5DataIO's options in camelCase, plus `chunkTarget` and `skipFill`. */
export interface DataIOOptions {
  /**
   * Chunk shape: elements along each axis, where null is extended up to `chunkTarget`; the rule of another
   * writer; or 'auto', also written `true` (the default), for a shape that suits the data.
   */
  readonly chunks?: true | 'auto' | ChunkStrategy | Maxshape | undefined;
  /** Size of a chunk before compression, in bytes or with a unit such as '4MiB' (the default). */
  readonly chunkTarget?: number | string | undefined;
  /** Largest length of each axis, null for no limit. Default: the iterator's own maxshape, else the shape. */
  readonly maxshape?: Maxshape | undefined;
  /** 'gzip', also written `true` (the default, because every reader decodes it); false or null for none. */
  readonly compression?: 'gzip' | boolean | null | undefined;
  /**
   * Level of gzip from 0 to 9, as in zlib: 0 does not compress, and higher levels take longer for a smaller
   * size. Default: 4, as in h5py. A worker needs about 2.5 MiB to compress, about 13 MiB at level 9.
   */
  readonly compressionOpts?: number | undefined;
  /** Group bytes of equal significance before compression. Default: true if compressed. */
  readonly shuffle?: boolean | undefined;
  /** Store HDF5's own checksum with each chunk. Default: false. */
  readonly fletcher32?: boolean | undefined;
  /** Value of elements that were never written. Default: 0. NaN is allowed for float types only. */
  readonly fillvalue?: number | undefined;
  /**
   * Do not store chunks that hold the fill value only. Default: true for iterators of your own, which may
   * be sparse; false for DataChunkIterator, arrays and sources.
   */
  readonly skipFill?: boolean | undefined;
}

/** Data that {@link dataIO} accepts. */
export type DataIOData = MemoryData | NumberArray | SourceSpec;

/**
 * Combines data with their storage options, for `data` or `timestamps` of a series, as PyNWB's H5DataIO.
 *
 *     dataIO(new DataChunkIterator(samples()), { maxshape: [null, 384], compressionOpts: 9 })
 *
 * @param data an array (nested lists of numbers become float64), an iterator or a source
 * @returns a plain object for a description: `{ data, ...options }` or `{ source, ...options }`
 * @throws {DescriptionError} if the data are of another kind, or an option is unknown or invalid
 */
export function dataIO(data: DataIOData, options: DataIOOptions = {}): BulkInput {
  const storage = plainOptions(options);
  checkStorage(storage);
  if (isMemoryData(data)) return { data, ...storage };
  if (isNumberArray(data)) return { data: toNdArray(data), ...storage };
  if (isSource(data)) return { source: data, ...storage };
  const expected = `a source, a list of numbers (or of lists of equal length), ${MEMORY_DATA}`;
  throw new DescriptionError({ problems: [problem('data', expected, data)] });
}

/**
 * Checks the storage options of a dataset that is not part of a description, and sets their defaults.
 *
 * @throws {DescriptionError} if an option is unknown or invalid
 */
export function checkStorage(options: DataIOOptions): Storage {
  const storage = plainOptions(options);
  const checked = storageSchema.safeParse(storage, { error: knownKeys, reportInput: true });
  if (checked.success) return resolveStorage(checked.data, false);
  throw new DescriptionError({ problems: problemsOf(checked.error.issues, ['options']) });
}

/** The options as a manifest would write them. HDMF's `true` asks for the default. */
function plainOptions(options: DataIOOptions): StorageInput {
  // The check that follows refuses anything but a mapping.
  if (typeof options !== 'object' || options === null) return options;
  const { chunks, compression } = options;
  return {
    ...options,
    ...(chunks === true && { chunks: 'auto' }),
    ...(compression === true && { compression: 'gzip' }),
  } as StorageInput;
}

/** Only tells a source from other data; the source itself is checked with the description. */
function isSource(data: unknown): data is SourceSpec {
  return typeof data === 'object' && data !== null && isPlain(data) && 'type' in data;
}
