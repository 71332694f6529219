import type { DType, Maxshape } from '../layout/index.js';
import type { DataChunk } from './data-chunk.js';
import type { FlushRequest } from './flush-request.js';

/**
 * Yields the data of a dataset as {@link DataChunk}s, in any order. An iterator that you write yourself needs
 * `dtype`, `maxshape` and one of the two iterator methods. If it has both, the synchronous one is used, which
 * needs no promise per chunk. If not all chunks are taken, `return` is called, with the error as its argument
 * if the error is known.
 */
export interface AbstractDataChunkIterator {
  readonly dtype: DType;
  /** Largest extent in elements, null along unlimited axes. */
  readonly maxshape: Maxshape;
  /** Shape of a chunk in elements. Default: chosen for the dataset */
  readonly recommendedChunkShape?: readonly number[] | null;
  /** Initial extent in elements. Default: the maxshape, with 0 along unlimited axes */
  readonly recommendedDataShape?: readonly number[] | null;
  /** Called and awaited once, before any other member is used. */
  prepare?(): Promise<void>;
  [Symbol.iterator]?(): Iterator<DataChunk | FlushRequest>;
  [Symbol.asyncIterator]?(): AsyncIterator<DataChunk | FlushRequest>;
}

/** Whether a value has the members of an {@link AbstractDataChunkIterator}; calls none of them. */
export function isDataChunkIterator(value: unknown): value is AbstractDataChunkIterator {
  if (typeof value !== 'object' || value === null) return false;
  if (!('dtype' in value && 'maxshape' in value)) return false;
  const methods = value as Partial<Record<symbol, unknown>>;
  return [Symbol.iterator, Symbol.asyncIterator].some(
    (name) => typeof methods[name] === 'function',
  );
}
