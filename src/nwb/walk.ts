import type { BulkNode, BulkOutline, GroupNode, Node } from './node.js';

/** Every node of a tree with its absolute path, parents first. */
export function* nodes<Bulk extends BulkOutline>(
  tree: GroupNode<Bulk>,
  path = '',
): Generator<readonly [path: string, node: Node<Bulk>], void, undefined> {
  yield [path || '/', tree];
  for (const [name, child] of Object.entries(tree.children)) {
    if (child.kind === 'group') yield* nodes(child, `${path}/${name}`);
    else yield [`${path}/${name}`, child];
  }
}

/** Every bulk dataset of a tree with its absolute path. */
export function* bulkNodes(
  tree: GroupNode,
): Generator<readonly [path: string, node: BulkNode], void, undefined> {
  for (const [path, node] of nodes(tree)) if (node.kind === 'bulk') yield [path, node];
}
