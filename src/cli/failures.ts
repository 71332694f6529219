import { inspect } from 'node:util';
import { EXIT } from './exit-codes.js';
import { Interrupted } from './interrupt.js';
import { printable, printableLines } from './printable.js';

/** Tags of errors that are thrown before anything is written. */
const REFUSALS = new Set([
  'BudgetError',
  'DescriptionError',
  'LayoutError',
  'ManifestError',
  'NwbError',
  'OutputError',
  'ResumeError',
  'SourceError',
  'UsageError',
]);

/** Errors whose messages have one line per problem; others are printed on one line. */
const OF_LINES = new Set(['DescriptionError', 'ManifestError']);

export interface Failure {
  /** For stderr; without a trailing newline. */
  readonly text: string;
  readonly exitCode: number;
}

/**
 * The text and the exit code for an error: one line per problem, or with `debug` the stack and all
 * causes. Errors are recognised by their tags, so that this module does not load the library.
 */
export function failureOf(error: unknown, debug = false): Failure {
  if (error instanceof Interrupted)
    return { text: printable(error.message), exitCode: error.exitCode };
  const exitCode = isRefusal(error) ? EXIT.refused : EXIT.failed;
  if (debug) return { text: printableLines(inspect(error)), exitCode };
  const message = (error instanceof Error && error.message) || String(error);
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  const problems = OF_LINES.has(tagOf(error))
    ? lines
    : [lines.map((line) => line.trim()).join(' ')];
  return { text: problems.map((line) => `error: ${printable(line)}`).join('\n'), exitCode };
}

/** Whether the error is of a kind that is thrown before anything is written. */
export function isRefusal(error: unknown): error is Error {
  return REFUSALS.has(tagOf(error));
}

export function tagOf(error: unknown): string {
  const tag = error instanceof Error && 'tag' in error ? error.tag : undefined;
  return typeof tag === 'string' ? tag : '';
}
