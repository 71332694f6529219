import { existsSync } from 'node:fs';
import { type ChangedError, outputFiles } from '../index.js';
import { isHyperslabError } from '../is-hyperslab-error.js';
import { LateError } from './errors.js';
import { isRefusal } from './failures.js';
import type { RunFlags } from './flags.js';
import { Interrupted, interruptible } from './interrupt.js';
import { printNote } from './output.js';
import { type ProgressDone, withProgress } from './progress.js';
import { quietly } from './run-options.js';
import { command } from './shell.js';

/** The file that some work writes, and how its users start again. */
export interface Resumable {
  /** Path of the output, its partial file or its journal. */
  readonly path: string;
  /** The command that converts it again from the beginning, replacing what there is. */
  readonly again: string;
}

/**
 * Runs work that writes a file with a journal, with a progress bar, until it ends or a signal stops it.
 * If the work does not complete, prints how to resume it.
 *
 * @param work counts as begun with its first report of progress
 * @throws LateError for a refusal after the work had begun; else what the work throws
 */
export async function resumable<T>(
  { path, again }: Resumable,
  label: string,
  flags: RunFlags,
  work: (signal: AbortSignal, onProgress: (done: ProgressDone) => void) => Promise<T>,
): Promise<T> {
  let hasBegun = false;
  // Looked up only after the work has checked the path, which may be anything.
  const left = () => {
    const { path: file, journal } = outputFiles(path);
    return existsSync(journal)
      ? `finished work is kept; continue with ${command('resume', file)}`
      : 'no partial file was kept';
  };
  try {
    return await interruptible(
      (signal) =>
        withProgress(label, !quietly(flags), (onProgress) =>
          work(signal, (done) => {
            hasBegun = true;
            onProgress(done);
          }),
        ),
      left,
    );
  } catch (error) {
    const isRefused = isRefusal(error) && !hasBegun;
    if (!(error instanceof Interrupted) && !isRefused) {
      const { path: file, journal } = outputFiles(path);
      if (existsSync(journal)) printNote(changeText(error, file, again) ?? left());
    }
    throw isRefusal(error) && hasBegun ? new LateError({}, { cause: error }) : error;
  }
}

/** Advice after a source has changed while it was read; undefined after other errors. */
function changeText(error: unknown, file: string, again: string): string | undefined {
  const { path, change } = changeOf(error) ?? {};
  switch (change) {
    case 'touched':
      return `if the contents of ${path} are unchanged, ${command('resume', file, '--check')} compares them with the finished chunks and continues; if not, convert it again with ${again}`;
    case 'missing':
      return `finished work is kept; once ${path} is back, continue with ${command('resume', file)}`;
    case 'resized':
      return `${path} may still be recording, so the finished chunks cannot be used; once no program writes to it, convert it again with ${again}`;
    default:
      return undefined;
  }
}

function changeOf(error: unknown): Pick<ChangedError['fields'], 'path' | 'change'> | undefined {
  if (isHyperslabError(error, 'ChangedError')) return error.fields;
  if (!isHyperslabError(error, 'JobError')) return undefined;
  // A job that met the change before the sources were looked at again.
  const { cause } = error;
  const hasChanged = isHyperslabError(cause, 'SourceError') && cause.fields.hasChanged;
  return hasChanged ? { path: cause.fields.path, change: 'resized' } : undefined;
}
