import { resolve } from 'node:path';
import {
  Dataset,
  File,
  Group,
  Hdf5Error,
  type HdfObject,
  type StoredFilter,
} from '../hdf5/index.js';
import { product } from '../layout/index.js';

/** An object of a file, as it is found. */
export type Inspected = InspectedGroup | InspectedDataset | InspectedLink | InspectedOther;

interface InspectedObject {
  /** Absolute path in the file. */
  readonly path: string;
  /** NWB's `neurodata_type`, where it has one. */
  readonly neurodataType?: string;
}

export interface InspectedGroup extends InspectedObject {
  readonly kind: 'group';
  readonly children: readonly Inspected[];
}

export interface InspectedDataset extends InspectedObject {
  readonly kind: 'dataset';
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly maxshape: readonly (number | null)[];
  readonly layout: string;
  readonly chunks: readonly number[] | null;
  readonly filters: readonly StoredFilter[];
  /** Bytes of the values, and of what is stored of them. */
  readonly rawBytes: number;
  readonly storedBytes: number;
}

export interface InspectedLink {
  readonly kind: 'link';
  readonly path: string;
  /** Of a soft link, or of a further hard link to a group. */
  readonly target?: string;
}

/** A named data type, or what else a file may hold. */
export interface InspectedOther extends InspectedObject {
  readonly kind: 'other';
}

/**
 * The tree of an HDF5 file: groups, datasets with their shapes, chunks and filters, links.
 *
 * @throws Hdf5Error when the file can't be opened
 */
export function inspect(path: string): InspectedGroup {
  using file = new File(resolve(path), 'r');
  return inspectGroup(file, new Map());
}

/** @param seen groups by identity, since hard links may lead round in circles */
function inspectGroup(group: Group, seen: Map<bigint, string>): InspectedGroup {
  seen.set(group.identity, group.path);
  const children = group.links().map(({ name, kind, target }): Inspected => {
    const path = `${group.path === '/' ? '' : group.path}/${name}`;
    if (kind !== 'hard') return { kind: 'link', path, ...(target !== undefined && { target }) };
    using object = group.open(name);
    if (object instanceof Dataset) return inspectDataset(object);
    if (!(object instanceof Group)) return { kind: 'other', path, ...neurodataType(object) };
    const known = seen.get(object.identity);
    return known === undefined ? inspectGroup(object, seen) : { kind: 'link', path, target: known };
  });
  return { kind: 'group', path: group.path, ...neurodataType(group), children };
}

function inspectDataset(dataset: Dataset): InspectedDataset {
  const { path, dtype, shape, maxshape, layout, chunks, storedFilters, storedBytes } = dataset;
  return {
    kind: 'dataset',
    path,
    ...neurodataType(dataset),
    dtype,
    shape,
    maxshape,
    layout,
    chunks,
    filters: storedFilters,
    rawBytes: product(shape) * dataset.itemSize,
    storedBytes,
  };
}

function neurodataType({ attributes }: HdfObject): { neurodataType?: string } {
  if (!attributes.has('neurodata_type')) return {};
  try {
    return { neurodataType: String(attributes.get('neurodata_type').data[0]) };
  } catch (error) {
    // A type that h5lib can't read: the object is shown all the same.
    if (error instanceof Hdf5Error) return {};
    throw error;
  }
}
