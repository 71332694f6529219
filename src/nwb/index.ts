/**
 * The NWB file as a tree of plain data: groups, small datasets, links, and bulk datasets that hold a
 * source, an array or an iterator instead of values. No HDF5, no I/O.
 *
 *     const description = checkDescription(manifest);
 *     const infos = new Map(bulkData(description).map(({ data }) => [data, probe(data)]));
 *     const root = buildTree(description, infos, { now: new Date(), objectId: randomUUID, version });
 *     root.children.acquisition; // { kind: 'group', attributes: {}, children: { … } }
 */

export { type BulkInfo, growsInTime, type SourceInfos } from './bulk-info.js';
export { NWB_VERSION } from './context.js';
export { NwbError } from './errors.js';
export type {
  Attributes,
  BulkNode,
  BulkOutline,
  DatasetNode,
  GroupNode,
  LinkNode,
  Node,
} from './node.js';
export { specificationsGroup } from './specifications-group.js';
export { buildTree, type TreeOptions } from './tree.js';
export { numbers } from './values.js';
export { bulkNodes, nodes } from './walk.js';
