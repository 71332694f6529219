import { existsSync } from 'node:fs';
import { ChangedError } from '../errors.js';
import { type ConversionReport, outputFiles } from '../index.js';
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
 * Runs work that writes a file with a journal: with a progress bar, stopped by signals; and where it does
 * not come to its end, says how to go on.
 *
 * @param path of the file to be, or of its partial file or journal
 * @param work is known to have begun once it has told its progress
 * @throws LateError for what would have been a refusal before; what the work throws
 */
export async function resumable<T>(
  path: string,
  label: string,
  flags: RunFlags,
  work: (signal: AbortSignal, onProgress: (done: ProgressDone) => void) => Promise<T>,
): Promise<T> {
  const { path: file, journal } = outputFiles(path);
  let hasBegun = false;
  const left = () =>
    existsSync(journal)
      ? `what is done is kept, and \`hyperslab resume ${file}\` goes on`
      : 'nothing is left';
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
    if (!(error instanceof Interrupted) && !isRefused && existsSync(journal))
      printNote(error instanceof ChangedError ? changedText(error, file) : left());
    throw isRefusal(error) && hasBegun ? new LateError(error) : error;
  }
}

/** What to do when a source was changed while it was read. */
function changedText({ path, change }: ChangedError, file: string): string {
  if (change === 'touched')
    return `if ${path} still holds the same, \`hyperslab resume ${file} --check\` compares it with what is done, and goes on`;
  return `is ${path} still being recorded? What is done can't be used: convert it anew with --overwrite when nothing writes to it any more`;
}

/** Prints a report as the flags say. */
export function tell(report: ConversionReport, flags: RunFlags): number {
  if (flags.json) printJson(report);
  else printWarnings(report.warnings);
  if (!quietly(flags)) print(reportText(report));
  return EXIT.ok;
}
