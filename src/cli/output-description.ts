import { existsSync, statSync } from 'node:fs';
import { isOtherHome, OWN_HOME, resolvePath } from '../home-path.js';
import type { Description } from '../index.js';
import { UsageError } from './errors.js';
import type { PlanFlags } from './flags.js';
import type { Manifest } from './manifest.js';
import { manifestStatus } from './manifest-input.js';

type GivenManifest = Pick<Manifest, 'path' | 'baseDir' | 'description'>;

/**
 * The description of a manifest, with the output path that the flags ask for: relative to the working directory.
 *
 * @throws UsageError if the output is the manifest, which `--overwrite` could replace otherwise, or in the home folder of
 * another user
 */
export function outputDescription(manifest: GivenManifest, { output }: PlanFlags): Description {
  const { description } = manifest;
  const isMapping = typeof description === 'object' && description !== null;
  // A manifest that is not a mapping is refused later, with its line.
  const asked = isMapping && output !== undefined;
  if (asked && isOtherHome(output))
    throw new UsageError({ problem: `Expected ${OWN_HOME} for --output but received '${output}'` });
  const described = asked ? { ...description, path: resolvePath('', output) } : description;
  refuseManifest(manifest, described?.path);
  return described;
}

function refuseManifest({ path, baseDir }: GivenManifest, output: unknown): void {
  if (typeof output !== 'string') return;
  const file = resolvePath(baseDir, output);
  // Not statSync with throwIfNoEntry: false, which throws where a parent is a file.
  if (!existsSync(file)) return;
  const found = statSync(file);
  const manifest = manifestStatus(path);
  if (found.ino === manifest.ino && found.dev === manifest.dev)
    throw new UsageError({
      problem: `Expected an output other than the manifest but received ${output}`,
    });
}
