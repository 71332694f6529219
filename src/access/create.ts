import { inspect } from 'node:util';
import { checkStorage, type DataIOOptions } from '../description/index.js';
import { DTYPES, type DType, type FormatBound, isDType, LayoutError } from '../layout/index.js';
import { OptionError } from '../option-error.js';
import { type DatasetSpec, specifyNew } from '../plan/index.js';

/** How to create a dataset: its type, shape and storage options, named as in h5py. */
export interface CreateOptions extends DataIOOptions {
  /** Type of the items, as named in NumPy. */
  readonly dtype: DType;
  /** Length of each axis, in elements; 0 is allowed for axes that will grow. */
  readonly shape: readonly number[];
}

/**
 * Decides how a new dataset will be stored.
 *
 * @throws DescriptionError if a storage option is unknown or invalid; LayoutError if dtype or shape is invalid, or
 * options do not fit each other
 */
export function specifyCreated(
  path: string,
  options: CreateOptions,
  libver: FormatBound,
): DatasetSpec {
  checkPath(path);
  const { dtype, shape, ...rest } = options;
  if (!isDType(String(dtype))) refuse(path, `a dtype of ${DTYPES.join(', ')}`, dtype);
  // An empty shape is refused as well, because HDF5 can't chunk a scalar.
  if (!isShape(shape)) refuse(path, 'a shape of whole numbers of at least 0', shape);
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
