import { resolve } from 'node:path';
import {
  Dataset,
  File,
  Group,
  Hdf5Error,
  type HdfObject,
  type Link,
  type StoredFilter,
} from '../hdf5/index.js';
import { optionNames, requireKnown } from '../option-error.js';

/** An object of a file, as it is found. */
export type Inspected =
  | InspectedGroup
  | InspectedDataset
  | InspectedLink
  | InspectedOther
  | InspectedUnreadable;

interface InspectedObject {
  /** Absolute path in the file. */
  readonly path: string;
  /** NWB's `neurodata_type`, where it has one. */
  readonly neurodataType?: string;
}

export interface InspectedGroup extends InspectedObject {
  readonly kind: 'group';
  readonly children: readonly Inspected[];
  /** In words, why its links can't be read; it has no children then. */
  readonly problem?: string;
}

/** Lengths and sizes of 2^53 or more are bigints. */
export interface InspectedDataset extends InspectedObject {
  readonly kind: 'dataset';
  readonly dtype: string;
  readonly shape: readonly (number | bigint)[];
  readonly maxshape: readonly (number | bigint | null)[];
  readonly layout: string;
  readonly chunks: readonly number[] | null;
  readonly filters: readonly StoredFilter[];
  /** Bytes of the values, and of what is stored of them. */
  readonly rawBytes: number | bigint;
  readonly storedBytes: number;
  /** Files that hold the values in place of this one, as it names them. */
  readonly externalFiles?: readonly string[];
  /** Of a virtual dataset: those that it consists of, once for each of its parts. */
  readonly virtualSources?: readonly { readonly file: string; readonly path: string }[];
}

export interface InspectedLink {
  readonly kind: 'link';
  readonly path: string;
  /** Of a soft or external link, or of a further hard link to a group. */
  readonly target?: string;
  /** Of an external link: the file that it leads to. */
  readonly file?: string;
}

/** A named data type, or what else a file may hold. */
export interface InspectedOther extends InspectedObject {
  readonly kind: 'other';
}

/** What libhdf5 can't open: it is damaged, or a newer HDF5 wrote it. */
export interface InspectedUnreadable {
  readonly kind: 'unreadable';
  readonly path: string;
  /** In words. */
  readonly problem: string;
}

export interface InspectOptions {
  /** Read the `neurodata_type` of each object: an attribute, which may crash libhdf5 in a damaged file. Default: true */
  readonly neurodataTypes?: boolean;
}

const INSPECT_OPTIONS = optionNames<InspectOptions>({ neurodataTypes: 1 });

/**
 * The tree of any HDF5 file: groups, datasets with their shapes, chunks, filters and sizes, and links. Hard
 * links are followed once, soft and external links not at all. Objects that can't be read are marked.
 *
 *     const { children } = inspect('session.nwb');
 *
 * @throws Hdf5Error if the file can't be opened; OptionError for an unknown option
 */
export function inspect(path: string, options: InspectOptions = {}): InspectedGroup {
  requireKnown(options, INSPECT_OPTIONS);
  const { neurodataTypes = true } = options;
  using file = new File(resolve(path), 'r');
  return new Inspection(neurodataTypes).tree(file);
}

/** A group whose links are being looked at. */
interface Visited {
  readonly group: Group;
  readonly links: Iterator<Link>;
  readonly children: Inspected[];
}

/** A walk over a file. Without recursion: groups may lie in each other more deeply than the stack is. */
class Inspection {
  /** Groups by identity, since hard links may lead round in circles. */
  readonly #seen = new Map<bigint, string>();
  /** From the root to the group that is being looked at. */
  readonly #visited: Visited[] = [];
  readonly #withTypes: boolean;

  constructor(withTypes: boolean) {
    this.#withTypes = withTypes;
  }

  tree(root: Group): InspectedGroup {
    const node = this.#enter(root);
    try {
      for (let visited = this.#visited.at(-1); visited; visited = this.#visited.at(-1)) {
        const { done, value } = visited.links.next();
        if (!done) visited.children.push(this.#follow(visited.group, value));
        else if (this.#visited.pop()?.group !== root) visited.group.close();
      }
    } finally {
      for (const { group } of this.#visited.slice(1)) group.close();
    }
    return node;
  }

  #enter(group: Group): InspectedGroup {
    const children: Inspected[] = [];
    const links = group.links().values();
    this.#seen.set(group.identity, group.path);
    this.#visited.push({ group, links, children });
    return { kind: 'group', path: group.path, ...this.#typeOf(group), children };
  }

  #follow(group: Group, { name, kind, target, file }: Link): Inspected {
    const path = `${group.path === '/' ? '' : group.path}/${name}`;
    if (kind !== 'hard')
      return { kind: 'link', path, ...(target !== undefined && { target }), ...(file && { file }) };
    return readable(path, () => this.#take(group.open(name)));
  }

  #typeOf({ attributes }: HdfObject): { neurodataType?: string } {
    try {
      if (!this.#withTypes || !attributes.has('neurodata_type')) return {};
      return { neurodataType: String(attributes.get('neurodata_type', 1).data[0]) };
    } catch (error) {
      // A type that h5lib can't read: the object is shown all the same.
      if (isOfFile(error)) return {};
      throw error;
    }
  }

  /** Describes an object and closes it, but for a group whose links are then looked at. */
  #take(object: HdfObject): Inspected {
    const before = this.#visited.length;
    try {
      if (object instanceof Dataset) return inspectDataset(object, this.#typeOf(object));
      const { path } = object;
      if (!(object instanceof Group)) return { kind: 'other', path, ...this.#typeOf(object) };
      const known = this.#seen.get(object.identity);
      if (known !== undefined) return { kind: 'link', path, target: known };
      return readable(path, () => this.#enter(object), this.#typeOf(object));
    } finally {
      if (this.#visited.length === before) object.close();
    }
  }
}

/**
 * What a look at an object finds; or that it can't be read, and why.
 *
 * @param group what is known of it, where it is a group
 */
function readable(path: string, look: () => Inspected, group?: object): Inspected {
  try {
    return look();
  } catch (error) {
    if (!isOfFile(error)) throw error;
    const problem = (error instanceof Hdf5Error && error.reason) || error.message;
    if (group) return { kind: 'group', path, ...group, children: [], problem };
    return { kind: 'unreadable', path, problem };
  }
}

/** Whether a damaged file may be the cause: one that names sizes which are none is a RangeError. */
function isOfFile(error: unknown): error is Error {
  return error instanceof Hdf5Error || error instanceof RangeError;
}

function inspectDataset(
  dataset: Dataset,
  type: { readonly neurodataType?: string },
): InspectedDataset {
  const { path, dtype, exactShape, exactMaxshape, layout, chunks, storedFilters } = dataset;
  const { externalFiles, virtualSources, storedBytes, itemSize } = dataset;
  return {
    kind: 'dataset',
    path,
    ...type,
    dtype,
    shape: exactShape,
    maxshape: exactMaxshape,
    layout,
    chunks,
    filters: storedFilters,
    rawBytes: exactProduct([...exactShape, itemSize]),
    storedBytes,
    ...(externalFiles.length > 0 && { externalFiles }),
    ...(virtualSources && { virtualSources }),
  };
}

function exactProduct(lengths: readonly (number | bigint)[]): number | bigint {
  const product = lengths.map(BigInt).reduce((all, length) => all * length, 1n);
  return product <= Number.MAX_SAFE_INTEGER ? Number(product) : product;
}
