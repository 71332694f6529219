import {
  type AbstractDataChunkIterator,
  DataChunk,
  type DType,
  type ItemArray,
  slice,
} from '../../src/index.js';
import { ITEM_ARRAYS } from '../../src/layout/dtype.js';
import type { Maxshape } from '../../src/layout/index.js';

type Declared = Pick<
  AbstractDataChunkIterator,
  'recommendedChunkShape' | 'recommendedDataShape' | 'prepare'
> & { readonly dtype?: DType };

/** An iterator of the user, which yields what a generator yields. Its dtype is int16 unless declared. */
export function iterator(
  maxshape: Maxshape,
  chunks: () => Iterator<DataChunk>,
  declared: Declared = {},
): AbstractDataChunkIterator {
  return { dtype: 'int16', maxshape, ...declared, [Symbol.iterator]: chunks };
}

/** The same for an async generator. */
export function asyncIterator(
  maxshape: Maxshape,
  chunks: () => AsyncIterator<DataChunk>,
  declared: Declared = {},
): AbstractDataChunkIterator {
  return { dtype: 'int16', maxshape, ...declared, [Symbol.asyncIterator]: chunks };
}

/** A DataChunk of rows from `first` on, each of `length` items. The items are numbered in C order, modulo 30000. */
export function rows(first: number, count: number, length: number, dtype: DType = 'int16') {
  const data = new ITEM_ARRAYS[dtype](count * length) as ItemArray;
  for (let at = 0; at < data.length; at++) {
    const value = (first * length + at) % 30_000;
    data[at] =
      data instanceof BigInt64Array || data instanceof BigUint64Array ? BigInt(value) : value;
  }
  return new DataChunk({ data, shape: [count, length] }, slice(first, first + count));
}
