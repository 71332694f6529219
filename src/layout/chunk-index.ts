import { surface } from '../surface.js';
import { LayoutError } from './errors.js';
import { product, shapeText } from './hyperslab.js';
import { type Maxshape, resolveMaxshape } from './maxshape.js';

/** The structures in which HDF5 keeps the addresses of a dataset's chunks. */
export type ChunkIndex =
  | 'btree-v1'
  | 'single-chunk'
  | 'implicit'
  | 'fixed-array'
  | 'extensible-array'
  | 'btree-v2';

/** Oldest version of the file format that a file may use: `earliest` for every reader, or that of HDF5 1.10. */
export type FormatBound = 'earliest' | 'v110';

/** What the chunk index of a dataset depends on. */
export interface ChunkIndexContext {
  readonly libver: FormatBound;
  /** Extent, in elements. */
  readonly shape: readonly number[];
  /** Shape of a chunk, in elements. */
  readonly chunk: readonly number[];
  /** Largest extent, null along unlimited axes. Default: the shape */
  readonly maxshape?: Maxshape;
  /** Whether the dataset has filters. */
  readonly filtered: boolean;
  /** Whether all chunks are allocated when the dataset is created. Default: false */
  readonly allocateEarly?: boolean;
  /** The dataset's name in messages. */
  readonly name?: string;
}

/** HDF5's array indexes number chunks with 32 bits. */
const MAX_ARRAY_CHUNKS = 2 ** 32;

/**
 * The number of chunks that a dataset can grow to. Unlimited axes count with their present length.
 */
export function possibleChunks(context: Omit<ChunkIndexContext, 'libver' | 'filtered'>): number {
  const { shape, chunk } = context;
  const maxshape = resolveMaxshape(shape, context.maxshape, context.name);
  return product(shape.map((length, axis) => Math.ceil((maxshape[axis] ?? length) / chunk[axis])));
}

/**
 * The chunk index that HDF5 will use. Format `earliest` knows the version 1 B-tree alone; with
 * `v110` two or more unlimited axes take a version 2 B-tree, one takes an extensible array, none a
 * fixed array, unless one chunk covers the dataset or all are allocated early without filters.
 * Source: `H5D__layout_set_latest_indexing` in HDF5's `H5Dlayout.c`.
 *
 * @throws LayoutError as `checkIndexLimits` does: libhdf5 would fail only when it writes a chunk beyond the limit,
 * and then crash
 */
export function chooseChunkIndex(context: ChunkIndexContext): ChunkIndex {
  const { libver, shape, chunk } = context;
  const maxshape = resolveMaxshape(shape, context.maxshape, context.name);
  if (libver === 'earliest') return 'btree-v1';

  const unlimited = maxshape.filter((length) => length === null).length;
  if (unlimited >= 2) return 'btree-v2';
  if (unlimited === 0) {
    const single = shape.every(
      (length, axis) => length === maxshape[axis] && length === chunk[axis],
    );
    if (single) return 'single-chunk';
    if (context.allocateEarly && !context.filtered) return 'implicit';
  }

  const index = unlimited === 1 ? 'extensible-array' : 'fixed-array';
  checkIndexLimits(index, context);
  return index;
}

/**
 * Checks that an index can number all chunks that a dataset can grow to.
 *
 * @throws LayoutError if an array index would have to number 2^32 chunks or more
 */
export function checkIndexLimits(
  index: ChunkIndex,
  context: Omit<ChunkIndexContext, 'libver' | 'filtered'>,
): void {
  if (!isArray(index)) return;
  const chunks = possibleChunks(context);
  if (chunks < MAX_ARRAY_CHUNKS) return;
  throw new LayoutError({
    name: context.name ?? 'the dataset',
    expected: `fewer than ${MAX_ARRAY_CHUNKS} chunks with libver 'v110'`,
    received: `${chunks} possible chunks of ${shapeText(context.chunk)}`,
    hint: `take larger chunks, ${surface().setting('libver', 'earliest')}, or a second unlimited axis in maxshape`,
  });
}

function isArray(index: ChunkIndex): boolean {
  return index === 'fixed-array' || index === 'extensible-array';
}

/**
 * Lower bound for the bytes that an index takes in the file. Array indexes have an entry for each of the `chunks`
 * possible chunks, stored or not: an address, and with filters also the stored size and the filter mask. Other
 * indexes have entries for stored chunks only and count as 0. Measured in files of HDF5 1.10.8; extensible arrays
 * leave out empty parts.
 */
export function tableBytes(index: ChunkIndex, chunks: number, filtered: boolean): number {
  return isArray(index) ? chunks * (filtered ? 16 : 8) : 0;
}
