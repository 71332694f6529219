import { type Dataset, type File, Hdf5Error } from '../hdf5/index.js';
import { LayoutError } from '../layout/index.js';

/**
 * Opens a dataset whose values lie in this file. A file from someone else must not decide which other files are
 * read or overwritten; besides, workers look for chunks in this file only.
 *
 * @throws Hdf5Error if there is no such dataset; LayoutError if its values are in another file: behind an external
 * link, in external storage, or in the sources of a virtual dataset
 */
export function openInside(file: File, path: string): Dataset {
  const refuse = (received: string, cause?: unknown): never => {
    const error = new LayoutError({
      name: path,
      expected: `a dataset stored in ${file.filename}`,
      received,
    });
    if (cause !== undefined) error.cause = cause;
    throw error;
  };
  let dataset: Dataset;
  try {
    dataset = file.dataset(path);
  } catch (error) {
    if (!(error instanceof Hdf5Error && error.leadsOutside)) throw error;
    return refuse('an external link to another file', error);
  }
  const { outside } = dataset;
  if (outside === undefined) return dataset;
  dataset.close();
  return refuse(`a dataset whose values lie ${outside}`);
}
