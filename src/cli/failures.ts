import { inspect } from 'node:util';
import { HyperslabError } from '../hyperslab-error.js';
import { type HyperslabErrorTag, isHyperslabError } from '../is-hyperslab-error.js';
import { LateError, type LocatedProblem, ManifestError, UsageError } from './errors.js';
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

/** What `--json` prints on stdout for an error. */
export interface ErrorDocument {
  readonly error: {
    /** Class of the error: a tag of the library, or `UsageError`, `ManifestError`, `Interrupted` or `Error`. */
    readonly tag: string;
    /** As on stderr, without `error: `; one line per problem. */
    readonly message: string;
    /** The file that the error is about; for a problem of a manifest the manifest. */
    readonly path?: string;
    /** Where in the manifest the only problem is: `acquisition[0].data`. */
    readonly key?: string;
    /** Line of the only problem, from 1. */
    readonly line?: number;
    /** All problems, if the error lists them. */
    readonly problems?: readonly {
      readonly key?: string;
      readonly line?: number;
      readonly message: string;
    }[];
    readonly exitCode: number;
  };
}

export interface Failure {
  /** For stderr; without a trailing newline. */
  readonly text: string;
  readonly document: ErrorDocument;
  readonly exitCode: number;
}

/**
 * The text and the exit code for an error: one line per problem, or with `debug` the stack and all
 * causes. Errors are recognised without the library, which takes a while to load.
 */
export function failureOf(error: unknown, debug = false): Failure {
  const exitCode = exitCodeOf(error);
  const lines = linesOf(error);
  const document = documentOf(error, lines.join('\n'), exitCode);
  if (error instanceof Interrupted) return { text: printable(error.message), document, exitCode };
  const text = debug
    ? printableLines(inspect(error))
    : lines.map((line) => `error: ${printable(line)}`).join('\n');
  return { text, document, exitCode };
}

function exitCodeOf(error: unknown): number {
  if (error instanceof Interrupted) return error.exitCode;
  if (!isRefusal(error)) return EXIT.failed;
  const isThere = isHyperslabError(error, 'OutputError') && error.fields.present !== undefined;
  return isThere ? EXIT.exists : EXIT.refused;
}

function linesOf(error: unknown): string[] {
  const message = (error instanceof Error && error.message) || String(error);
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  return hasLines(error) ? lines : [lines.map((line) => line.trim()).join(' ')];
}

/** The document for an error of the command line itself, which has no fields. */
export function plainDocument(tag: string, message: string, exitCode: number): ErrorDocument {
  return { error: { tag, message, exitCode } };
}

/** The fields that some of the errors have, and that scripts may need. */
interface ShownFields {
  readonly path?: string;
  readonly problems?: readonly LocatedProblem[];
}

function documentOf(error: unknown, message: string, exitCode: number): ErrorDocument {
  if (!(error instanceof HyperslabError)) return plainDocument('Error', message, exitCode);
  // These errors only say where or when something failed; their cause says what.
  const isWrapper = error instanceof ManifestError || error instanceof LateError;
  const inner = isWrapper && error.cause instanceof HyperslabError ? error.cause : error;
  const { fields } = error instanceof LateError ? inner : error;
  const { path, problems }: ShownFields = fields;
  const listed = problems?.map(({ path: key, line, message }) => ({
    ...(key && { key }),
    ...(line !== undefined && { line }),
    message,
  }));
  const { message: _, ...only } = listed?.length === 1 ? listed[0] : { message };
  return {
    error: {
      ...{ tag: inner.tag, message },
      ...(path !== undefined && { path }),
      ...only,
      ...(listed && { problems: listed }),
      exitCode,
    },
  };
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
