import { z } from 'zod';
import { isOtherHome, OWN_HOME, PATH_PATTERN } from '../home-path.js';
import { DTYPES } from '../layout/dtype.js';
import { isPlainData } from './plain-data.js';
import { FRACTION, isScale } from './scaling.js';
import type { SourceSpec } from './spec.js';

const anyPath = z
  .string()
  .min(1)
  .refine((text) => !text.includes('\0'), { params: { expected: 'a path without NUL characters' } })
  .refine((text) => !isOtherHome(text), { params: { expected: OWN_HOME } })
  .meta({ pattern: PATH_PATTERN });

const path = anyPath.describe('Path of the file.');

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
  .array(z.int().positive().nullable(), {
    error: 'a list such as [null, 384], where null stands for as many as the file has,',
  })
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
  trailer: z
    .enum(['refuse', 'ignore'])
    .optional()
    .describe(
      'Bytes behind the data: refuse them, because shape or dtype may be wrong, or ignore them. With `ignore` and without null, `offset` and `shape` select a part of the file. Default: refuse.',
    ),
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

const DELIMITER = /^(tab|[^"\r\n])$/u;

const csvColumn = z.union([z.string(), z.int().nonnegative()]);

const csvFields = {
  columns: z
    .array(csvColumn)
    .min(1)
    .optional()
    .describe(
      'Columns by name, or by number from 0: an array of rows and columns. Default: all; a file with one column is an array of one axis.',
    ),
  column: csvColumn
    .optional()
    .describe('One column, instead of `columns`: an array of one axis, such as timestamps.'),
  dtype: z
    .enum(DTYPES)
    .optional()
    .describe(
      'Type of the numbers. Empty cells are NaN in float types, and refused by integer types. Default: float64.',
    ),
  delimiter: z
    .string()
    .refine((text) => DELIMITER.test(text), {
      params: { expected: "one character, or 'tab'," },
    })
    .meta({ pattern: DELIMITER.source })
    .optional()
    .describe('Character between the cells, or `tab`. Default: a comma; a tab in a `.tsv` file.'),
  header: z
    .boolean()
    .optional()
    .describe('Whether the first line holds the names of the columns. Default: true.'),
};

const columnsRule = (spec: { column?: unknown; columns?: unknown }): boolean =>
  spec.column === undefined || spec.columns === undefined;
/** The same rule in the terms of JSON Schema. */
const COLUMNS = { not: { required: ['column', 'columns'] } };
const columnsError = { error: "Expected either 'column' or 'columns' but received both" };

const csvSchema = z
  .strictObject({ type: z.literal('csv').describe('Type of the source.'), path, ...csvFields })
  .refine(columnsRule, columnsError)
  .meta({ description: 'Columns of numbers in a text file (CSV or TSV).', ...COLUMNS });

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
      .describe('Plain data, the first argument of `open`. Default: none.'),
    baseDir: anyPath
      .optional()
      .describe(
        'Folder from which relative paths in `options` count, in the second argument of `open`. Default: the folder of the manifest.',
      ),
  })
  .describe('An ES module that exports `open(options, { baseDir })`, which runs in the workers.');

const eachSchema = z
  .discriminatedUnion('type', [
    z
      .strictObject({ type: z.literal('raw').describe('Type of the source.'), ...rawFields })
      .describe('A plain binary file, without its path.'),
    z
      .strictObject({ type: z.literal('npy').describe('Type of the source.'), ...npyFields })
      .describe('A file of `numpy.save`, without its path.'),
    z
      .strictObject({ type: z.literal('csv').describe('Type of the source.'), ...csvFields })
      .refine(columnsRule, columnsError)
      .meta({ description: 'A text file (CSV or TSV), without its path.', ...COLUMNS }),
  ])
  .describe('Format of each of the `files`: a `raw`, `npy` or `csv` source without its `path`.');

const files = z
  .union([anyPath, z.array(anyPath).min(1)])
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
  csvSchema,
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

/**
 * The `scale` of timestamps from a source.
 *
 * @internal
 */
export const scaleSchema = z
  .union([z.number().meta({ exclusiveMinimum: 0 }), z.string().meta({ pattern: FRACTION.source })])
  .refine(isScale, {
    params: { expected: "a number greater than 0, or a fraction such as '1/30000'," },
  });
