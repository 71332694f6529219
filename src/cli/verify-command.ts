import {
  formatBytes,
  type VerifyChunksReport,
  type VerifyReport,
  verify,
  verifyChunks,
} from '../index.js';
import { EXIT } from './exit-codes.js';
import { requireFile } from './files.js';
import type { RunFlags } from './flags.js';
import { formatCount, formatSeconds } from './format.js';
import { interruptible } from './interrupt.js';
import { type Manifest, withManifest } from './manifest.js';
import { print, printJson } from './output.js';
import { withProgress } from './progress.js';
import { quietly, runOptions } from './run-options.js';

/** `hyperslab verify FILE [MANIFEST]` */
export async function verifyCommand(
  file: string,
  path: string | undefined,
  flags: RunFlags,
): Promise<number> {
  requireFile(file);
  if (path === undefined) return tell(await runCheck(file, flags), flags, chunksText);
  const report = await withManifest(path, (manifest) => runVerification(file, manifest, flags));
  return tell(report, flags, verifyText);
}

/** Prints a report; returns the exit code. */
function tell<Report extends { readonly equal: boolean }>(
  report: Report,
  { json, quiet }: RunFlags,
  text: (report: Report, onlyDifferent?: boolean) => string,
): number {
  if (json) printJson(report);
  // What differs is the answer, however quiet it is to be.
  else if (!quiet || !report.equal) print(text(report, quiet));
  return report.equal ? EXIT.ok : EXIT.differs;
}

/** Compares the chunks with their checksums, with a progress bar; signals stop it. */
function runCheck(file: string, flags: RunFlags): Promise<VerifyChunksReport> {
  const { baseDir: _, ...options } = runOptions(flags, { baseDir: '' });
  return interruptible((signal) =>
    withProgress('verify', !quietly(flags), (onProgress) =>
      verifyChunks(file, { ...options, signal, onProgress }),
    ),
  );
}

/** Verifies with a progress bar; signals stop it. */
export function runVerification(
  file: string,
  manifest: Manifest,
  flags: RunFlags,
): Promise<VerifyReport> {
  return interruptible((signal) =>
    withProgress('verify', !quietly(flags), (onProgress) =>
      verify(file, manifest.description, { ...runOptions(flags, manifest), signal, onProgress }),
    ),
  );
}

export function verifyText(report: VerifyReport, onlyDifferent = false): string {
  const lines = report.datasets
    .filter(({ equal }) => !(equal && onlyDifferent))
    .map(({ path, equal, values, problem }) =>
      equal ? `equal    ${path}: ${formatCount(values, 'value')}` : `DIFFERS  ${path}: ${problem}`,
    );
  const { rawBytes, seconds, datasets, values } = report;
  const different = datasets.filter(({ equal }) => !equal).length;
  const rate = `${formatSeconds(seconds)}, ${formatBytes(rawBytes / seconds)}/s`;
  lines.push(
    report.equal
      ? `${report.path} is equal to its sources: ${formatCount(values, 'value')} in ${formatCount(datasets.length, 'dataset')}, ${rate}`
      : `${report.path} differs from its sources in ${different} of ${formatCount(datasets.length, 'dataset')}`,
  );
  return lines.join('\n');
}

export function chunksText(report: VerifyChunksReport, onlyDifferent = false): string {
  const lines = report.datasets
    .filter(({ equal }) => !(equal && onlyDifferent))
    .map(({ path, equal, chunks, storedBytes, problem }) =>
      equal
        ? `intact     ${path}: ${formatCount(chunks, 'chunk')}, ${formatBytes(storedBytes)}`
        : `DAMAGED    ${path}: ${problem}`,
    );
  lines.push(...report.missing.map((line) => `MISSING    ${line}`));
  if (!onlyDifferent)
    lines.push(...report.unchecked.map((path) => `unchecked  ${path}: has no checksums`));
  const { storedBytes, seconds, datasets, chunks } = report;
  const damaged = datasets.filter(({ equal }) => !equal).length;
  const rate = `${formatSeconds(seconds)}, ${formatBytes(storedBytes / seconds)}/s`;
  lines.push(
    report.equal
      ? `${report.path} fits its checksums: ${formatCount(chunks, 'chunk')} in ${formatCount(datasets.length, 'dataset')}, ${rate}`
      : damaged > 0
        ? `${report.path} is damaged in ${damaged} of ${formatCount(datasets.length, 'dataset')}`
        : `${report.path} was recovered, and is incomplete`,
  );
  return lines.join('\n');
}
