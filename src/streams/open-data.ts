import type { DType, Maxshape } from '../layout/index.js';
import { DataError, showValue } from './arrays/data-error.js';
import {
  type AnyItemArray,
  dtypeOf,
  isItemArray,
  isNdArray,
  type NdArray,
} from './arrays/nd-array.js';
import type { NdArrayLike } from './arrays/nested.js';
import { toNdArray } from './arrays/to-nd-array.js';
import { BlockAssembler } from './assemble-blocks.js';
import { ByteAssembler } from './assemble-bytes.js';
import { ElementAssembler } from './assemble-elements.js';
import { type Assembler, checkRowShape } from './assembler.js';
import {
  ArrayPull,
  type AsyncChunkPull,
  AsyncIterablePull,
  type ChunkPull,
  IterablePull,
} from './chunk-pull.js';
import type { ResolvedIteratorOptions } from './iterator-options.js';

/** Data that a `DataChunkIterator` can iterate: an array, a generator or a stream. */
export type IterableData =
  | AnyItemArray
  | NdArray
  | Iterable<NdArrayLike | null>
  | AsyncIterable<NdArrayLike | null>;

/** Dtype and shape of a chunk. */
export interface ChunkForm {
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/** How to pull chunks out of data, and what is known before the first chunk is read. */
export interface OpenedData {
  readonly pull: ChunkPull | AsyncChunkPull;
  /** The same pull, if the data are synchronous. */
  readonly syncPull?: ChunkPull;
  /** Length along axis 0, if the data are an array. */
  readonly length?: number | undefined;
  /** The form of the first chunk, if the data are a typed or n-d array. */
  readonly form?: ChunkForm;
}

/**
 * Chooses how to pull chunks out of data: as views of an array, or assembled from the items of an iterable.
 *
 * @throws DataError for data that can't be iterated or do not fit the declared dtype and maxshape
 */
export function openData(data: IterableData, options: ResolvedIteratorOptions): OpenedData {
  const { bufferSize, dtype, maxshape, yields } = options;
  refuseEnded(data);
  if (yields === 'elements' && (isItemArray(data) || isNdArray(data))) {
    const array = atLeast1d(toNdArray(data, dtype, NAME));
    checkShape(array.shape, maxshape);
    const [length, ...row] = array.shape;
    const pull = new ArrayPull(array, bufferSize);
    const form = { dtype: dtypeOf(array.data), shape: [Math.min(bufferSize, length), ...row] };
    return { pull, syncPull: pull, length, form };
  }
  if (hasMethod<AsyncIterable<unknown>>(data, Symbol.asyncIterator))
    return { pull: new AsyncIterablePull(data, assemblerFor(options, bufferSize)) };
  if (hasMethod<Iterable<unknown>>(data, Symbol.iterator)) {
    const length = Array.isArray(data) && yields === 'elements' ? data.length : undefined;
    const rows = Math.max(1, Math.min(bufferSize, length ?? bufferSize));
    const pull = new IterablePull(data, assemblerFor(options, rows));
    return { pull, syncPull: pull, length };
  }
  const expected = 'an array, a generator or a stream';
  throw new DataError({ name: NAME, expected, received: showValue(data) });
}

const NAME = 'the data of a DataChunkIterator';

function assemblerFor(options: ResolvedIteratorOptions, rows: number): Assembler {
  const { dtype, maxshape, yields } = options;
  if (yields === 'blocks') return new BlockAssembler({ dtype, maxshape });
  // Bytes need both; resolveIteratorOptions has checked them.
  if (yields === 'bytes') return new ByteAssembler(dtype as DType, maxshape?.slice(1) as number[]);
  return new ElementAssembler(rows, { dtype, maxshape });
}

function checkShape(shape: readonly number[], maxshape: Maxshape | undefined): void {
  checkRowShape(shape.slice(1), maxshape, NAME);
  const max = maxshape?.[0] ?? Number.POSITIVE_INFINITY;
  if (shape[0] <= max) return;
  const expected = `at most ${max} elements along axis 0`;
  throw new DataError({ name: NAME, expected, received: String(shape[0]) });
}

/** Gives a single item an axis of length 1. */
function atLeast1d(array: NdArray): NdArray {
  return array.shape.length > 0 ? array : { data: array.data, shape: [1] };
}

function hasMethod<T>(data: unknown, name: symbol): data is T {
  if (typeof data !== 'object' || data === null) return false;
  return typeof (data as Record<symbol, unknown>)[name] === 'function';
}

/** Refuses a Node stream that has ended or was destroyed: it would yield nothing, as if it had no data. */
function refuseEnded(data: unknown): void {
  const { readableEnded, destroyed } = data as { readableEnded?: unknown; destroyed?: unknown };
  if (readableEnded !== true && !(destroyed === true && readableEnded !== undefined)) return;
  const received = 'one that was read to its end or destroyed';
  throw new DataError({ name: NAME, expected: 'a stream that has not ended', received });
}
