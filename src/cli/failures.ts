import { inspect } from 'node:util';
import { EXIT } from './exit-codes.js';
import { Interrupted } from './interrupt.js';
import { printable, printableLines } from './printable.js';

/** Tags of the errors that are thrown before anything is written. */
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

/** Those that have a line for each problem; lines of others are a user's module's, or the system's. */
const OF_LINES = new Set(['DescriptionError', 'ManifestError']);

export interface Failure {
  /** For stderr, without a newline at the end. */
  readonly text: string;
  readonly exitCode: number;
}

/**
 * What to say of an error, and the exit code: one line for each problem, or with `debug` the stack
 * and all causes. Errors are known by their tags, so that this needs nothing of the library.
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

/** Whether it was thrown before anything was written. */
export function isRefusal(error: unknown): error is Error {
  return REFUSALS.has(tagOf(error));
}

export function tagOf(error: unknown): string {
  const tag = error instanceof Error && 'tag' in error ? error.tag : undefined;
  return typeof tag === 'string' ? tag : '';
}
