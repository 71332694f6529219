import { z } from 'zod';
import { DTYPES } from '../layout/dtype.js';
import { isPlainData } from './plain-data.js';
import type { SourceSpec } from './spec.js';

const path = z
  .string()
  .min(1)
  .refine((text) => !text.includes('\0'), { params: { expected: 'a path without NUL characters' } })
  .describe('Path of the file.');

const SLICE = /^\s*(-?\d+)?\s*:\s*(-?\d+)?\s*(:\s*(-?\d+)?\s*)?$/;

const columns = z
  .union([
    z
      .string()
      .refine((text) => SLICE.test(text), {
        params: { expected: "a slice such as '0:384' or '::-1'" },
      })
      .meta({ pattern: SLICE.source }),
    z.array(z.int()).min(1),
  ])
  .describe(
    "Selection along the last axis: a slice as in numpy ('0:384', '::2') or a list of indices. Default: all.",
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
  .describe(
    'Number of elements along each axis of the file; one of them may be null and is inferred from the size of the file.',
  );

const rawFields = {
  dtype: z.enum(DTYPES).describe('Type of one element.'),
  shape,
  offset: z
    .int()
    .nonnegative()
    .optional()
    .describe('Position of the first element, in bytes from the start of the file. Default: 0.'),
  order: z
    .enum(['C', 'F'])
    .optional()
    .describe(
      'Order of the elements: in C order the last axis varies fastest, in F order the first. Default: C.',
    ),
  endian: z.enum(['little', 'big']).optional().describe('Byte order. Default: little.'),
  columns: columns.optional(),
};

const npyFields = { columns: columns.optional() };

const rawSchema = z
  .strictObject({ type: z.literal('raw').describe('Type of the source.'), path, ...rawFields })
  .describe('A plain binary file with elements of one type.');

const npySchema = z
  .strictObject({ type: z.literal('npy').describe('Type of the source.'), path, ...npyFields })
  .describe('An array saved by `numpy.save`, format versions 1 to 3.');

const moduleSchema = z
  .strictObject({
    type: z.literal('module').describe('Type of the source.'),
    path,
    options: z
      .unknown()
      .refine(isPlainData, { params: { expected: 'plain data, without functions and circles,' } })
      .optional()
      .describe('Plain data that is passed to `open(options)`. Default: none.'),
  })
  .describe('An ES module that exports `open(options)`, which runs in the workers.');

const eachSchema = z
  .discriminatedUnion('type', [
    z
      .strictObject({ type: z.literal('raw').describe('Type of the source.'), ...rawFields })
      .describe('A plain binary file, without its path.'),
    z
      .strictObject({ type: z.literal('npy').describe('Type of the source.'), ...npyFields })
      .describe('A file of `numpy.save`, without its path.'),
  ])
  .describe('Format of each of the `files`: a `raw` or `npy` source without its `path`.');

const files = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
  .describe(
    "Files: a path, a pattern within one folder ('ch*.bin', in natural order), or a list of paths.",
  );

const partsRule = (parts: { sources?: unknown; files?: unknown; each?: unknown }): boolean =>
  parts.sources === undefined
    ? parts.files !== undefined && parts.each !== undefined
    : parts.files === undefined && parts.each === undefined;
/** The same rule in the terms of JSON Schema. */
const PARTS = {
  oneOf: [
    { required: ['sources'], not: { anyOf: [{ required: ['files'] }, { required: ['each'] }] } },
    { required: ['files', 'each'], not: { required: ['sources'] } },
  ],
};
const partsError = { error: "Expected either 'sources', or 'files' together with 'each'" };

const sources = z
  .lazy(() => z.array(sourceSchema).min(1))
  .optional()
  .describe('The parts, in order; instead of `files` and `each`.');

const concatSchema = z
  .strictObject({
    type: z.literal('concat').describe('Type of the source.'),
    sources,
    files: files.optional(),
    each: eachSchema.optional(),
  })
  .refine(partsRule, partsError)
  .meta({ description: 'Sources one after the other along the first axis.', ...PARTS });

const stackSchema = z
  .strictObject({
    type: z.literal('stack').describe('Type of the source.'),
    sources,
    files: files.optional(),
    each: eachSchema.optional(),
  })
  .refine(partsRule, partsError)
  .meta({
    description:
      'One source per channel, each of shape [T] or [T, 1], side by side: together [T, channels].',
    ...PARTS,
  });

const anySource = z.discriminatedUnion('type', [
  rawSchema,
  npySchema,
  concatSchema,
  stackSchema,
  moduleSchema,
]);

/** What the schema takes, for the test that compares it with {@link SourceSpec}. @internal */
export type SourceInput = z.input<typeof anySource>;

/**
 * The schema of a {@link SourceSpec}. Its type is declared, because TypeScript can't infer the type of a
 * recursive schema.
 *
 * @internal
 */
export const sourceSchema: z.ZodType<SourceSpec, SourceSpec> = anySource;
