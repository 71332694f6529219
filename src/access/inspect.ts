import { resolve } from 'node:path';
import { Dataset, File, Group, Hdf5Error, type HdfObject, type Link } from '../hdf5/index.js';
import { optionNames, requireKnown } from '../option-error.js';
import type { Inspected, InspectedDataset, InspectedGroup } from './inspected.js';

export interface InspectOptions {
  /**
   * Read the `neurodata_type` of each object. It is an attribute, which may crash libhdf5 if the file is damaged.
   * Default: true.
   */
  readonly neurodataTypes?: boolean;
}

const INSPECT_OPTIONS = optionNames<InspectOptions>({ neurodataTypes: 1 });

/**
 * Lists the tree of any HDF5 file: groups, links, and datasets with their shapes, chunks, filters and sizes. Each
 * group is listed once, even if hard links give it several paths; soft and external links are not followed. Objects
 * that can't be read are listed with the problem.
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

/** A group whose links are being followed. */
interface Visited {
  readonly group: Group;
  readonly links: Iterator<Link>;
  readonly children: Inspected[];
}

/** Walks a file without recursion, because groups may be nested deeper than the call stack. */
class Inspection {
  /** Paths of groups by identity, because hard links may lead round in circles. */
  readonly #seen = new Map<bigint, string>();
  /** The groups from the root to the current one. */
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
      // The object is listed without its type, if the type can't be read.
      if (isOfFile(error)) return {};
      throw error;
    }
  }

  /** Describes an object and closes it, except for a group whose links are to be followed. */
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
 * The result of `look`, or a description of why the object can't be read.
 *
 * @param group properties to list if the object is known to be a group
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

/** Whether a damaged file may have caused an error. Impossible sizes in a file cause a RangeError. */
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
