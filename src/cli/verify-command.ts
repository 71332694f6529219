import { formatBytes, type VerifyReport, verify } from '../index.js';
import { EXIT } from './exit-codes.js';
import { requireFile } from './files.js';
import type { RunFlags } from './flags.js';
import { formatCount, formatSeconds } from './format.js';
import { interruptible } from './interrupt.js';
import { type Manifest, withManifest } from './manifest.js';
import { print, printJson } from './output.js';
import { withProgress } from './progress.js';
import { quietly, runOptions } from './run-options.js';

/** `hyperslab verify FILE MANIFEST` */
export async function verifyCommand(file: string, path: string, flags: RunFlags): Promise<number> {
  requireFile(file);
  const report = await withManifest(path, (manifest) => runVerification(file, manifest, flags));
  if (flags.json) printJson(report);
  // What differs is the answer, however quiet it is to be.
  else if (!flags.quiet || !report.equal) print(verifyText(report, flags.quiet));
  return report.equal ? EXIT.ok : EXIT.differs;
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
