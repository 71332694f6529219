import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** The part of the JSON Schema of manifests that templates are made of. */
interface Definition {
  readonly description?: string;
  readonly properties: Readonly<Record<string, Property>>;
}

export interface Property {
  readonly $ref?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
}

export type Definitions = Readonly<Record<string, Definition>>;

const URL_OF_SCHEMA = new URL('../../../schema/manifest.schema.json', import.meta.url);
/** Where the schema lies in an installed package. */
const INSTALLED = join('node_modules', 'hyperslab', 'schema', 'manifest.schema.json');

/** The objects of a manifest, by the names of their types. */
export function readDefinitions(): Definitions {
  return JSON.parse(readFileSync(URL_OF_SCHEMA, 'utf8')).definitions;
}

/**
 * Where an editor finds the JSON Schema: in the `node_modules` of the folder or of one above it, relative to
 * the folder, so that the manifest can move with its project; else the URL of the running program's own.
 */
export function schemaPath(folder: string): string {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const path = join(at, INSTALLED);
    // An editor would read a path up to its first space.
    if (existsSync(path) && !/\s/.test(relative(folder, path))) {
      const found = relative(folder, path);
      return found.startsWith('..') ? found : `./${found}`;
    }
    if (dirname(at) === at) return URL_OF_SCHEMA.href;
  }
}
