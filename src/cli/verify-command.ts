import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  formatBytes,
  type VerifyChunksReport,
  type VerifyReport,
  verify,
  verifyFill,
} from '../index.js';
import { UsageError } from './errors.js';
import { EXIT } from './exit-codes.js';
import { requireHdf5 } from './files.js';
import { isFillManifest, withFilling } from './fill-manifest.js';
import type { ManifestFlags, RunFlags } from './flags.js';
import { formatCount, formatSeconds } from './format.js';
import { isManifestName, recognise } from './given-file.js';
import { interruptible } from './interrupt.js';
import { type Manifest, withManifest } from './manifest.js';
import { STDIN } from './manifest-input.js';
import { parseSettings, settingFlags } from './manifest-settings.js';
import { print, printJson } from './output.js';
import { printable } from './printable.js';
import { withProgress } from './progress.js';
import { quietly, runOptions } from './run-options.js';
import { eachFile, type TellFlags } from './several.js';
import { command, quotedPath } from './shell.js';

/** `hyperslab verify FILE [MANIFEST]`, or `hyperslab verify FILE...` */
export async function verifyCommand(
  paths: readonly string[],
  flags: ManifestFlags & TellFlags,
): Promise<number> {
  const [first] = paths;
  const last = paths.at(-1) as string;
  if (paths.length === 2 && isManifest(first) && !isManifest(last))
    throw new UsageError({
      path: first,
      problem: `Expected the NWB file before the manifest; run ${command('verify', last, quotedPath(first))}`,
    });
  const settings = parseSettings(flags.set);
  const hasManifest = paths.length > 1 && isManifest(last);
  if (settings.length > 0 && !hasManifest)
    throw new UsageError({
      problem: `Expected a manifest with --set; run ${command('verify', last, 'MANIFEST', ...settingFlags(settings))}`,
    });
  if (!hasManifest) return eachFile(paths, flags, (file) => checkFile(file, flags));
  const files = paths.slice(0, -1);
  if (files.length > 1)
    throw new UsageError({
      problem: `Expected one file to compare with the manifest ${last} but received ${files.length}`,
    });
  const [file] = files;
  requireVerifiable(file);
  const report = await withManifest(
    last,
    (manifest) => runVerification(file, manifest, flags),
    settings,
  );
  tell(report, flags, verifyText);
  return report.equal ? EXIT.ok : EXIT.differs;
}

/** Whether a path, the last of several, is meant as a manifest rather than as another file. */
function isManifest(path: string): boolean {
  if (path === STDIN || isManifestName(path)) return true;
  return existsSync(path) && ['text', 'folder'].includes(recognise(path).kind);
}

/** @throws UsageError unless the path may be that of an HDF5 file */
function requireVerifiable(file: string): void {
  requireHdf5(file, `the file comes first: ${command('verify', 'FILE', quotedPath(file))}`);
}

async function checkFile(file: string, flags: RunFlags): Promise<number> {
  requireVerifiable(file);
  const checked = await runCheck(file, flags);
  tell(checked, flags, chunksText);
  return chunksExit(checked);
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
    withProgress('verify', !quietly(flags), (onProgress) => {
      const options = { ...runOptions(flags, manifest), signal, onProgress };
      if (isFillManifest(manifest))
        return withFilling(manifest, ({ datasets }) =>
          verifyFill(resolve(file), datasets, options),
        );
      // The description of an empty manifest is undefined, which would ask for the checksums.
      return verify(file, manifest.description ?? (null as never), options);
    }),
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
