import { z } from 'zod';
import { DTYPES } from '../layout/dtype.js';
import { isPlainData } from './plain-data.js';

const path = z
  .string()
  .min(1)
  .refine((text) => !text.includes('\0'), { params: { expected: 'a path without NUL characters' } })
  .describe('File; a relative path counts from the manifest');

const columns = z
  .union([
    z.string().refine((text) => /^\s*(-?\d+)?\s*:\s*(-?\d+)?\s*(:\s*(-?\d+)?\s*)?$/.test(text), {
      params: { expected: "a slice such as '0:384' or '::-1'" },
    }),
    z.array(z.int()).min(1),
  ])
  .describe(
    "Selection along the last axis: a slice as in numpy ('0:384', '::2') or a list of indices",
  );

const shape = z
  .array(z.int().positive().nullable())
  .min(1)
  .refine((axes) => axes.filter((length) => length === null).length <= 1, {
    params: {
      expected: 'at most one null (a length inferred from the size of the file)',
      received: 'several',
    },
  })
  .describe('Elements per axis of the whole file; one may be null and is inferred from its size');

const rawFields = {
  dtype: z.enum(DTYPES).describe('Type of an item'),
  shape,
  offset: z.int().nonnegative().optional().describe('Bytes before the data; default 0'),
  order: z
    .enum(['C', 'F'])
    .optional()
    .describe("'C': the last axis varies fastest (default); 'F': the first axis does"),
  endian: z.enum(['little', 'big']).optional().describe("Byte order; default 'little'"),
  columns: columns.optional(),
};

const npyFields = { columns: columns.optional() };

const rawSchema = z
  .strictObject({ type: z.literal('raw'), path, ...rawFields })
  .describe('Items of one type in a plain binary file');

const npySchema = z
  .strictObject({ type: z.literal('npy'), path, ...npyFields })
  .describe('An array saved by numpy.save, format versions 1 to 3');

const moduleSchema = z
  .strictObject({
    type: z.literal('module'),
    path,
    options: z
      .unknown()
      .refine(isPlainData, { params: { expected: 'plain data, without functions and circles,' } })
      .optional()
      .describe('Plain data, handed to open(options)'),
  })
  .describe('An ES module that exports open(options); it runs in the workers');

const eachSchema = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('raw'), ...rawFields }),
    z.strictObject({ type: z.literal('npy'), ...npyFields }),
  ])
  .describe('What each of the files is: a source without its path');

const files = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
  .describe("Files: a path, a pattern of one folder ('ch*.bin', in natural order), or a list");

const partsRule = (parts: { sources?: unknown; files?: unknown; each?: unknown }): boolean =>
  parts.sources === undefined
    ? parts.files !== undefined && parts.each !== undefined
    : parts.files === undefined && parts.each === undefined;
const partsError = { error: "Expected either 'sources', or 'files' together with 'each'" };

// Written out because TypeScript can't infer a type from a schema that holds itself.
type RawSpec = z.infer<typeof rawSchema>;
type NpySpec = z.infer<typeof npySchema>;
type ModuleSpec = z.infer<typeof moduleSchema>;
type EachSpec = z.infer<typeof eachSchema>;
interface PartsSpec {
  sources?: SourceSpec[] | undefined;
  files?: string | string[] | undefined;
  each?: EachSpec | undefined;
}
interface ConcatSpec extends PartsSpec {
  type: 'concat';
}
interface StackSpec extends PartsSpec {
  type: 'stack';
}

/** Where the bytes of a dataset come from, as plain data. */
export type SourceSpec = RawSpec | NpySpec | ModuleSpec | ConcatSpec | StackSpec;
export type { ConcatSpec, EachSpec, ModuleSpec, NpySpec, PartsSpec, RawSpec, StackSpec };

const sources = z
  .lazy(() => z.array(sourceSchema).min(1))
  .optional()
  .describe('The parts, in order');

const concatSchema = z
  .strictObject({
    type: z.literal('concat'),
    sources,
    files: files.optional(),
    each: eachSchema.optional(),
  })
  .refine(partsRule, partsError)
  .describe('Sources one after the other along axis 0');

const stackSchema = z
  .strictObject({
    type: z.literal('stack'),
    sources,
    files: files.optional(),
    each: eachSchema.optional(),
  })
  .refine(partsRule, partsError)
  .describe('One source per channel, each of shape [T] or [T, 1]; together [T, channels]');

/** The schema of a {@link SourceSpec}. */
export const sourceSchema: z.ZodType<SourceSpec, SourceSpec> = z.discriminatedUnion('type', [
  rawSchema,
  npySchema,
  concatSchema,
  stackSchema,
  moduleSchema,
]);
