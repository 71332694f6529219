import { formatBytes, type VerifyChunksReport, type VerifyReport, verify } from '../index.js';
import { EXIT } from './exit-codes.js';
import { requireFile } from './files.js';
import type { RunFlags } from './flags.js';
import { formatCount, formatSeconds } from './format.js';
import { interruptible } from './interrupt.js';
import { type Manifest, withManifest } from './manifest.js';
import { print, printJson } from './output.js';
import { printable } from './printable.js';
import { withProgress } from './progress.js';
import { quietly, runOptions } from './run-options.js';

/** `hyperslab verify FILE [MANIFEST]` */
export async function verifyCommand(
  file: string,
  path: string | undefined,
  flags: RunFlags,
): Promise<number> {
  requireFile(file);
  if (path === undefined) {
    const checked = await runCheck(file, flags);
    tell(checked, flags, chunksText);
    return chunksExit(checked);
  }
  const report = await withManifest(path, (manifest) => runVerification(file, manifest, flags));
  tell(report, flags, verifyText);
  return report.equal ? EXIT.ok : EXIT.differs;
}

/** Prints a report in the form that the flags ask for. */
function tell<Report extends { readonly equal: boolean }>(
  report: Report,
  { json, quiet }: RunFlags,
  text: (report: Report, onlyDifferent?: boolean) => string,
): void {
  if (json) printJson(report);
  // Differences are printed even with --quiet: they are the answer.
  else if (!quiet || !report.equal) print(text(report, quiet));
}

/** `outdated` has an exit code of its own: no damage was found, but the file was not confirmed either. */
function chunksExit({ state, equal, missing }: VerifyChunksReport): number {
  if (equal) return EXIT.ok;
  return state === 'outdated' && missing.length === 0 ? EXIT.outdated : EXIT.differs;
}

/** Compares the chunks with their checksums, with a progress bar, until done or stopped by a signal. */
function runCheck(file: string, flags: RunFlags): Promise<VerifyChunksReport> {
  const { baseDir: _, modules: __, ...options } = runOptions(flags, { baseDir: '' });
  return interruptible((signal) =>
    withProgress('verify', !quietly(flags), (onProgress) =>
      verify(file, undefined, { ...options, signal, onProgress }),
    ),
  );
}

/** Compares the values with the sources, with a progress bar, until done or stopped by a signal. */
export function runVerification(
  file: string,
  manifest: Manifest,
  flags: RunFlags,
): Promise<VerifyReport> {
  return interruptible((signal) =>
    withProgress('verify', !quietly(flags), (onProgress) =>
      // The description of an empty manifest is undefined, which would ask for the checksums.
      verify(file, manifest.description ?? (null as never), {
        ...runOptions(flags, manifest),
        signal,
        onProgress,
      }),
    ),
  );
}

export function verifyText(report: VerifyReport, onlyDifferent = false): string {
  const lines = report.datasets
    .filter(({ equal }) => !(equal && onlyDifferent))
    .map(({ path, equal, values, problem }) =>
      equal ? `equal    ${path}: ${formatCount(values, 'value')}` : `DIFFERS  ${path}: ${problem}`,
    )
    .map(printable);
  const { rawBytes, seconds, datasets, values } = report;
  const different = datasets.filter(({ equal }) => !equal).length;
  const rate = `${formatSeconds(seconds)}, ${formatBytes(rawBytes / seconds)}/s`;
  lines.push(
    report.equal
      ? `${printable(report.path)} is equal to its sources: ${formatCount(values, 'value')} in ${formatCount(datasets.length, 'dataset')}, ${rate}`
      : `${printable(report.path)} differs from its sources in ${different} of ${formatCount(datasets.length, 'dataset')}`,
  );
  return lines.join('\n');
}

export function chunksText(report: VerifyChunksReport, onlyDifferent = false): string {
  const lines = report.datasets
    .filter(({ equal }) => !(equal && onlyDifferent))
    .map(({ path, state, chunks, storedBytes, problem }) =>
      state === 'intact'
        ? `intact     ${path}: ${formatCount(chunks, 'chunk')}, ${formatBytes(storedBytes)}`
        : `${state.toUpperCase().padEnd(WORD)}${path}: ${problem}`,
    );
  lines.push(...report.missing.map((line) => `MISSING    ${line}`));
  if (!onlyDifferent)
    lines.push(...report.unchecked.map((path) => `unchecked  ${path}: has no checksums`));
  lines.push(chunksSummary(report));
  return lines.map(printable).join('\n');
}

/** Width of the first column. */
const WORD = 11;

function chunksSummary(report: VerifyChunksReport): string {
  const { path, state, storedBytes, seconds, datasets, chunks } = report;
  const all = formatCount(datasets.length, 'dataset');
  const rate = `${formatSeconds(seconds)}, ${formatBytes(storedBytes / seconds)}/s`;
  if (report.equal)
    return `${path} matches its checksums: ${formatCount(chunks, 'chunk')} in ${all}, ${rate}`;
  const count = datasets.filter((one) => one.state === state).length;
  if (state === 'damaged') return `${path} is damaged in ${count} of ${all}`;
  if (report.missing.length > 0) return `${path} was recovered and is incomplete`;
  return (
    `${path} cannot be confirmed: another program changed ${count} of ${all} after the checksums were ` +
    'taken; verify the file with its manifest, which compares every value'
  );
}
