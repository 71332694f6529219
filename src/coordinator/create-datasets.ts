import type { Dataset, File } from '../hdf5/index.js';
import type { GroupNode, Node } from '../nwb/index.js';
import { nodes } from '../nwb/walk.js';
import type { LaidOut } from '../plan/new-dataset.js';

/**
 * Makes the tree in an empty file. Bulk datasets are there in full extent, and empty: chunked,
 * resizable where asked, with their fill value and filters.
 *
 * @returns the open bulk datasets, in the order of `datasets`
 */
export function allocate(file: File, tree: GroupNode, datasets: readonly LaidOut[]): Dataset[] {
  const prepared = new Map(datasets.map((dataset) => [dataset.path, dataset]));
  for (const [path, node] of nodes(tree)) if (path !== '/') create(file, path, node, prepared);
  // References need their targets, so they come when everything is there.
  for (const [path, node] of nodes(tree)) complete(file, path, node);
  return datasets.map(({ path }) => file.dataset(path));
}

function create(
  file: File,
  path: string,
  node: Node,
  prepared: ReadonlyMap<string, LaidOut>,
): void {
  switch (node.kind) {
    case 'group':
      file.createGroup(path).close();
      break;
    case 'link':
      file.createSoftLink(path, node.target);
      break;
    case 'dataset':
      file.createDataset(path, { dtype: node.value.dtype, shape: node.value.shape }).close();
      break;
    case 'bulk':
      createBulk(file, prepared.get(path) as LaidOut).close();
  }
}

/** Makes a dataset in full extent, and empty. */
export function createBulk(file: File, dataset: LaidOut): Dataset {
  const { path, dtype, shape, layout, maxshape, fillvalue } = dataset;
  return file.createDataset(path, {
    dtype,
    shape,
    maxshape,
    chunks: layout.chunk,
    filters: layout.filters,
    fillvalue: fillvalue.data,
  });
}

function complete(file: File, path: string, node: Node): void {
  if (node.kind === 'link') return;
  using object = file.open(path);
  if (node.kind === 'dataset') (object as Dataset).write(node.value.data);
  for (const [name, value] of Object.entries(node.attributes)) object.attributes.set(name, value);
}
