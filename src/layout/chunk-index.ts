import { LayoutError } from './errors.js';
import { product } from './hyperslab.js';
import { type Maxshape, resolveMaxshape } from './maxshape.js';

/** The structures in which HDF5 keeps the addresses of a dataset's chunks. */
export type ChunkIndex =
  | 'btree-v1'
  | 'single-chunk'
  | 'implicit'
  | 'fixed-array'
  | 'extensible-array'
  | 'btree-v2';

/** Oldest file format that a file keeps to: what every reader knows, or HDF5 1.10's. */
export type FormatBound = 'earliest' | 'v110';

/** The dataset whose chunks are to be found again. */
export interface ChunkIndexContext {
  readonly libver: FormatBound;
  /** Extent, in elements. */
  readonly shape: readonly number[];
  readonly chunk: readonly number[];
  /** Largest extent, null where unlimited; the shape when left out. */
  readonly maxshape?: Maxshape;
  /** Whether there are filters. */
  readonly filtered: boolean;
  /** Whether all chunks are allocated when the dataset is made. Default: false. */
  readonly allocateEarly?: boolean;
  /** The dataset's name in messages. */
  readonly name?: string;
}

/** Array indexes of HDF5 number chunks with 32 bits. */
const MAX_ARRAY_CHUNKS = 2 ** 32;

/**
 * Number of chunks that a dataset may come to have: by its largest extent, and by its present
 * extent along unlimited axes.
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
 * @throws LayoutError what `checkIndexLimits` throws: libhdf5 fails late, when it writes a chunk beyond, and crashes
 * on the way out.
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
 * Makes sure that an index can number the chunks of an extent.
 *
 * @throws LayoutError when an array index would have to number 2^32 chunks or more
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
    received: `${chunks} possible chunks of [${context.chunk.join(', ')}]`,
    hint: "take larger chunks, libver 'earliest', or a second unlimited axis in maxshape",
  });
}

function isArray(index: ChunkIndex): boolean {
  return index === 'fixed-array' || index === 'extensible-array';
}

/**
 * Bytes that an index of the array kinds takes at least for chunks that are possible, whether they are
 * stored or not: an address each, and with filters the stored size and the filter mask. Other indexes
 * hold stored chunks only. Seen in files of HDF5 1.10.8; an extensible array leaves out parts.
 */
export function tableBytes(index: ChunkIndex, chunks: number, filtered: boolean): number {
  return isArray(index) ? chunks * (filtered ? 16 : 8) : 0;
}
