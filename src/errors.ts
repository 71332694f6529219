import { inspect } from 'node:util';
import { ChunkError, WriteError } from './hdf5/index.js';
import { type Hyperslab, slabText } from './layout/index.js';
import type { ChangedFile, FileChange } from './sources/index.js';

/** The output can't be made where it was asked for. */
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

/** What was interrupted can't be taken up: it is not what it was, or needs what is not there. */
export class ResumeError extends Error {
  readonly tag = 'ResumeError';
  /** The file that is made. */
  readonly path: string;
  /** What differs, one line each. */
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

/** A source was changed while it was read: what was read of it may be neither the one nor the other. */
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

/** A worker thread ended before it had answered its task; `cause` is what it ended with. */
export class WorkerError extends Error {
  readonly tag = 'WorkerError';

  constructor(cause: unknown) {
    const why = cause instanceof Error ? cause.message : `${inspect(cause)} was thrown`;
    super(`worker thread died: ${why}`, { cause });
    this.name = 'WorkerError';
  }
}

/** A job failed; `cause` says why, in the words of the room where it did. */
export class JobError extends Error {
  readonly tag = 'JobError';
  /** Absolute path in the file. */
  readonly dataset: string;
  readonly hyperslab: Hyperslab;
  /** Paths of the files and modules that the dataset is read from; none of a dataset that is not. */
  readonly sources: readonly string[];
  /** Path of the file that holds the dataset, where it is known. */
  readonly file: string | undefined;

  constructor(
    dataset: string,
    hyperslab: Hyperslab,
    cause: Error,
    { sources = [], file }: { readonly sources?: readonly string[]; readonly file?: string } = {},
  ) {
    const where = [dataset, slabText(hyperslab)];
    const isNamed = (path: string) => cause.message.includes(path);
    // What is wrong with a stored chunk, or with storing one, is nothing that the source could have done.
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

/** A recording may have a file for each of its channels. */
function sourceText([first, ...others]: readonly string[]): string {
  return `source ${first}${others.length > 0 ? ` and ${others.length} more` : ''}`;
}
