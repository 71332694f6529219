import type { Specifications } from '../schema/index.js';
import { NwbError } from './errors.js';
import { type DatasetNode, dataset, type GroupNode, group } from './node.js';
import { text } from './values.js';

/**
 * The group `/specifications`, which caches schemas: one group per namespace, in it one per version, in it
 * the schema files as JSON texts.
 *
 * @throws {NwbError} if a namespace lacks the file `namespace`, which readers start from
 */
export function specificationsGroup(specifications: Specifications): GroupNode {
  const namespaces = Object.entries(specifications).map(([name, { version, files }]) => {
    if (!files.namespace) {
      const received = Object.keys(files).join(', ') || 'nothing';
      throw new NwbError({
        name: `specifications/${name}/${version}`,
        expected: "a file 'namespace'",
        received,
      });
    }
    const datasets = Object.entries(files).map(([file, json]): [string, DatasetNode] => [
      file,
      dataset(text(json)),
    ]);
    return [name, group({}, [[version, group({}, datasets)]])] as const;
  });
  return group({}, namespaces);
}
