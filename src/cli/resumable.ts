import { existsSync } from 'node:fs';
import { type ChangedError, type ConversionReport, outputFiles } from '../index.js';
import { isHyperslabError } from '../is-hyperslab-error.js';
import { LateError } from './errors.js';
import { EXIT } from './exit-codes.js';
import { isRefusal } from './failures.js';
import type { RunFlags } from './flags.js';
import { Interrupted, interruptible } from './interrupt.js';
import { print, printJson, printNote, printWarnings } from './output.js';
import { type ProgressDone, withProgress } from './progress.js';
import { reportText } from './report-text.js';
import { quietly } from './run-options.js';

/**
 * Runs work that writes a file with a journal, with a progress bar, until it ends or a signal stops it.
 * If the work does not complete, prints how to resume it.
 *
 * @param path of the output, its partial file or its journal
 * @param work counts as begun with its first report of progress
 * @throws LateError for a refusal after the work had begun; else what the work throws
 */
export async function resumable<T>(
  path: string,
  label: string,
  flags: RunFlags,
  work: (signal: AbortSignal, onProgress: (done: ProgressDone) => void) => Promise<T>,
): Promise<T> {
  let hasBegun = false;
  // Looked up only after the work has checked the path, which may be anything.
  const left = () => {
    const { path: file, journal } = outputFiles(path);
    return existsSync(journal)
      ? `finished work is kept; continue with \`hyperslab resume ${file}\``
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
      if (existsSync(journal))
        printNote(isHyperslabError(error, 'ChangedError') ? changedText(error, file) : left());
    }
    throw isRefusal(error) && hasBegun ? new LateError({}, { cause: error }) : error;
  }
}

/** Advice after a source has changed while it was read. */
function changedText({ fields: { path, change } }: ChangedError, file: string): string {
  if (change === 'touched')
    return `if the contents of ${path} are unchanged, \`hyperslab resume ${file} --check\` compares them with the finished chunks and continues`;
  return `${path} may still be recording, so the finished chunks cannot be used; convert it again with --overwrite once no program writes to it`;
}

/** Prints a report in the form that the flags ask for. */
export function tell(report: ConversionReport, flags: RunFlags): number {
  if (flags.json) printJson(report);
  else printWarnings(report.warnings);
  if (!quietly(flags)) print(reportText(report));
  return EXIT.ok;
}
