import { inspect } from 'node:util';
import { ChunkError, WriteError } from './hdf5/index.js';
import { HyperslabError, type Problem, type StateFields } from './hyperslab-error.js';
import { type Hyperslab, slabText } from './layout/index.js';
import type { ChangedFile } from './sources/index.js';
import { reason, stateMessage } from './wording.js';

/** The output can't be written at its path, or a file that exists can't be changed. */
export class OutputError extends HyperslabError<'OutputError', OutputErrorFields> {
  constructor(fields: OutputErrorFields, options?: ErrorOptions) {
    super('OutputError', stateMessage(fields), fields, options);
  }
}

export interface OutputErrorFields extends StateFields {
  /**
   * What is already there: a file with the final or the partial name, an interrupted conversion, or one that is under
   * way. Left out if the output can't be written for another reason.
   */
  readonly present?: 'file' | 'interrupted' | 'busy';
}

export interface ResumeErrorFields {
  /** Path of the file that the conversion writes. */
  readonly path: string;
  /** The obstacles. The `path` of each names a dataset, a source or an option, or is empty. */
  readonly problems: readonly Problem[];
  /** How to resolve them. */
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

/** A source changed while it was read, so the data read from it may mix old and new values. */
export class ChangedError extends HyperslabError<'ChangedError', ChangedFile> {
  constructor(fields: ChangedFile, options?: ErrorOptions) {
    const { path, expected, received } = fields;
    const message = `${path} changed while it was being read: it was ${expected} and is now ${received}`;
    super('ChangedError', message, fields, options);
  }
}

/** A worker thread died during a task; `cause` is the value that ended the thread. */
export class WorkerError extends HyperslabError<'WorkerError', WorkerErrorFields> {
  constructor(fields: WorkerErrorFields, options?: ErrorOptions) {
    super('WorkerError', `worker thread died: ${fields.problem}`, fields, options);
  }

  /** @param thrown the value that ended the thread; it need not be an Error */
  static from(thrown: unknown): WorkerError {
    const problem = thrown instanceof Error ? thrown.message : `${inspect(thrown)} was thrown`;
    return new WorkerError({ problem }, { cause: thrown });
  }
}

export interface WorkerErrorFields {
  /** The message of the error that ended the thread. */
  readonly problem: string;
}

export interface JobErrorFields {
  /** Absolute path in the file. */
  readonly dataset: string;
  readonly hyperslab: Hyperslab;
  /** Paths of the files and modules that the dataset is read from; left out if it has no source. */
  readonly sources?: readonly string[];
  /** Path of the file that holds the dataset, if known. */
  readonly file?: string;
}

/** A job failed; `cause` is the original error. */
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

/** Names only the first source, because a recording may have a file for each channel. */
function sourceText([first, ...others]: readonly string[]): string {
  return `source ${first}${others.length > 0 ? ` and ${others.length} more` : ''}`;
}
