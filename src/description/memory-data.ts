import { z } from 'zod';
import {
  type AbstractDataChunkIterator,
  arrayMisfit,
  isDataChunkIterator,
  isItemArray,
  isNdArray,
  type NdArray,
} from '../streams/index.js';
import { storageFields } from './storage.js';
import { expecting } from './text.js';
import type { MemoryData } from './types.js';
import { isPlain } from './wording.js';

/** Describes {@link MemoryData} in messages. */
export const MEMORY_DATA =
  'an NdArray, a typed array, or an iterator with dtype and maxshape (wrap any other iterator in a DataChunkIterator)';

export function isMemoryData(value: unknown): value is MemoryData {
  return isDataChunkIterator(value) || isItemArray(value) || isNdArray(value);
}

/** Refuses `{ data, shape, chunks }`: storage options belong beside an NdArray, not into it. */
function isBare(value: unknown): value is MemoryData {
  // An iterator may have a maxshape, which is not a storage option.
  if (isDataChunkIterator(value)) return true;
  if (isItemArray(value)) return true;
  const isMixed = (array: NdArray) =>
    isPlain(array) && Object.keys(array).some((key) => Object.hasOwn(storageFields, key));
  return isNdArray(value) && !isMixed(value);
}

/** @param isOne recognises memory data; it need not check that an array fits its shape */
function memory(isOne: (value: unknown) => value is MemoryData) {
  return z
    .custom<MemoryData>(isOne, expecting(MEMORY_DATA, { codeOnly: true }))
    .transform((data) => (isItemArray(data) ? { data, shape: [data.length] } : data));
}

/**
 * Memory data, as an NdArray or an iterator. Neither is copied.
 *
 * @internal
 */
export const memorySchema = memory(isMemoryData);

/**
 * Memory data without storage options.
 *
 * @internal
 */
export const bareMemorySchema = memory(isBare);

/** An issue if the items of an array don't fit its shape; undefined if they do, and for iterators. */
export function misfitIssue(data: NdArray | AbstractDataChunkIterator) {
  const misfit = isDataChunkIterator(data) ? undefined : arrayMisfit(data);
  if (!misfit) return undefined;
  const { params } = expecting(misfit.expected, { received: misfit.received });
  return { code: 'custom', input: data, params } as const;
}
