import { Dataset, type DatasetOptions } from './dataset.js';
import { Hdf5Error } from './errors.js';
import { type NativeLink, native } from './native.js';
import { HdfObject } from './object.js';
import type { Value } from './value.js';

export type Link = NativeLink;

export class Group extends HdfObject {
  createGroup(name: string): Group {
    return new Group(native.createGroup(this.handle, name), this.child(name));
  }

  /**
   * Opens the group at a path, relative to this group or absolute. Creates it, and the groups above it, if they
   * are missing, as h5py's `require_group` does.
   *
   * @throws Hdf5Error if a part of the path leads to something other than a group
   */
  requireGroup(path: string): Group {
    const root = path.startsWith('/') ? '/' : '';
    const names = path.split('/').filter((name) => name !== '');
    for (let depth = 1; depth <= names.length; depth++) {
      const above = `${root}${names.slice(0, depth).join('/')}`;
      const group = this.has(above) ? this.group(above) : this.createGroup(above);
      if (depth === names.length) return group;
      group.close();
    }
    return this.group(path);
  }

  /** Creates a dataset without values; they are written, or its chunks placed, later. */
  createDataset(name: string, options: DatasetOptions): Dataset {
    const layout = options.layout ?? (options.chunks ? 'chunked' : 'contiguous');
    const handle = native.createDataset(this.handle, name, { filters: [], ...options, layout });
    return new Dataset(handle, this.child(name));
  }

  /** Creates a contiguous dataset that holds `value`. */
  writeDataset(name: string, value: Value): Dataset {
    const dataset = this.createDataset(name, { dtype: value.dtype, shape: value.shape });
    dataset.write(value.data);
    return dataset;
  }

  /** @param target path that the link leads to; need not exist */
  createSoftLink(name: string, target: string): void {
    native.createSoftLink(this.handle, name, target);
  }

  /** Deletes a link of this group, and the object that it leads to unless another hard link does. */
  deleteLink(name: string): void {
    native.deleteLink(this.handle, name);
  }

  /** All links of the group, sorted by name. */
  links(): Link[] {
    return native.links(this.handle);
  }

  /** Whether the group has a link of this name. A soft link counts even if its target does not exist. */
  has(name: string): boolean {
    return native.hasLink(this.handle, name);
  }

  /**
   * Opens an object by its path, relative to this group or absolute.
   * @returns a Group, a Dataset, or an HdfObject for a named data type
   * @throws Hdf5Error if the object does not exist or can't be read, or if the path leads through an external
   * link, which h5lib never follows
   */
  open(path: string): HdfObject {
    const { kind, handle } = native.openObject(this.handle, path);
    const absolute = this.child(path);
    if (kind === 'group') return new Group(handle, absolute);
    if (kind === 'dataset') return new Dataset(handle, absolute);
    return new HdfObject(handle, absolute);
  }

  group(path: string): Group {
    const object = this.open(path);
    if (object instanceof Group) return object;
    object.close();
    throw expected('a group', object);
  }

  dataset(path: string): Dataset {
    const object = this.open(path);
    if (object instanceof Dataset) return object;
    object.close();
    throw expected('a dataset', object);
  }

  private child(path: string): string {
    if (path.startsWith('/')) return path;
    return this.path === '/' ? `/${path}` : `${this.path}/${path}`;
  }
}

function expected(what: string, object: HdfObject): Hdf5Error {
  const received =
    object instanceof Group
      ? 'a group'
      : object instanceof Dataset
        ? 'a dataset'
        : 'a named data type';
  const description = `expected ${what} but received ${received}`;
  return new Hdf5Error({
    call: 'H5Oopen',
    path: object.path,
    frames: [{ function: 'H5Oopen', description, major: '', minor: '' }],
  });
}
