import type { Dataset, File } from '../hdf5/index.js';
import { type BulkOutline, type GroupNode, type Node, nodes } from '../nwb/index.js';
import type { DatasetSpec } from '../plan/index.js';

/**
 * Creates all groups, datasets, links and attributes of a tree in an empty file. Bulk datasets get their
 * extent, chunks, maxshape, fill value and filters, but no data.
 *
 * @returns the open bulk datasets, in the order of `datasets`
 */
export function createDatasets(
  file: File,
  tree: GroupNode<BulkOutline>,
  datasets: readonly DatasetSpec[],
): Dataset[] {
  const specs = new Map(datasets.map((dataset) => [dataset.path, dataset]));
  for (const [path, node] of nodes(tree)) if (path !== '/') create(file, path, node, specs);
  // Values and attributes come last, because object references need their targets to exist.
  for (const [path, node] of nodes(tree)) complete(file, path, node);
  return datasets.map(({ path }) => file.dataset(path));
}

function create(
  file: File,
  path: string,
  node: Node<BulkOutline>,
  specs: ReadonlyMap<string, DatasetSpec>,
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
      createBulk(file, specs.get(path) as DatasetSpec).close();
  }
}

/** Creates a dataset with its full extent, but without data. */
export function createBulk(file: File, dataset: DatasetSpec): Dataset {
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

/** Writes the values of small datasets, and all attributes. */
function complete(file: File, path: string, node: Node<BulkOutline>): void {
  if (node.kind === 'link') return;
  using object = file.open(path);
  if (node.kind === 'dataset') (object as Dataset).write(node.value.data);
  for (const [name, value] of Object.entries(node.attributes)) object.attributes.set(name, value);
}
