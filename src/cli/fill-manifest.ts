import { DescriptionError, type FillDescription, LayoutError } from '../index.js';
import { UsageError } from './errors.js';
import type { Manifest } from './manifest.js';
import { command } from './shell.js';

/** Whether a manifest names datasets of an existing file to fill, rather than a file to convert. */
export function isFillManifest(manifest: Manifest<unknown>): manifest is Manifest<FillDescription> {
  const { description } = manifest;
  if (typeof description !== 'object' || !description) return false;
  return 'datasets' in description && !('nwbfile' in description);
}

/**
 * Passes the path and the datasets of a manifest to `use`. An error about a dataset becomes a problem of the manifest,
 * which is printed with its line.
 *
 * @throws DescriptionError for a key that `use` does not take; UsageError for the manifest of a conversion; else what
 * `use` throws
 */
export async function withFilling<T>(
  manifest: Manifest<FillDescription>,
  use: (filling: FillDescription) => Promise<T>,
): Promise<T> {
  const filling = checkKeys(manifest.description, manifest.path);
  try {
    return await use(filling);
  } catch (error) {
    throw ofDataset(error, filling.datasets);
  }
}

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
