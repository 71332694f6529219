import { bulkData, checkDescription } from '../../src/description/index.js';
import { type BulkInfo, buildTree, type Node } from '../../src/nwb/index.js';
import type { Specifications } from '../../src/schema/index.js';
import type { SourceInfo } from '../../src/sources/types.js';

export function info(shape: readonly number[], dtype: SourceInfo['dtype'] = 'int16'): SourceInfo {
  return { dtype, shape, storageOrder: shape.map((_, axis) => axis), files: [] };
}

/** The info of an iterator that begins with `shape`. */
export function begun(
  shape: readonly number[],
  maxshape: readonly (number | null)[],
  dtype: BulkInfo['dtype'] = 'int16',
): BulkInfo {
  return { dtype, shape, maxshape };
}

/**
 * The tree of a description. `shapes` holds type and shape of each bulk dataset by its label. Object ids count
 * from 1.
 */
export function grow(
  input: unknown,
  shapes: Readonly<Record<string, BulkInfo>> = {},
  specifications?: Specifications,
) {
  const description = checkDescription(input);
  const infos = new Map(bulkData(description).map(({ label, data }) => [data, shapes[label]]));
  let id = 0;
  const objectId = () => String(++id);
  const now = new Date('2026-11-23T12:00:00.250Z');
  return buildTree(description, infos, { now, objectId, version: '1.2.3', specifications });
}

/** The node at an absolute path. */
export function at(root: Node, path: string): Node {
  return path.split('/').reduce((node, name) => {
    if (name === '') return node;
    const child = node.kind === 'group' ? node.children[name] : undefined;
    if (!child) throw new Error(`nothing at ${name} of ${path}`);
    return child;
  }, root);
}

/** A small dataset, attribute or whole set of attributes as plain JavaScript values. */
export function plain(value: {
  readonly shape: readonly number[];
  readonly data: Iterable<unknown>;
}) {
  const items = [...value.data];
  return value.shape.length === 0 ? items[0] : items;
}

/** The values of a small dataset. */
export function valueAt(root: Node, path: string) {
  const node = at(root, path);
  if (node.kind !== 'dataset') throw new Error(`${path} is a ${node.kind}`);
  return plain(node.value);
}

/** The attributes of an object, without its id. */
export function attributesAt(root: Node, path: string) {
  const node = at(root, path);
  if (node.kind === 'link') throw new Error(`${path} is a link`);
  const entries = Object.entries(node.attributes).map(([name, value]) => [name, plain(value)]);
  const { object_id: _, ...attributes } = Object.fromEntries(entries);
  return attributes;
}
