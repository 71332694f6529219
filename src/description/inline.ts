import { z } from 'zod';
import { DTYPES, numberFits } from '../layout/index.js';
import { expecting } from './text.js';

/** Nested lists of numbers: an array of any rank. */
export type NumberArray = readonly (number | NumberArray)[];

/** HDF5's limit. It also stops the walk through a list that contains itself. */
const MAX_AXES = 32;

/** Lengths of the axes; undefined if lengths or depths differ, or an item is no number. */
export function shapeOf(values: unknown): number[] | undefined {
  const shape: number[] = [];
  for (let first = values; Array.isArray(first); first = first[0]) {
    if (shape.length === MAX_AXES) return undefined;
    shape.push(first.length);
  }
  return hasShape(values, shape, 0) ? shape : undefined;
}

/** Whether nested lists have the given lengths from `axis` on, and numbers inside. */
function hasShape(value: unknown, shape: readonly number[], axis: number): boolean {
  if (axis === shape.length) return typeof value === 'number';
  if (!Array.isArray(value) || value.length !== shape[axis]) return false;
  // By index, because every() skips holes.
  for (let at = 0; at < value.length; at++) if (!hasShape(value[at], shape, axis + 1)) return false;
  return true;
}

/** All numbers, in C order. */
function flatten(values: NumberArray): number[] {
  return (values as readonly unknown[]).flat(Number.POSITIVE_INFINITY) as number[];
}

/** Whether a value is an array of numbers whose rows all have the same length. */
export function isNumberArray(value: unknown): value is NumberArray {
  return Array.isArray(value) && shapeOf(value) !== undefined;
}

const numberArray = z
  .custom<NumberArray>(
    isNumberArray,
    expecting('a list of numbers (or of lists of equal length)', { listsOnly: true }),
  )
  .meta({ type: 'array', items: { type: ['number', 'array'] } });

/**
 * Values in the description itself; stored as float64 unless another dtype is given.
 *
 * @internal
 */
export const inlineSchema = z.union([
  numberArray.transform((values) => ({ values, dtype: 'float64' as const })),
  z
    .strictObject({
      values: numberArray.describe('The numbers: a list, or nested lists of equal length.'),
      dtype: z.enum(DTYPES).default('float64').describe('Type of the stored numbers.'),
    })
    .describe('Numbers in the description itself.')
    .superRefine(({ values, dtype }, context) => {
      const misfit = flatten(values).find((value) => !numberFits(value, dtype));
      if (misfit === undefined) return;
      const params = expecting(`numbers that ${dtype} can hold`).params;
      context.addIssue({ code: 'custom', input: misfit, path: ['values'], params });
    }),
]);
