import { inspect } from 'node:util';
import { type HyperslabErrorTag, isHyperslabError } from '../is-hyperslab-error.js';
import { LateError, ManifestError, UsageError } from './errors.js';
import { EXIT } from './exit-codes.js';
import { Interrupted } from './interrupt.js';
import { printable, printableLines } from './printable.js';

/**
 * Whether an error is thrown before anything is written. The type asks for every class of the library,
 * so that a new one can't be forgotten.
 */
const IS_REFUSAL: Readonly<Record<HyperslabErrorTag, boolean>> = {
  BudgetError: true,
  ChangedError: false,
  ChecksumError: true,
  ChunkError: false,
  ClosedError: false,
  DataError: false,
  DescriptionError: true,
  Hdf5Error: false,
  JobError: false,
  LayoutError: true,
  LockError: false,
  NwbError: true,
  OptionError: true,
  OutputError: true,
  ResumeError: true,
  SchemaError: true,
  SourceError: true,
  WorkerError: false,
  WriteError: false,
};

export interface Failure {
  /** For stderr; without a trailing newline. */
  readonly text: string;
  readonly exitCode: number;
}

/**
 * The text and the exit code for an error: one line per problem, or with `debug` the stack and all
 * causes. Errors are recognised without the library, which takes a while to load.
 */
export function failureOf(error: unknown, debug = false): Failure {
  if (error instanceof Interrupted)
    return { text: printable(error.message), exitCode: error.exitCode };
  const exitCode = isRefusal(error) ? EXIT.refused : EXIT.failed;
  if (debug) return { text: printableLines(inspect(error)), exitCode };
  const message = (error instanceof Error && error.message) || String(error);
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  const problems = hasLines(error) ? lines : [lines.map((line) => line.trim()).join(' ')];
  return { text: problems.map((line) => `error: ${printable(line)}`).join('\n'), exitCode };
}

/** Whether the message has one line per problem; other messages are printed on one line. */
function hasLines(error: unknown): boolean {
  return error instanceof ManifestError || isHyperslabError(error, 'DescriptionError');
}

/** Whether the error is of a kind that is thrown before anything is written. */
export function isRefusal(error: unknown): error is Error {
  if (error instanceof UsageError || error instanceof ManifestError) return true;
  if (error instanceof LateError) return false;
  return isHyperslabError(error) && IS_REFUSAL[error.tag];
}
