import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { SchemaError } from './errors.js';

/**
 * Schemas to be cached in the file, by the name of their namespace; one version of each.
 *
 * `files` holds JSON by the name of the schema file without its extension: `namespace`, and those
 * that the namespace lists (`nwb.base`, `table` …).
 */
export type Specifications = Readonly<Record<string, Specification>>;

export interface Specification {
  readonly version: string;
  readonly files: Readonly<Record<string, string>>;
}

const namespaceFileSchema = z.looseObject({
  namespaces: z.array(
    z.looseObject({
      name: z.string(),
      version: z.string(),
      schema: z.array(
        z.looseObject({ source: z.string().optional(), namespace: z.string().optional() }),
      ),
    }),
  ),
});

type Namespace = z.output<typeof namespaceFileSchema>['namespaces'][number];

interface Found {
  readonly namespace: Namespace;
  /** The YAML file that it is in. */
  readonly file: string;
}

/**
 * Reads the schema of NWB from a folder of YAML files, such as a checkout of nwb-schema: the
 * namespace `core` and those that it includes, from `*namespace.yaml` there or in folders below.
 *
 * @throws SchemaError when a namespace or one of its files is missing, can't be read, or is
 * there in two versions
 */
export async function readSpecificationsFolder(folder: string): Promise<Specifications> {
  const found = await findNamespaces(folder);
  const specifications: Record<string, Specification> = {};
  const wanted = ['core'];
  for (const name of wanted) {
    const entry = found.get(name);
    if (!entry) fail(folder, `the namespace '${name}'`, [...found.keys()].join(', ') || 'none');
    specifications[name] = await readNamespace(entry);
    for (const { namespace } of entry.namespace.schema) {
      if (namespace !== undefined && !wanted.includes(namespace)) wanted.push(namespace);
    }
  }
  return specifications;
}

async function findNamespaces(folder: string): Promise<Map<string, Found>> {
  const found = new Map<string, Found>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error) =>
    fail(folder, 'a folder of schema YAML', String(error.message)),
  );
  const files = entries
    .filter((entry) => entry.isFile() && /(^|\.)namespace\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) {
    const checked = namespaceFileSchema.safeParse(await readYaml(file));
    if (!checked.success) fail(file, "a list 'namespaces' with name, version and schema", 'none');
    for (const namespace of checked.data.namespaces) {
      const other = found.get(namespace.name);
      if (other && other.namespace.version !== namespace.version) {
        const versions = `${other.namespace.version} (${other.file}) and ${namespace.version} (${file})`;
        fail(folder, `one version of '${namespace.name}'`, versions);
      }
      if (!other) found.set(namespace.name, { namespace, file });
    }
  }
  return found;
}

/** Readers look for the files under their names without extension, in the namespace as well. */
async function readNamespace({ namespace, file }: Found): Promise<Specification> {
  const files: Record<string, string> = {};
  const schema: Namespace['schema'] = [];
  for (const part of namespace.schema) {
    if (part.source === undefined) {
      schema.push(part);
      continue;
    }
    const source = part.source.replace(/\.ya?ml$/, '');
    files[source] = JSON.stringify(await readYaml(join(dirname(file), part.source)));
    schema.push({ ...part, source });
  }
  files.namespace = JSON.stringify({ namespaces: [{ ...namespace, schema }] });
  return { version: namespace.version, files };
}

async function readYaml(file: string): Promise<unknown> {
  try {
    return parse(await readFile(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return fail(file, 'a YAML file', reason);
  }
}

function fail(where: string, expected: string, received: string): never {
  throw new SchemaError({ path: where, expected, received });
}
