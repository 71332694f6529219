import { resolvePath } from '../home-path.js';
import { type ConversionReport, type ConversionStart, convert } from '../index.js';
import { completeOutput } from './complete-output.js';
import { requireDistinctOutputs } from './distinct-outputs.js';
import { UsageError } from './errors.js';
import { EXIT } from './exit-codes.js';
import { isFillManifest } from './fill-manifest.js';
import type { ConvertFlags } from './flags.js';
import { type Manifest, withManifest } from './manifest.js';
import { manifestName, STDIN } from './manifest-input.js';
import { parseSettings, settingFlags } from './manifest-settings.js';
import { locateWarnings } from './manifest-warnings.js';
import { print, printJson, printWarnings } from './output.js';
import { outputDescription } from './output-description.js';
import { printable } from './printable.js';
import { sumText } from './report-text.js';
import { resumable } from './resumable.js';
import { journalOptions, quietly, runOptions } from './run-options.js';
import { seriesText } from './series-text.js';
import { eachFile, type TellFlags } from './several.js';
import { command, quotedPath } from './shell.js';
import { tellReport } from './tell-report.js';

/** `hyperslab convert MANIFEST...` */
export async function convertCommand(
  manifests: readonly string[],
  flags: ConvertFlags & TellFlags,
): Promise<number> {
  const settings = parseSettings(flags.set);
  if (manifests.length > 1) await requireDistinctOutputs(manifests, flags, settings);
  return eachFile(
    manifests,
    flags,
    (path, turn) => withManifest(path, (manifest) => convertOne(manifest, flags, turn), settings),
    { key: 'manifest', show: manifestName },
  );
}

/** @param turn as for `eachFile`: one of several manifests is told in one line */
async function convertOne(
  manifest: Manifest,
  flags: ConvertFlags,
  turn: string | undefined,
): Promise<number> {
  const which = turn !== undefined && { manifest: manifest.path };
  const complete = flags.skipExisting ? await completeOutput(manifest, flags) : undefined;
  if (complete !== undefined) {
    if (flags.json) printJson({ ...which, path: complete, skipped: true });
    else if (!flags.quiet)
      print(`${turn ? `${turn}: ` : ''}skipped, ${printable(complete)} is complete`);
    return EXIT.ok;
  }
  const report = await runConversion(manifest, flags, turn);
  if (turn === undefined) return tellReport(report, flags);
  if (flags.json) printJson({ ...which, ...report });
  else printWarnings(report.warnings);
  if (!quietly(flags)) print(`${turn}: ${sumText(report)}, ${printable(report.path)}`);
  return EXIT.ok;
}

/** Converts with a progress bar until the conversion ends or a signal stops it. */
export async function runConversion(
  manifest: Manifest,
  flags: ConvertFlags,
  turn?: string,
): Promise<ConversionReport> {
  if (isFillManifest(manifest))
    throw new UsageError({
      problem: `Expected the manifest of a conversion at ${manifest.path} but received one of a fill; ${command('fill', manifest.path)} fills its datasets`,
    });
  const description = outputDescription(manifest, flags);
  const { overwrite = false, resume = false, libver = 'earliest' } = flags;
  const options = { ...runOptions(flags, manifest), ...journalOptions(flags) };
  const path = resolvePath(manifest.baseDir, String(description?.path));
  const again = againCommand(manifest, flags);
  const label = turn ?? 'convert';
  const report = await resumable({ path, again }, label, flags, (signal, onProgress) =>
    convert(description, {
      ...{ ...options, overwrite, resume, libver, signal, onProgress },
      onStart: ({ series, warnings }) =>
        showStart({ series: turn === undefined ? series : [], warnings }, manifest, flags),
    }),
  );
  return { ...report, warnings: locateWarnings(report.warnings, manifest) };
}

/** The command that converts a manifest again, replacing its output. */
function againCommand({ path, settings }: Manifest, { output }: ConvertFlags): string {
  return command(
    'convert',
    // What came from standard input is there no longer.
    path === STDIN ? 'MANIFEST' : path,
    '--overwrite',
    ...settingFlags(settings),
    ...(output === undefined ? [] : ['--output', quotedPath(output)]),
  );
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
