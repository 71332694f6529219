import { statSync } from 'node:fs';
import { File, type Group, Hdf5Error, scalar } from '../hdf5/index.js';
import { SchemaError } from './errors.js';
import {
  readSpecificationsFolder,
  type Specification,
  type Specifications,
} from './from-folder.js';

/**
 * The schemas to cache in a file, from an NWB file that has them or a folder of schema YAML.
 *
 * @throws SchemaError if there are none
 */
export async function loadSpecifications(
  path: string | undefined,
): Promise<Specifications | undefined> {
  if (path === undefined) return undefined;
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status)
    throw new SchemaError({
      path,
      expected: 'an NWB file or a folder',
      received: 'no such file or folder',
    });
  return status.isDirectory() ? readSpecificationsFolder(path) : readSpecificationsFile(path);
}

/** The newest version of each namespace that is cached in an NWB file. */
function readSpecificationsFile(path: string): Specifications {
  using file = new File(path, 'r');
  const root = openRoot(file);
  const specifications: Record<string, Specification> = {};
  for (const { name } of root.links()) {
    using namespace = root.group(name);
    const newest = namespace
      .links()
      .map((link) => link.name)
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
      .at(-1);
    if (newest === undefined) continue;
    using files = namespace.group(newest);
    specifications[name] = { version: newest, files: readTexts(files) };
  }
  if (!specifications.core)
    throw new SchemaError({
      path,
      expected: "the namespace 'core'",
      received: Object.keys(specifications).join(', ') || 'none',
    });
  return specifications;
}

function openRoot(file: File): Group {
  try {
    return file.group('/specifications');
  } catch (error) {
    if (!(error instanceof Hdf5Error)) throw error;
    throw new SchemaError({
      path: file.filename,
      expected: "a group '/specifications'",
      received: 'none',
    });
  }
}

function readTexts(group: Group): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const { name } of group.links()) {
    using dataset = group.dataset(name);
    const value = dataset.read();
    // Old versions of PyNWB wrote arrays of one string.
    texts[name] = String(value.shape.length === 0 ? scalar(value) : value.data[0]);
  }
  return texts;
}
