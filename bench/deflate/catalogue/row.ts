import type { DType } from 'hyperslab';
import type { Random } from './random.js';

/** Rows of a group have the same bounds. Extracellular recordings have an additional one. */
export type Group = 'ephys' | 'signals' | 'images' | 'events' | 'times' | 'extremes';

/** One kind of data, and how it is stored. */
export interface Row {
  readonly name: string;
  readonly group: Group;
  readonly dtype: DType;
  /** Elements along each axis, a multiple of `chunk`. */
  readonly shape: readonly number[];
  readonly chunk: readonly number[];
  /** Makes all items, in C order. */
  readonly make: (random: Random) => NodeJS.TypedArray;
}

/** Size of a row: 16 MiB, or a little more if its shape requires it. */
export const ROW_BYTES = 16 * 2 ** 20;

/** Chunks of 1 MiB of int16 and 64 channels, as NeuroConv makes for recordings. */
export const RECORDING_CHUNK = [8192, 64] as const;

/** The product of numbers; 1 for an empty list. */
export const product = (numbers: readonly number[]): number => numbers.reduce((a, b) => a * b, 1);
