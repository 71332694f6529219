import { resolvePath } from '../home-path.js';
import { outputFiles } from '../index.js';
import { UsageError } from './errors.js';
import type { ConvertFlags } from './flags.js';
import { withManifest } from './manifest.js';
import { manifestName } from './manifest-input.js';
import type { Setting } from './manifest-settings.js';

/**
 * Checks, before anything is written, that several manifests can be converted by one command. Manifests that cannot be
 * read fail when it is their turn.
 *
 * @throws UsageError for `--output`, which is one path, or two manifests that would write the same file
 */
export async function requireDistinctOutputs(
  manifests: readonly string[],
  { output }: ConvertFlags,
  settings: readonly Setting[],
): Promise<void> {
  if (output !== undefined)
    throw new UsageError({
      problem: `Expected one manifest with --output but received ${manifests.length}; without it, each names its output under the key path`,
    });
  const writers = new Map<string, string>();
  for (const manifest of manifests) {
    const written = await outputOf(manifest, settings).catch(() => undefined);
    if (written === undefined) continue;
    const other = writers.get(written);
    if (other !== undefined)
      throw new UsageError({ path: written, problem: collision(other, manifest, written) });
    writers.set(written, manifest);
  }
}

/** The output path that a manifest names, with symbolic links followed; undefined if it names none. */
function outputOf(manifest: string, settings: readonly Setting[]): Promise<string | undefined> {
  return withManifest(
    manifest,
    async ({ baseDir, description }) => {
      const path: unknown = description?.path;
      return typeof path === 'string' ? outputFiles(resolvePath(baseDir, path)).path : undefined;
    },
    settings,
  );
}

function collision(one: string, other: string, output: string): string {
  const name = manifestName(one);
  return one === other
    ? `${name} is given twice; give each manifest once`
    : `${name} and ${manifestName(other)} would both write ${output}; give each a path of its own`;
}
