import { z } from 'zod';
import { DTYPES } from '../layout/dtype.js';
import { numberFits } from '../layout/dtype-range.js';
import { expecting } from './text.js';

/** Numbers in rows, rows in planes, …: an array of any rank. */
export type NumberArray = readonly (number | NumberArray)[];

/** Lengths of the axes, or undefined where lengths or depths differ or something isn't a number. */
export function shapeOf(values: unknown): number[] | undefined {
  if (typeof values === 'number') return [];
  if (!Array.isArray(values)) return undefined;
  if (values.length === 0) return [0];
  const inner = shapeOf(values[0]);
  if (!inner) return undefined;
  const same = values.every((value) => shapeOf(value)?.join() === inner.join());
  return same ? [values.length, ...inner] : undefined;
}

/** All numbers, in C order. */
function flatten(values: NumberArray): number[] {
  return (values as readonly unknown[]).flat(Number.POSITIVE_INFINITY) as number[];
}

/** Is this an array of numbers, every row as long as the next? */
export function isNumberArray(value: unknown): value is NumberArray {
  return Array.isArray(value) && shapeOf(value) !== undefined;
}

const numberArray = z.custom<NumberArray>(
  isNumberArray,
  expecting('a list of numbers (or of lists of equal length)', { listsOnly: true }),
);

/** Values given in place: float64, or another type when asked for. */
export const inlineSchema = z.union([
  numberArray.transform((values) => ({ values, dtype: 'float64' as const })),
  z
    .strictObject({ values: numberArray, dtype: z.enum(DTYPES).default('float64') })
    .superRefine(({ values, dtype }, context) => {
      const misfit = flatten(values).find((value) => !numberFits(value, dtype));
      if (misfit === undefined) return;
      const params = expecting(`numbers that ${dtype} can hold`).params;
      context.addIssue({ code: 'custom', input: misfit, path: ['values'], params });
    }),
]);

export type InlineData = z.output<typeof inlineSchema>;
