import { accessSync, constants, statSync } from 'node:fs';
import { isUnchunked } from '../coordinator/index.js';
import { OutputError } from '../errors.js';
import { closeAfterError, type Dataset, File, Hdf5Error } from '../hdf5/index.js';
import { LayoutError } from '../layout/index.js';
import {
  chunkProblem,
  type DatasetSpec,
  type Probed,
  type ProbedDataset,
  specifyStored,
  specifyUnchunked,
  unchunkedProblem,
} from '../plan/index.js';
import { openInside } from './external-links.js';

/**
 * Opens an existing file, runs a body with it, and closes it.
 *
 * @throws OutputError if the file does not exist, or can't be opened or written; errors of the body
 */
export async function withFile<T>(
  filename: string,
  mode: 'r' | 'r+',
  body: (file: File) => Promise<T>,
): Promise<T> {
  const file = openFile(filename, mode);
  let result: T;
  try {
    result = await body(file);
  } catch (error) {
    closeAfterError(file, error);
    throw error;
  }
  file.close();
  return result;
}

function openFile(filename: string, mode: 'r' | 'r+'): File {
  const refuse = (problem: string, cause?: unknown): never => {
    throw new OutputError({ path: filename, problem }, { cause });
  };
  try {
    if (statSync(filename).isDirectory()) refuse(`${filename} is a folder, not an HDF5 file`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') refuse(`${filename} doesn't exist`, error);
    if (code === 'ELOOP') refuse(`the symbolic links at ${filename} form a loop`, error);
    throw error;
  }
  try {
    accessSync(filename, constants.R_OK | constants.W_OK);
  } catch (cause) {
    refuse(`no permission to both read and write ${filename}`, cause);
  }
  try {
    return new File(filename, mode);
  } catch (error) {
    if (!(error instanceof Hdf5Error)) throw error;
    return refuse(
      `${filename} can't be opened as an HDF5 file: ${error.reason || error.message}`,
      error,
    );
  }
}

/**
 * Opens the datasets to fill.
 *
 * @param names absolute paths of different datasets
 * @throws LayoutError if a dataset does not exist, holds no numbers, or has chunks that can't be encoded; and if
 * two paths lead to the same dataset
 */
export function findAll(file: File, names: readonly string[]): Dataset[] {
  const known = new Map<bigint, string>();
  return names.map((name) => {
    const dataset = find(file, name);
    const problem = isUnchunked(dataset) ? unchunkedProblem(dataset) : chunkProblem(dataset);
    if (problem) throw new LayoutError({ name, ...problem });
    const same = known.get(dataset.identity);
    if (same !== undefined)
      throw new LayoutError({
        name,
        expected: 'a dataset of its own',
        received: `the same dataset as ${same}`,
      });
    known.set(dataset.identity, name);
    return dataset;
  });
}

function find(file: File, name: string): Dataset {
  const refuse = (received: string): never => {
    throw new LayoutError({ name, expected: `a dataset of ${file.filename}`, received });
  };
  try {
    return openInside(file, name);
  } catch (error) {
    if (!(error instanceof Hdf5Error)) throw error;
    const reason = error.reason || error.message;
    const other = /^expected .* but received (.*)$/.exec(reason);
    if (other) return refuse(other[1]);
    return refuse(
      /doesn't exist/.test(reason) ? `none: ${reason}` : `one that can't be opened: ${reason}`,
    );
  }
}

/**
 * Matches a dataset with its data, and specifies the extent that it will need. Only an iterator may give less
 * data than the dataset holds.
 *
 * @throws LayoutError if type or shape of the data do not fit the dataset
 */
export function fit(dataset: Dataset, probed: Probed): ProbedDataset {
  const { path, dtype, shape, maxshape } = specify(dataset, dataset.shape);
  const { info } = probed;
  if (info.dtype !== dtype)
    throw new LayoutError({ name: path, expected: `data of ${dtype}`, received: info.dtype });
  const isIterator = 'maxshape' in info && info.maxshape !== undefined;
  const fits =
    info.shape.length === shape.length &&
    info.shape.every(
      (length, axis) =>
        (isIterator || length >= shape[axis]) &&
        length <= (maxshape[axis] ?? Number.POSITIVE_INFINITY),
    );
  if (!fits)
    throw new LayoutError({
      name: path,
      expected: `data of shape ${show(shape)}${growthText(dataset)},`,
      received: `data of shape ${show(isIterator ? info.maxshape : info.shape)}`,
    });
  const extent = shape.map((length, axis) => Math.max(length, info.shape[axis]));
  return { spec: specify(dataset, extent), probed };
}

/** @param extent that the dataset will have */
function specify(dataset: Dataset, extent: readonly number[]): DatasetSpec {
  return isUnchunked(dataset) ? specifyUnchunked(dataset) : specifyStored(dataset, extent);
}

function growthText({ layout, maxshape }: Dataset): string {
  return layout === 'chunked'
    ? `, or longer within ${show(maxshape)}`
    : `, since a ${layout} dataset can't grow`;
}

function show(lengths: readonly (number | null)[] | undefined): string {
  return `[${lengths?.map(String).join(', ')}]`;
}
