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

  /** Makes an empty dataset; its chunks are written, or placed, later. */
  createDataset(name: string, options: DatasetOptions): Dataset {
    const layout = options.layout ?? (options.chunks ? 'chunked' : 'contiguous');
    const handle = native.createDataset(this.handle, name, { filters: [], ...options, layout });
    return new Dataset(handle, this.child(name));
  }

  /** Makes a dataset (contiguous) that holds `value`. */
  writeDataset(name: string, value: Value): Dataset {
    const dataset = this.createDataset(name, { dtype: value.dtype, shape: value.shape });
    dataset.write(value.data);
    return dataset;
  }

  /** @param target path of what the link leads to; need not exist */
  createSoftLink(name: string, target: string): void {
    native.createSoftLink(this.handle, name, target);
  }

  /** By name. */
  links(): Link[] {
    return native.links(this.handle);
  }

  /** Whether a link of this name is in this group; a soft link need not lead anywhere. */
  has(name: string): boolean {
    return native.hasLink(this.handle, name);
  }

  /**
   * Opens an object by path, relative to this group or absolute: a Group, a Dataset, or something else.
   * @throws Hdf5Error where there is none, or it can't be read; and for a path that leads through an
   * external link, which no function here follows
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
