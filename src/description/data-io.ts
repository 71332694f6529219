import type { ChunkStrategy, Maxshape } from '../layout/index.js';
import type { SourceSpec } from '../sources/index.js';
import { toNdArray } from '../streams/index.js';
import type { BulkInput } from './bulk.js';
import { DescriptionError } from './errors.js';
import { isNumberArray, type NumberArray } from './inline.js';
import { knownKeys, problemsOf } from './issues.js';
import { isMemoryData, MEMORY_DATA, type MemoryData } from './memory-data.js';
import { resolveStorage, type Storage, type StorageInput, storageSchema } from './storage.js';
import { isPlain, problem } from './wording.js';

/** How a dataset is stored: H5DataIO's options in camelCase, and two of ours. */
export interface DataIOOptions {
  /**
   * Elements of a chunk along each axis, null to be filled; another writer's rule; or 'auto', also
   * written `true` (the default): a shape that suits the data.
   */
  readonly chunks?: true | 'auto' | ChunkStrategy | Maxshape | undefined;
  /** Bytes of a chunk before compression, where its shape is 'auto': a number or a text; default '4MiB'. */
  readonly chunkTarget?: number | string | undefined;
  /** Greatest length along each axis, null without bound. Default: the iterator's own, or the shape. */
  readonly maxshape?: Maxshape | undefined;
  /** 'gzip', also written `true` (the default, which every reader decodes); false or null for none. */
  readonly compression?: 'gzip' | boolean | null | undefined;
  /**
   * Level of gzip, 0 to 9, with zlib's meaning: 0 stores, and a higher one spends more time for less size.
   * Default 4, as h5py's. Each worker needs about 2.5 MiB to compress, at level 9 about 13 MiB.
   */
  readonly compressionOpts?: number | undefined;
  /** Puts bytes of equal significance together; default true where compressed, false elsewhere. */
  readonly shuffle?: boolean | undefined;
  /** HDF5's checksum of each chunk; default false. */
  readonly fletcher32?: boolean | undefined;
  /** Value of the elements never written; default 0. NaN for float types only. */
  readonly fillvalue?: number | undefined;
  /**
   * Chunks of nothing but the fill value are not stored. Default true for iterators of one's own,
   * which may be sparse; false for DataChunkIterator, arrays and sources.
   */
  readonly skipFill?: boolean | undefined;
}

/** What {@link dataIO} takes. */
export type DataIOData = MemoryData | NumberArray | SourceSpec;

/**
 * Data and how they are stored, for `data` or `timestamps` of a series: PyNWB's H5DataIO.
 *
 *     dataIO(new DataChunkIterator(samples()), { maxshape: [null, 384], compressionOpts: 9 })
 *
 * @param data an array (nested lists of numbers become float64), an iterator, or a source
 * @returns the plain object that a description holds: `{ data, ...options }` or `{ source, ...options }`
 * @throws {DescriptionError} for data of another kind, and for options that are unknown or wrong
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
 * Options of a dataset that is not part of a description, with their defaults.
 *
 * @throws {DescriptionError} for options that are unknown or wrong
 */
export function checkStorage(options: DataIOOptions): Storage {
  const storage = plainOptions(options);
  const checked = storageSchema.safeParse(storage, { error: knownKeys, reportInput: true });
  if (checked.success) return resolveStorage(checked.data, false);
  throw new DescriptionError({ problems: problemsOf(checked.error.issues, ['options']) });
}

/** As a manifest would write them: `true` is how HDMF asks for the default. */
function plainOptions(options: DataIOOptions): StorageInput {
  // What is no mapping is left for the check to refuse.
  if (typeof options !== 'object' || options === null) return options;
  const { chunks, compression } = options;
  return {
    ...options,
    ...(chunks === true && { chunks: 'auto' }),
    ...(compression === true && { compression: 'gzip' }),
  } as StorageInput;
}

/** What else is wrong with it is said when the description is checked. */
function isSource(data: unknown): data is SourceSpec {
  return typeof data === 'object' && data !== null && isPlain(data) && 'type' in data;
}
