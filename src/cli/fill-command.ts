import { resolve } from 'node:path';
import { DescriptionError, type FillDescription, fill } from '../index.js';
import { EXIT } from './exit-codes.js';
import type { RunFlags } from './flags.js';
import { interruptible } from './interrupt.js';
import { type Manifest, withManifest } from './manifest.js';
import { print, printJson, printWarnings } from './output.js';
import { withProgress } from './progress.js';
import { reportText } from './report-text.js';
import { quietly, runOptions } from './run-options.js';

/** `hyperslab fill MANIFEST` */
export async function fillCommand(path: string, flags: RunFlags): Promise<number> {
  const report = await withManifest<Awaited<ReturnType<typeof fill>>, FillDescription>(
    path,
    (manifest) => runFill(manifest, flags),
  );
  if (flags.json) printJson(report);
  else printWarnings(report.warnings);
  if (!quietly(flags)) print(reportText(report));
  return EXIT.ok;
}

function runFill(manifest: Manifest<FillDescription>, flags: RunFlags) {
  const { path, datasets, ...rest } = manifest.description ?? {};
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) {
    const message = `Expected the keys path and datasets but received '${unknown}'`;
    throw new DescriptionError([{ path: unknown, message }]);
  }
  const options = runOptions(flags, manifest);
  return interruptible(
    (signal) =>
      withProgress('fill', !quietly(flags), (onProgress) =>
        fill(path, datasets, { ...options, signal, onProgress }),
      ),
    () => `${resolve(manifest.baseDir, path)} holds what had been written`,
  );
}
