import { inspect } from 'node:util';
import { ChunkError, WriteError } from './hdf5/index.js';
import { type Hyperslab, slabText } from './layout/index.js';
import type { ChangedFile, FileChange } from './sources/index.js';

/** The output can't be created or written at its path. */
export class OutputError extends Error {
  readonly tag = 'OutputError';
  readonly path: string;
  readonly expected: string;
  readonly received: string;

  constructor(path: string, expected: string, received: string, cause?: unknown) {
    super(`Expected ${expected} for ${path} but received ${received}`, { cause });
    this.name = 'OutputError';
    this.path = path;
    this.expected = expected;
    this.received = received;
  }
}

/** An interrupted conversion can't be continued: its files or its description have changed, or are missing. */
export class ResumeError extends Error {
  readonly tag = 'ResumeError';
  /** Path of the file that the conversion writes. */
  readonly path: string;
  /** The obstacles, one line each. */
  readonly problems: readonly string[];

  constructor(path: string, problems: readonly string[]) {
    super(`Expected the conversion of ${path} as it was begun but received ${some(problems)}`);
    this.name = 'ResumeError';
    this.path = path;
    this.problems = problems;
  }
}

const MAX_PROBLEMS = 3;

function some(problems: readonly string[]): string {
  const more = problems.length - MAX_PROBLEMS;
  const shown = problems.slice(0, MAX_PROBLEMS).join('; ');
  return more > 0 ? `${shown}; and ${more} more` : shown;
}

/** A source changed while it was read, so the data read may mix its old and new contents. */
export class ChangedError extends Error {
  readonly tag = 'ChangedError';
  readonly path: string;
  readonly expected: string;
  readonly received: string;
  readonly change: FileChange;

  constructor({ path, expected, received, change }: ChangedFile) {
    super(
      `Expected a source that stays as it was, ${expected}, for ${path} but received ${received}: ` +
        'it was changed while it was read',
    );
    this.change = change;
    this.name = 'ChangedError';
    this.path = path;
    this.expected = expected;
    this.received = received;
  }
}

/** A worker thread died during a task; `cause` is the error that ended the thread. */
export class WorkerError extends Error {
  readonly tag = 'WorkerError';

  constructor(cause: unknown) {
    const why = cause instanceof Error ? cause.message : `${inspect(cause)} was thrown`;
    super(`worker thread died: ${why}`, { cause });
    this.name = 'WorkerError';
  }
}

/** A job failed; `cause` is the original error. */
export class JobError extends Error {
  readonly tag = 'JobError';
  /** Absolute path in the file. */
  readonly dataset: string;
  readonly hyperslab: Hyperslab;
  /** Paths of the files and modules that the dataset is read from; empty if it has no source. */
  readonly sources: readonly string[];
  /** Path of the file that holds the dataset, if known. */
  readonly file: string | undefined;

  constructor(
    dataset: string,
    hyperslab: Hyperslab,
    cause: Error,
    { sources = [], file }: { readonly sources?: readonly string[]; readonly file?: string } = {},
  ) {
    const where = [dataset, slabText(hyperslab)];
    const isNamed = (path: string) => cause.message.includes(path);
    // The source can't have caused an error of a stored chunk, or of storing one.
    const isOfOutput = cause instanceof ChunkError || cause instanceof WriteError;
    if (sources.length > 0 && !isOfOutput) {
      if (!sources.some(isNamed)) where.push(sourceText(sources));
    } else if (file !== undefined && !isNamed(file)) where.push(`file ${file}`);
    super(`${cause.message} (${where.join(', ')})`, { cause });
    this.name = 'JobError';
    this.dataset = dataset;
    this.hyperslab = hyperslab;
    this.sources = sources;
    this.file = file;
  }
}

/** Names only the first source, because a recording may have a file for each channel. */
function sourceText([first, ...others]: readonly string[]): string {
  return `source ${first}${others.length > 0 ? ` and ${others.length} more` : ''}`;
}
