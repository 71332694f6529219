import { inspect } from 'node:util';
import { ChunkError, WriteError } from './hdf5/index.js';
import { HyperslabError, type Problem, type StateFields } from './hyperslab-error.js';
import { type Hyperslab, slabText } from './layout/index.js';
import type { ChangedFile } from './sources/index.js';
import { reason, stateMessage } from './wording.js';

/** The output can't be written at its path, or a file that exists can't be changed. */
export class OutputError extends HyperslabError<'OutputError', StateFields> {
  constructor(fields: StateFields, options?: ErrorOptions) {
    super('OutputError', stateMessage(fields), fields, options);
  }
}

export interface ResumeErrorFields {
  /** The file that is made. */
  readonly path: string;
  /** Why it can't be resumed: `path` is a dataset, a source or an option, or empty. */
  readonly problems: readonly Problem[];
  /** What to do about them. */
  readonly remedy?: string;
}

/** An interrupted conversion can't be resumed: its sources, description or options differ now. */
export class ResumeError extends HyperslabError<'ResumeError', ResumeErrorFields> {
  constructor(fields: ResumeErrorFields, options?: ErrorOptions) {
    const { path, problems, remedy } = fields;
    const problem = `${path} can't be resumed: ${some(problems)}`;
    super('ResumeError', stateMessage({ problem, ...(remedy && { remedy }) }), fields, options);
  }
}

const MAX_PROBLEMS = 3;

function some(problems: readonly Problem[]): string {
  const more = problems.length - MAX_PROBLEMS;
  const shown = problems
    .slice(0, MAX_PROBLEMS)
    .map(({ message }) => message)
    .join('; ');
  return more > 0 ? `${shown}; and ${more} more` : shown;
}

/** A source changed while it was being read: the data read from it may mix old and new values. */
export class ChangedError extends HyperslabError<'ChangedError', ChangedFile> {
  constructor(fields: ChangedFile, options?: ErrorOptions) {
    const { path, expected, received } = fields;
    const message = `${path} changed while it was being read: it was ${expected} and is now ${received}`;
    super('ChangedError', message, fields, options);
  }
}

/** A worker thread ended before it had answered its task; `cause` is what it ended with. */
export class WorkerError extends HyperslabError<'WorkerError', WorkerErrorFields> {
  constructor(fields: WorkerErrorFields, options?: ErrorOptions) {
    super('WorkerError', `worker thread died: ${fields.problem}`, fields, options);
  }

  /** @param thrown what the thread ended with, which may be anything */
  static from(thrown: unknown): WorkerError {
    const problem = thrown instanceof Error ? thrown.message : `${inspect(thrown)} was thrown`;
    return new WorkerError({ problem }, { cause: thrown });
  }
}

export interface WorkerErrorFields {
  /** What the thread ended with, in words. */
  readonly problem: string;
}

export interface JobErrorFields {
  /** Absolute path in the file. */
  readonly dataset: string;
  readonly hyperslab: Hyperslab;
  /** Paths of the files and modules that the dataset is read from; none of a dataset that is not. */
  readonly sources?: readonly string[];
  /** Path of the file that holds the dataset, where it is known. */
  readonly file?: string;
}

/** A job failed; `cause` says why, in the words of the room where it did. */
export class JobError extends HyperslabError<'JobError', JobErrorFields> {
  constructor(fields: JobErrorFields, options: ErrorOptions & { readonly cause: unknown }) {
    super('JobError', jobMessage(fields, options.cause), fields, options);
  }
}

function jobMessage(fields: JobErrorFields, cause: unknown): string {
  const { dataset, hyperslab, sources = [], file } = fields;
  const problem = reason(cause);
  const where = [dataset, slabText(hyperslab)];
  const isNamed = (path: string) => problem.includes(path);
  // A stored chunk that is damaged, or can't be stored, is not the fault of a source.
  const isOfOutput = cause instanceof ChunkError || cause instanceof WriteError;
  if (sources.length > 0 && !isOfOutput) {
    if (!sources.some(isNamed)) where.push(sourceText(sources));
  } else if (file !== undefined && !isNamed(file)) where.push(`file ${file}`);
  return `${problem} (${where.join(', ')})`;
}

/** A recording may have a file for each of its channels. */
function sourceText([first, ...others]: readonly string[]): string {
  return `source ${first}${others.length > 0 ? ` and ${others.length} more` : ''}`;
}
