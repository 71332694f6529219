import { existsSync, realpathSync, statSync } from 'node:fs';
import { resolvePath } from '../home-path.js';
import { OutputError, open, outputFiles } from '../index.js';
import { optionName } from '../surface.js';
import { reason } from '../wording.js';
import type { PlanFlags } from './flags.js';
import type { Manifest } from './manifest.js';
import { outputDescription } from './output-description.js';

/**
 * The output of a manifest if it is there and complete. A conversion gives a file its name once it is complete, so
 * only files of others, and copies, can be cut short: the file is opened to see that. Its contents are not compared.
 *
 * @returns undefined if the output is missing, or its conversion was interrupted or is under way
 * @throws OutputError if there is something else in its place
 */
export async function completeOutput(
  manifest: Manifest,
  flags: PlanFlags,
): Promise<string | undefined> {
  const description = outputDescription(manifest, flags);
  if (typeof description?.path !== 'string') return undefined;
  const named = resolvePath(manifest.baseDir, description.path);
  // What is no file is refused by the conversion.
  if (!existsSync(named) || !statSync(named).isFile()) return undefined;
  const path = realpathSync(named);
  if (existsSync(outputFiles(path).journal)) return undefined;
  try {
    await (await open(path)).close();
  } catch (cause) {
    throw new OutputError(
      {
        path,
        problem: `${path} exists but is not a complete file: ${reason(cause)}`,
        remedy: `pass ${optionName('overwrite')} to replace it`,
        present: 'file',
      },
      { cause },
    );
  }
  return path;
}
