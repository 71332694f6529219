import { resolvePath } from '../home-path.js';
import { type ConversionReport, type ConversionStart, convert } from '../index.js';
import type { ConvertFlags } from './flags.js';
import { type Manifest, withManifest } from './manifest.js';
import { locateWarnings } from './manifest-warnings.js';
import { print, printWarnings } from './output.js';
import { outputDescription } from './output-description.js';
import { resumable, tell } from './resumable.js';
import { journalOptions, quietly, runOptions } from './run-options.js';
import { seriesText } from './series-text.js';
import { command, quotedPath } from './shell.js';

/** `hyperslab convert MANIFEST` */
export async function convertCommand(path: string, flags: ConvertFlags): Promise<number> {
  const report = await withManifest(path, (manifest) => runConversion(manifest, flags));
  return tell(report, flags);
}

/** Converts with a progress bar until the conversion ends or a signal stops it. */
export async function runConversion(
  manifest: Manifest,
  flags: ConvertFlags,
): Promise<ConversionReport> {
  const description = outputDescription(manifest, flags);
  const { overwrite = false, resume = false, libver = 'earliest' } = flags;
  const options = { ...runOptions(flags, manifest), ...journalOptions(flags) };
  const path = resolvePath(manifest.baseDir, String(description?.path));
  const outputFlag = flags.output === undefined ? [] : ['--output', quotedPath(flags.output)];
  const again = command('convert', manifest.path, '--overwrite', ...outputFlag);
  const report = await resumable({ path, again }, 'convert', flags, (signal, onProgress) =>
    convert(description, {
      ...{ ...options, overwrite, resume, libver, signal, onProgress },
      onStart: (start) => showStart(start, manifest, flags),
    }),
  );
  return { ...report, warnings: locateWarnings(report.warnings, manifest) };
}

/** Shows what is about to be converted, so that a mistake is seen before hours have passed. */
function showStart(
  { series, warnings }: ConversionStart,
  manifest: Manifest,
  flags: ConvertFlags,
): void {
  if (!flags.json) printWarnings(locateWarnings(warnings, manifest));
  if (!quietly(flags) && series.length > 0) print(seriesText(series));
}
