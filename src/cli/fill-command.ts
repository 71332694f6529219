import { resolvePath } from '../home-path.js';
import {
  DescriptionError,
  type FillDescription,
  type FillReport,
  fill,
  LayoutError,
} from '../index.js';
import { UsageError } from './errors.js';
import { EXIT } from './exit-codes.js';
import type { RunFlags } from './flags.js';
import { interruptible } from './interrupt.js';
import { type Manifest, withManifest } from './manifest.js';
import { print, printJson, printWarnings } from './output.js';
import { withProgress } from './progress.js';
import { reportText } from './report-text.js';
import { quietly, runOptions } from './run-options.js';
import { command } from './shell.js';

/** `hyperslab fill MANIFEST` */
export async function fillCommand(path: string, flags: RunFlags): Promise<number> {
  const report = await withManifest<FillReport, FillDescription>(path, (manifest) =>
    runFill(manifest, flags),
  );
  if (flags.json) printJson(report);
  else printWarnings(report.warnings);
  if (!quietly(flags)) print(reportText(report));
  return EXIT.ok;
}

/** Fills with a progress bar until all is written or a signal stops it. */
async function runFill(manifest: Manifest<FillDescription>, flags: RunFlags): Promise<FillReport> {
  const { path, datasets } = checkKeys(manifest.description, manifest.path);
  const options = runOptions(flags, manifest);
  try {
    return await interruptible(
      (signal) =>
        withProgress('fill', !quietly(flags), (onProgress) =>
          fill(path, datasets, { ...options, signal, onProgress }),
        ),
      () => `${resolvePath(manifest.baseDir, path)} keeps the data written so far`,
    );
  } catch (error) {
    throw ofDataset(error, datasets);
  }
}

/** @throws DescriptionError for a key that is not passed on to `fill()`; UsageError for the manifest of a conversion */
function checkKeys(description: FillDescription, manifest: string): FillDescription {
  // A manifest that is not a mapping lacks both keys, and `fill()` refuses it for that.
  if (typeof description !== 'object' || !description || Array.isArray(description))
    return {} as FillDescription;
  if ('nwbfile' in description)
    throw new UsageError({
      problem: `Expected a manifest with path and datasets at ${manifest} but received one of a conversion; ${command('convert', manifest)} converts it`,
    });
  const problems = Object.keys(description)
    .filter((key) => key !== 'path' && key !== 'datasets')
    .map((key) => ({
      path: key,
      message: `Unknown key '${key}' (known keys: path, datasets)`,
    }));
  if (problems.length > 0) throw new DescriptionError({ problems });
  return description;
}

/** Turns an error about a dataset into a problem of the manifest, which is printed with its line. */
function ofDataset(error: unknown, datasets: FillDescription['datasets']): unknown {
  if (!(error instanceof LayoutError)) return error;
  const { message, fields } = error;
  if (!Object.hasOwn(datasets ?? {}, fields.name)) return error;
  return new DescriptionError({ problems: [{ path: `datasets.${fields.name}`, message }] });
}
