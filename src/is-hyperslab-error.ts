import type { ChecksumError } from './checksums/index.js';
import type { DescriptionError } from './description/index.js';
import type { ChangedError, JobError, OutputError, ResumeError, WorkerError } from './errors.js';
import type { ChunkError, ClosedError, Hdf5Error, LockError, WriteError } from './hdf5/index.js';
import { HyperslabError } from './hyperslab-error.js';
import type { BudgetError, LayoutError } from './layout/index.js';
import type { NwbError } from './nwb/index.js';
import type { OptionError } from './option-error.js';
import type { SchemaError } from './schema/index.js';
import type { SourceError } from './sources/index.js';
import type { DataError } from './streams/index.js';

/** All errors that hyperslab throws on purpose; `tag` tells them apart. */
export type AnyHyperslabError =
  | BudgetError
  | ChangedError
  | ChecksumError
  | ChunkError
  | ClosedError
  | DataError
  | DescriptionError
  | Hdf5Error
  | JobError
  | LayoutError
  | LockError
  | NwbError
  | OptionError
  | OutputError
  | ResumeError
  | SchemaError
  | SourceError
  | WorkerError
  | WriteError;

export type HyperslabErrorTag = AnyHyperslabError['tag'];

/**
 * Whether an error is one of hyperslab's, or the one with a certain tag, whose fields TypeScript then knows:
 *
 *     if (isHyperslabError(error, 'OutputError')) console.log(error.fields.path);
 */
export function isHyperslabError<Tag extends HyperslabErrorTag = HyperslabErrorTag>(
  error: unknown,
  tag?: Tag,
): error is Extract<AnyHyperslabError, { readonly tag: Tag }> {
  return error instanceof HyperslabError && (tag === undefined || error.tag === tag);
}
