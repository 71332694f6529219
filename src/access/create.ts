import { inspect } from 'node:util';
import { checkStorage, type DataIOOptions } from '../description/index.js';
import type { File } from '../hdf5/index.js';
import { DTYPES, type DType, type FormatBound, isDType, LayoutError } from '../layout/index.js';
import { OptionError } from '../option-error.js';
import { type DatasetSpec, specifyNew } from '../plan/index.js';

/** A dataset that is to be made: h5py's options, and ours for its chunks. */
export interface CreateOptions extends DataIOOptions {
  /** Type of its items, as numpy names it. */
  readonly dtype: DType;
  /** The extent, elements per axis; it may be 0 along axes that will grow. */
  readonly shape: readonly number[];
}

/**
 * How a new dataset will be stored.
 *
 * @throws DescriptionError, LayoutError for options that don't fit
 */
export function specifyCreated(
  path: string,
  options: CreateOptions,
  libver: FormatBound,
): DatasetSpec {
  checkPath(path);
  const { dtype, shape, ...rest } = options;
  if (!isDType(String(dtype))) refuse(path, `a dtype of ${DTYPES.join(', ')}`, dtype);
  // A scalar can't be chunked.
  if (!isShape(shape)) refuse(path, 'a shape of whole numbers from 0 on', shape);
  const storage = checkStorage(rest);
  return specifyNew(
    {
      path: absolute(path),
      dtype,
      shape,
      maxshape: storage.maxshape,
      role: 'generic',
      storage,
      grows: true,
    },
    libver,
  );
}

/**
 * As h5py: makes the groups on the way to a path, where there are none.
 *
 * @throws Hdf5Error where something else than a group is on the way
 */
export function makeGroups(file: File, path: string): void {
  const names = path.split('/').filter((name) => name !== '');
  for (let depth = 1; depth < names.length; depth++) {
    const group = `/${names.slice(0, depth).join('/')}`;
    (file.has(group) ? file.group(group) : file.createGroup(group)).close();
  }
}

function absolute(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}

function checkPath(path: unknown): void {
  if (typeof path !== 'string' || !/[^/]/.test(path))
    throw new OptionError({
      name: 'path',
      expected: 'the path of a new dataset',
      received: inspect(path, { depth: 1 }),
    });
}

function isShape(shape: unknown): boolean {
  return Array.isArray(shape) && shape.length > 0 && shape.every(isLength);
}

function isLength(length: unknown): boolean {
  return Number.isSafeInteger(length) && Number(length) >= 0;
}

function refuse(name: string, expected: string, received: unknown): never {
  throw new LayoutError({ name, expected, received: inspect(received, { depth: 1 }) });
}
