import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  type ConversionReport,
  type ConversionStart,
  convert,
  type Description,
} from '../index.js';
import { UsageError } from './errors.js';
import type { ConvertFlags } from './flags.js';
import { type Manifest, withManifest } from './manifest.js';
import { print, printWarnings } from './output.js';
import { resumable, tell } from './resumable.js';
import { journalOptions, quietly, runOptions, withOutput } from './run-options.js';
import { seriesText } from './series-text.js';

/** `hyperslab convert MANIFEST` */
export async function convertCommand(path: string, flags: ConvertFlags): Promise<number> {
  const report = await withManifest(path, (manifest) => runConversion(manifest, flags));
  return tell(report, flags);
}

/** Converts with a progress bar until the conversion ends or a signal stops it. */
export function runConversion(manifest: Manifest, flags: ConvertFlags): Promise<ConversionReport> {
  const description = withOutput(manifest.description, flags.output);
  refuseManifest(manifest, description);
  const { overwrite = false, resume = false, libver = 'earliest' } = flags;
  const options = { ...runOptions(flags, manifest), ...journalOptions(flags) };
  const path = resolve(manifest.baseDir, String(description?.path));
  return resumable(path, 'convert', flags, (signal, onProgress) =>
    convert(description, {
      ...{ ...options, overwrite, resume, libver, signal, onProgress },
      onStart: (start) => showStart(start, flags),
    }),
  );
}

/** Shows what is about to be converted, so that a mistake is seen before hours have passed. */
function showStart({ series, warnings }: ConversionStart, flags: ConvertFlags): void {
  if (!flags.json) printWarnings(warnings);
  if (!quietly(flags) && series.length > 0) print(seriesText(series));
}

/** Without this check `--overwrite` could replace the manifest. */
function refuseManifest({ path, baseDir }: Manifest, description: Description): void {
  const output: unknown = description?.path;
  if (typeof output !== 'string') return;
  const file = resolve(baseDir, output);
  // Not statSync with throwIfNoEntry: false, which throws where a parent is a file.
  if (!existsSync(file)) return;
  const found = statSync(file);
  const manifest = statSync(path);
  if (found.ino === manifest.ino && found.dev === manifest.dev)
    throw new UsageError({
      problem: `Expected an output other than the manifest but received ${output}`,
    });
}
