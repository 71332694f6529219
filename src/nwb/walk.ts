import type { BulkNode, GroupNode, Node } from './index.js';

/** Every node of a tree with its absolute path, parents first. */
export function* nodes(
  tree: GroupNode,
  path = '',
): Generator<readonly [path: string, node: Node], void, undefined> {
  yield [path || '/', tree];
  for (const [name, child] of Object.entries(tree.children)) {
    if (child.kind === 'group') yield* nodes(child, `${path}/${name}`);
    else yield [`${path}/${name}`, child];
  }
}

export function* bulkNodes(
  tree: GroupNode,
): Generator<readonly [path: string, node: BulkNode], void, undefined> {
  for (const [path, node] of nodes(tree)) if (node.kind === 'bulk') yield [path, node];
}
