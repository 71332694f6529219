import { NwbError } from './errors.js';
import { type DatasetNode, dataset, type GroupNode, group } from './node.js';
import { text } from './values.js';

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

/** The group `/specifications`: namespace / version / schema files as JSON texts. */
export function specificationsGroup(specifications: Specifications): GroupNode {
  const namespaces = Object.entries(specifications).map(([name, { version, files }]) => {
    if (!files.namespace) {
      const received = Object.keys(files).join(', ') || 'nothing';
      throw new NwbError(`specifications/${name}/${version}`, "a file 'namespace'", received);
    }
    const datasets = Object.entries(files).map(([file, json]): [string, DatasetNode] => [
      file,
      dataset(text(json)),
    ]);
    return [name, group({}, [[version, group({}, datasets)]])] as const;
  });
  return group({}, namespaces);
}
