import { z } from 'zod';
import type { ItemArray } from '../layout/index.js';
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
import { isPlain } from './wording.js';

/** Bulk data that a program hands over; a manifest can't hold them. */
export type MemoryData = NdArray | ItemArray | AbstractDataChunkIterator;

/** What {@link MemoryData} are, in the words of the messages. */
export const MEMORY_DATA =
  'an NdArray, a typed array, or an iterator with dtype and maxshape (DataChunkIterator wraps others)';

export function isMemoryData(value: unknown): value is MemoryData {
  return isDataChunkIterator(value) || isItemArray(value) || isNdArray(value);
}

/** Not `{ data, shape, chunks }`: options have their place around an NdArray, not in it. */
function isBare(value: unknown): value is MemoryData {
  // An iterator's maxshape is its own, not an option.
  if (isDataChunkIterator(value)) return true;
  if (isItemArray(value)) return true;
  const isMixed = (array: NdArray) =>
    isPlain(array) && Object.keys(array).some((key) => Object.hasOwn(storageFields, key));
  return isNdArray(value) && !isMixed(value);
}

/** @param isOne tells what is meant as memory data; whether a shape fits is another question */
function memory(isOne: (value: unknown) => value is MemoryData) {
  return z
    .custom<MemoryData>(isOne, expecting(MEMORY_DATA, { codeOnly: true }))
    .transform((data) => (isItemArray(data) ? { data, shape: [data.length] } : data));
}

/** Memory data, as an NdArray or an iterator. Neither is copied. */
export const memorySchema = memory(isMemoryData);

/** The same where it stands for itself, without options around it. */
export const bareMemorySchema = memory(isBare);

/** Why the items of an array can't be used under its shape, as an issue; none for an iterator. */
export function misfitIssue(data: NdArray | AbstractDataChunkIterator) {
  const misfit = isDataChunkIterator(data) ? undefined : arrayMisfit(data);
  if (!misfit) return undefined;
  const { params } = expecting(misfit.expected, { received: misfit.received });
  return { code: 'custom', input: data, params } as const;
}
