import type { Lattice } from './chunk-types.js';
import { native } from './native.js';

export interface CopyOptions {
  /** Reverses the bytes of each item, which must then have 1, 2, 4 or 8. */
  readonly swap?: boolean;
  /**
   * A bit for each item of `to.bytes`: bit `k % 8` of byte `k >> 3` for the item at byte
   * `k * itemSize`. Those of the copied items are set. The offset and steps of `to` must then be
   * multiples of `itemSize`. It can't lie in shared memory.
   */
  readonly covered?: Uint8Array;
}

/**
 * Copies items from one lattice to the other: element for element, along 0 to 32 axes. Where several
 * elements of `to` have the same place, any one of them stays.
 *
 * @param count elements per axis; nothing is copied where one is 0
 * @param itemSize in bytes
 * @returns how many items were newly covered: of the bits that were set, those that were 0 before;
 * without `covered`, all that were copied
 * @throws RangeError for elements outside of the bytes, tables that don't fit `count` or hold a
 * negative index, memory of `from`, `to` and `covered` that overlaps, more items than `to` has room
 * for; nothing is copied then
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
 * Repeats an item through bytes.
 *
 * @param covered a bit for each item, as {@link CopyOptions} has it: those that are set stay as they are
 * @throws RangeError for bytes that are no whole number of items, or too few bits
 */
export function fillItems(bytes: Uint8Array, item: Uint8Array, covered?: Uint8Array): void {
  native.fillItems(bytes, item, covered);
}

/**
 * Whether every item of the bytes equals `item`, byte for byte: NaN equals itself, 0 is not -0.
 * @throws RangeError for bytes that are no whole number of items
 */
export function isFilled(bytes: Uint8Array, item: Uint8Array): boolean {
  return native.isFilled(bytes, item);
}
