import type { Lattice } from './chunk-types.js';
import { native } from './native.js';

export interface CopyOptions {
  /** Reverses the bytes of each item, whose size must then be 1, 2, 4 or 8 bytes. Default: false */
  readonly swap?: boolean;
  /**
   * One bit for each item of `to.bytes`: bit `k % 8` of byte `k >> 3` stands for the item at byte
   * `k * itemSize`. The bits of the copied items are set. The offset and steps of `to` must then be
   * multiples of `itemSize`. Must not be shared memory.
   */
  readonly covered?: Uint8Array;
}

/**
 * Copies items from one lattice to another, element for element, along 0 to 32 axes. If several
 * elements of `to` lie at the same place, it is undefined which of them remains.
 *
 * @param count elements per axis
 * @param itemSize in bytes
 * @returns how many bits of `covered` changed from 0 to 1; without `covered`, how many items were copied
 * @throws RangeError, before anything is copied, for elements outside the bytes, tables that don't fit
 * `count` or hold a negative index, overlapping memory of `from`, `to` and `covered`, or more items than
 * `to` can hold
 */
export function copyItems(
  from: Lattice,
  to: Lattice,
  count: readonly number[],
  itemSize: number,
  { swap, covered }: CopyOptions = {},
): number {
  return native.copyItems(from, to, count, itemSize, swap, covered);
}

/**
 * Fills bytes with copies of one item.
 *
 * @param covered one bit for each item, as in {@link CopyOptions}; items whose bit is set keep their value
 * @throws RangeError if `bytes` is not a whole number of items long, or `covered` has too few bits
 */
export function fillItems(bytes: Uint8Array, item: Uint8Array, covered?: Uint8Array): void {
  native.fillItems(bytes, item, covered);
}

/**
 * Whether every item in `bytes` equals `item`, byte for byte: NaN equals itself, 0 differs from -0.
 * @throws RangeError if `bytes` is not a whole number of items long
 */
export function isFilled(bytes: Uint8Array, item: Uint8Array): boolean {
  return native.isFilled(bytes, item);
}
