import type { Description } from '../index.js';
import { ManifestError } from './errors.js';
import {
  emptyManifest,
  manifestFolder,
  manifestName,
  readManifest,
  refusal,
} from './manifest-input.js';
import { offsetOf, sourceOf } from './manifest-lines.js';
import { locatedProblems, type Places } from './manifest-problems.js';
import { type Setting, withSettings } from './manifest-settings.js';
import { parseManifest, valuesOf } from './manifest-yaml.js';

export interface Manifest<Content = Description> extends Places {
  /** Folder at which relative paths in the manifest start. */
  readonly baseDir: string;
  /** As written in the manifest and set by `settings`; not checked yet. */
  readonly description: Content;
}

/**
 * Reads a manifest and passes it to `use`. An error of `use` about parts of the description becomes a
 * ManifestError, which names the manifest and the line of each problem, or the setting.
 *
 * @throws ManifestError where the file is not a manifest or its description is invalid; else what `use`
 * throws
 */
export async function withManifest<T, Content = Description>(
  path: string,
  use: (manifest: Manifest<Content>) => Promise<T>,
  settings: readonly Setting[] = [],
): Promise<T> {
  const { document, lines } = parseManifest(path, await readManifest(path));
  if (document.contents === null) throw emptyManifest(path);
  const written = contentOf<Content>(path, () => valuesOf(document) as Content);
  const places: Places = {
    path,
    settings,
    line: (place) => {
      const offset = offsetOf(document, place);
      return offset === undefined ? undefined : lines.linePos(offset).line;
    },
    source: (place) => sourceOf(document, place),
  };
  try {
    const description = withSettings(written, settings);
    return await use({ ...places, baseDir: manifestFolder(path), description });
  } catch (error) {
    const problems = locatedProblems(error, places);
    if (!problems) throw error;
    throw new ManifestError({ path: manifestName(path), problems }, { cause: error });
  }
}

function contentOf<Content>(path: string, read: () => Content): Content {
  try {
    return read();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw refusal(path, `${manifestName(path)}: ${message}`, cause);
  }
}
