import { z } from 'zod';
import { sourceSchema } from '../sources/index.js';
import { isNdArray } from '../streams/index.js';
import { DescriptionError } from './errors.js';
import { knownKeys, problemsOf } from './issues.js';
import { memorySchema, misfitIssue } from './memory-data.js';
import type { ResolvedFill } from './resolved.js';
import { expecting, filePath, text } from './text.js';

/** @internal */
export const fillSchema = z
  .strictObject({
    path: filePath.describe('Path of the existing NWB or HDF5 file.'),
    datasets: z
      .record(text, z.union([memorySchema, sourceSchema]))
      .superRefine((datasets, context) => {
        if (Object.keys(datasets).length === 0) {
          const { params } = expecting('at least one dataset', { received: 'none' });
          context.addIssue({ code: 'custom', input: datasets, params });
        }
        for (const [path, data] of Object.entries(datasets)) {
          const { params } = expecting("an absolute path such as '/acquisition/ap/data'");
          if (!path.startsWith('/'))
            context.addIssue({ code: 'custom', input: path, path: [path], params });
          const issue = isNdArray(data) ? misfitIssue(data) : undefined;
          if (issue) context.addIssue({ ...issue, path: [path] });
        }
      })
      .describe('A source for each dataset, by the absolute path of the dataset in the file.')
      .meta({ minProperties: 1, propertyNames: { pattern: '^/' } }),
  })
  .describe('Datasets of an existing file, and the data to write into them.');

/** Checks a description of what to fill. @throws {DescriptionError} with every problem */
export function checkFill(input: unknown): ResolvedFill {
  const parsed = fillSchema.safeParse(input, { error: knownKeys, reportInput: true });
  if (parsed.success) return parsed.data;
  throw new DescriptionError({ problems: problemsOf(parsed.error.issues) });
}
