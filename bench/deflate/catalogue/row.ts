import type { DType } from 'hyperslab';
import type { Random } from './random.js';

/** What is judged together: extracellular recordings have a target of their own. */
export type Group = 'ephys' | 'signals' | 'images' | 'events' | 'times' | 'extremes';

/** One kind of data, and how it is stored. */
export interface Row {
  readonly name: string;
  readonly group: Group;
  readonly dtype: DType;
  /** Elements along each axis: whole chunks. */
  readonly shape: readonly number[];
  readonly chunk: readonly number[];
  /** Items of the whole extent, in C order. */
  readonly make: (random: Random) => NodeJS.TypedArray;
}

/** Rows have 16 MiB, or a little more where their shape asks for it. */
export const ROW_BYTES = 16 * 2 ** 20;

/** 1 MiB of int16, 64 channels at a time, as NeuroConv chunks recordings. */
export const RECORDING_CHUNK = [8192, 64] as const;

/** 1 for an empty list. */
export const product = (numbers: readonly number[]): number => numbers.reduce((a, b) => a * b, 1);
