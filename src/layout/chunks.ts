import { formatBytes } from './bytes.js';
import { LayoutError } from './errors.js';
import { product, shapeText } from './hyperslab.js';
import { type Maxshape, resolveMaxshape } from './maxshape.js';
import {
  atLeastOne,
  type DatasetKind,
  h5pyChunks,
  halveLongest,
  hdmf6Chunks,
  hdmfChunks,
  MAX_CHANNELS,
  neuroconvChunks,
} from './strategies.js';

/** Names of the rules of other writers; each gives exactly the chunk shapes that its writer would choose. */
export const CHUNK_STRATEGIES = ['hdmf', 'hdmf6', 'neuroconv', 'h5py'] as const;
export type ChunkStrategy = (typeof CHUNK_STRATEGIES)[number];

/**
 * How a user chooses chunks: `'auto'`, a named rule, or a number of elements for each axis, where null lets
 * the axis grow until the chunk reaches the target size (`[null, 64]`).
 */
export type ChunkRequest = 'auto' | ChunkStrategy | readonly (number | null)[];

/** 4 MiB: large enough for a single read over a network, small enough for random access. */
export const DEFAULT_CHUNK_TARGET = 4 * 1024 * 1024;

/** HDF5 stores the size of a chunk in 32 bits. */
const MAX_CHUNK_BYTES = 2 ** 32 - 1;

/** What the chunk shape of a dataset depends on. */
export interface ChunkContext {
  /** Extent, in elements. */
  readonly shape: readonly number[];
  /** Bytes of one element. */
  readonly itemSize: number;
  readonly kind: DatasetKind;
  /** Largest extent, null along unlimited axes. Default: the shape */
  readonly maxshape?: Maxshape;
  /** Wanted size of a chunk in bytes, before compression. Default: 4 MiB, or the target of the named rule */
  readonly target?: number;
  /** The dataset's name in messages. */
  readonly name?: string;
}

/**
 * The chunk shape for a dataset, in elements: one whole number of at least 1 for each axis.
 *
 * - `'auto'` keeps rows whole and takes as many rows as fit in the target. For electrical series a chunk has
 *   at most 64 channels, spread evenly (100 channels become 2 x 50). Rows larger than the target, such as
 *   large images, are halved along their longest axis until they fit.
 * - A partial shape follows the same rule: null axes after the first stay whole, or are halved while one
 *   row exceeds the target; a null first axis takes as many rows as still fit.
 * - Given numbers are reduced to the largest extent, because HDF5 refuses longer chunks, unless the axis is
 *   unlimited or has a largest extent of 0.
 *
 * @throws LayoutError if the request does not have the dataset's rank, holds anything but null and whole
 * numbers of at least 1, or gives chunks of 4 GiB or more
 */
export function resolveChunks(request: ChunkRequest, context: ChunkContext): number[] {
  const chunk = typeof request === 'string' ? byRule(request, context) : byShape(request, context);
  const bytes = product(chunk) * context.itemSize;
  if (bytes > MAX_CHUNK_BYTES) {
    throw new LayoutError({
      name: nameOf(context),
      expected: `chunks of at most ${MAX_CHUNK_BYTES} bytes`,
      received: `${shapeText(chunk)}, of ${bytes} bytes (${formatBytes(bytes)})`,
    });
  }
  return chunk;
}

function byRule(rule: 'auto' | ChunkStrategy, context: ChunkContext): number[] {
  const { shape, itemSize, kind, target } = context;
  switch (rule) {
    case 'auto':
      return automatic(context);
    case 'hdmf':
      return hdmfChunks(shape, itemSize, checkTarget(target, context));
    case 'hdmf6':
      return hdmf6Chunks(shape, itemSize, checkTarget(target, context));
    case 'neuroconv':
      return neuroconvChunks(shape, itemSize, kind, checkTarget(target, context));
    case 'h5py':
      return h5pyChunks(shape, itemSize);
    default:
      throw new LayoutError({
        name: nameOf(context),
        expected: `chunks 'auto', ${CHUNK_STRATEGIES.map((known) => `'${known}'`).join(', ')} or a shape`,
        received: `'${rule}'`,
      });
  }
}

function automatic(context: ChunkContext): number[] {
  const { shape, kind } = context;
  const whole = atLeastOne(shape);
  if (kind === 'electrical' && shape.length > 1) whole[1] = evenShare(whole[1], MAX_CHANNELS);
  return fill(
    shape.map(() => null),
    whole,
    context,
  );
}

/** Equal parts leave little padding in the last chunk: 65 channels become 33 + 32, not 64 + 1. */
function evenShare(length: number, max: number): number {
  return Math.ceil(length / Math.ceil(length / max));
}

function byShape(request: readonly (number | null)[], context: ChunkContext): number[] {
  const { shape } = context;
  const maxshape = resolveMaxshape(shape, context.maxshape, context.name);
  if (request.length !== shape.length) {
    throw new LayoutError({
      name: nameOf(context),
      expected: `chunks of rank ${shape.length}`,
      received: `${shapeText(request)}, of rank ${request.length}`,
    });
  }
  if (!request.every((length) => length === null || (Number.isInteger(length) && length >= 1))) {
    throw new LayoutError({
      name: nameOf(context),
      expected: 'chunks of null or whole numbers of at least 1',
      received: shapeText(request),
    });
  }
  const clipped = request.map((length, axis) => {
    const max = maxshape[axis];
    return length === null || max === null || max === 0 ? length : Math.min(length, max);
  });
  return fill(clipped, atLeastOne(shape), context);
}

/** Chooses lengths for the null axes of a partial shape; `whole` limits the length of each axis. */
function fill(
  partial: readonly (number | null)[],
  whole: readonly number[],
  context: ChunkContext,
): number[] {
  const { itemSize } = context;
  const target = checkTarget(context.target, context) ?? DEFAULT_CHUNK_TARGET;

  const given = product(partial.map((length) => length ?? 1));
  const open = partial.flatMap((length, axis) => (length === null && axis > 0 ? [axis] : []));
  const filled = halveLongest(
    open.map((axis) => whole[axis]),
    given * itemSize,
    target,
    (length) => Math.ceil(length / 2),
  );

  const chunk = partial.map((length) => length ?? 1);
  open.forEach((axis, index) => {
    chunk[axis] = filled[index];
  });
  if (partial[0] === null) {
    const rows = Math.floor(target / (product(chunk) * itemSize));
    chunk[0] = Math.max(1, Math.min(rows, whole[0]));
  }
  return chunk;
}

function checkTarget(target: number | undefined, context: ChunkContext): number | undefined {
  if (target !== undefined && !(Number.isFinite(target) && target >= 1)) {
    throw new LayoutError({
      name: nameOf(context),
      expected: 'a chunk target of at least 1 byte',
      received: String(target),
    });
  }
  return target;
}

function nameOf(context: ChunkContext): string {
  return context.name ?? 'the dataset';
}
