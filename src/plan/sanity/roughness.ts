import { type DType, ITEM_ARRAYS } from '../../layout/index.js';
import { numbersOf } from './statistics.js';

/** The most pairs that are compared per block: enough for a mean within 1 %, and a median within a few percent. */
const PAIRS = 1024;
const MEDIAN_PAIRS = 256;

/**
 * Mean absolute difference of items that are `lag` items apart. With the right type and the right number of channels
 * as the lag, it is small for anything sampled fast enough.
 */
export function roughness(
  blocks: readonly ArrayLike<number>[],
  lag: number,
  { row = 1, most = Number.POSITIVE_INFINITY }: RoughnessOptions = {},
): number {
  let sum = 0;
  let count = 0;
  for (const items of blocks) {
    // An odd step, so that the pairs fall on all channels.
    const step = Math.max(1, Math.floor((items.length - lag) / PAIRS)) | 1;
    for (let at = 0; at + lag < items.length; at += step) {
      if (row > lag && (at % row) + lag < row) continue;
      sum += Math.min(most, Math.abs(items[at + lag] - items[at]));
      count++;
    }
  }
  return count === 0 ? Number.NaN : sum / count;
}

export interface RoughnessOptions {
  /** Compare only pairs that lie in different rows, each of this many items. Default: all pairs */
  readonly row?: number;
  /** Larger differences count as this one. Default: no limit */
  readonly most?: number;
}

/** Median absolute difference of items that are `lag` items apart. */
export function medianStep(blocks: readonly ArrayLike<number>[], lag: number): number {
  const differences: number[] = [];
  for (const items of blocks) {
    const step = Math.max(1, Math.floor((items.length - lag) / MEDIAN_PAIRS)) | 1;
    for (let at = 0; at + lag < items.length; at += step)
      differences.push(Math.abs(items[at + lag] - items[at]));
  }
  return Float64Array.from(differences).sort()[differences.length >> 1];
}

export type Numbers = ReturnType<typeof numbersOf>;

/**
 * Bytes as items of a type, from byte `shift` on: a view of the bytes if possible, else a copy.
 *
 * @param isBigEndian byte order of the items; that of the host is little-endian, as on all machines we support
 */
export function itemsOf(bytes: Uint8Array, dtype: DType, isBigEndian = false, shift = 0): Numbers {
  const Items = ITEM_ARRAYS[dtype];
  const size = Items.BYTES_PER_ELEMENT;
  const length = Math.floor((bytes.length - shift) / size);
  const begin = bytes.byteOffset + shift;
  if (!isBigEndian && begin % size === 0)
    return numbersOf(new Items(bytes.buffer as ArrayBuffer, begin, length));
  const copy = bytes.slice(shift, shift + length * size);
  if (isBigEndian) reverseItems(copy, size);
  return numbersOf(new Items(copy.buffer as ArrayBuffer, 0, length));
}

function reverseItems(bytes: Uint8Array, size: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (size === 2) buffer.swap16();
  if (size === 4) buffer.swap32();
  if (size === 8) buffer.swap64();
}

/** The share of items for which a condition is true; 0 if there are no items. */
export function shareOf(
  blocks: readonly ArrayLike<number>[],
  isTrue: (item: number) => boolean,
): number {
  let found = 0;
  let all = 0;
  for (const items of blocks) {
    all += items.length;
    for (let at = 0; at < items.length; at++) if (isTrue(items[at])) found++;
  }
  return all === 0 ? 0 : found / all;
}
