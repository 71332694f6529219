import type { DType, Maxshape } from '../layout/index.js';
import type { DataChunk } from './data-chunk.js';
import type { FlushRequest } from './flush-request.js';

/**
 * Yields the data of a dataset as {@link DataChunk}s, in any order. An iterator of one's own has
 * these members, and one of the two iterator methods; where it has both, the synchronous one is
 * called, which costs no promise per chunk. `return` is called where not all is taken, with the error
 * as its value where that is known.
 */
export interface AbstractDataChunkIterator {
  readonly dtype: DType;
  /** Largest extent, null along axes that grow without end. */
  readonly maxshape: Maxshape;
  readonly recommendedChunkShape?: readonly number[] | null;
  /** The extent to begin with. */
  readonly recommendedDataShape?: readonly number[] | null;
  /** Awaited once, before anything else is asked for. */
  prepare?(): Promise<void>;
  [Symbol.iterator]?(): Iterator<DataChunk | FlushRequest>;
  [Symbol.asyncIterator]?(): AsyncIterator<DataChunk | FlushRequest>;
}

/** Whether a value has what an {@link AbstractDataChunkIterator} needs; nothing is asked of it. */
export function isDataChunkIterator(value: unknown): value is AbstractDataChunkIterator {
  if (typeof value !== 'object' || value === null) return false;
  if (!('dtype' in value && 'maxshape' in value)) return false;
  const methods = value as Partial<Record<symbol, unknown>>;
  return [Symbol.iterator, Symbol.asyncIterator].some(
    (name) => typeof methods[name] === 'function',
  );
}
