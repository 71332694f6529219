import { resolvePath } from '../home-path.js';
import { type FillDescription, type FillReport, fill } from '../index.js';
import { withFilling } from './fill-manifest.js';
import type { ManifestFlags } from './flags.js';
import { interruptible } from './interrupt.js';
import { type Manifest, withManifest } from './manifest.js';
import { parseSettings } from './manifest-settings.js';
import { withProgress } from './progress.js';
import { quietly, runOptions } from './run-options.js';
import { tellReport } from './tell-report.js';

/** `hyperslab fill MANIFEST` */
export async function fillCommand(path: string, flags: ManifestFlags): Promise<number> {
  const report = await withManifest<FillReport, FillDescription>(
    path,
    (manifest) => runFill(manifest, flags),
    parseSettings(flags.set),
  );
  return tellReport(report, flags);
}

/** Fills with a progress bar until all is written or a signal stops it. */
function runFill(manifest: Manifest<FillDescription>, flags: ManifestFlags): Promise<FillReport> {
  const options = runOptions(flags, manifest);
  return withFilling(manifest, ({ path, datasets }) =>
    interruptible(
      (signal) =>
        withProgress('fill', !quietly(flags), (onProgress) =>
          fill(path, datasets, { ...options, signal, onProgress }),
        ),
      () => `${resolvePath(manifest.baseDir, path)} keeps the data written so far`,
    ),
  );
}
