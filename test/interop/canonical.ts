import { Dataset, type File, Group, type HdfObject, type Value } from '../../src/hdf5/index.js';

/** A value in a form that is the same for every reader; see canonical.py. */
export interface CanonicalValue {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Numbers: hexadecimal digits of their little-endian bytes. */
  readonly data: string | readonly string[];
}

export type CanonicalTree = Record<string, Record<string, unknown>>;

export function canonicalValue({ dtype, shape, data }: Value): CanonicalValue {
  return { dtype, shape, data: ArrayBuffer.isView(data) ? hex(data) : (data as readonly string[]) };
}

/** Everything that h5lib reads from a file, by path. */
export function canonicalTree(file: File): CanonicalTree {
  const tree: CanonicalTree = { '/': { kind: 'group', attributes: attributesOf(file) } };
  walk(file, '', tree);
  return tree;
}

function walk(group: Group, path: string, tree: CanonicalTree): void {
  for (const { name, kind, target } of group.links()) {
    const where = `${path}/${name}`;
    if (kind === 'soft') {
      tree[where] = { kind, target };
      continue;
    }
    using item = group.open(name);
    const attributes = attributesOf(item);
    if (item instanceof Dataset) {
      tree[where] = { kind: 'dataset', attributes, ...storageOf(item), value: contentOf(item) };
    } else if (item instanceof Group) {
      tree[where] = { kind: 'group', attributes };
      walk(item, where, tree);
    }
  }
}

function attributesOf({ attributes }: HdfObject): Record<string, CanonicalValue> {
  const names = attributes.names();
  return Object.fromEntries(names.map((name) => [name, canonicalValue(attributes.get(name))]));
}

function storageOf(dataset: Dataset): Record<string, unknown> {
  const { maxshape, bigEndian, layout, chunks, storedFilters, fillvalue } = dataset;
  return {
    maxshape,
    bigEndian,
    layout,
    chunks,
    filters: storedFilters.map(({ id }) => id),
    fillvalue: ArrayBuffer.isView(fillvalue) ? hex(fillvalue) : null,
  };
}

function contentOf(dataset: Dataset): CanonicalValue | null {
  return dataset.dtype === 'unsupported' ? null : canonicalValue(dataset.read());
}

function hex({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('hex');
}
