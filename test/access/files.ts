import { join } from 'node:path';
import { asPlacements, File } from '../../src/hdf5/index.js';
import {
  type AccessOptions,
  type CreateOptions,
  type OpenFile,
  type OpenMode,
  open,
} from '../../src/index.js';
import { tempFolder } from '../support/recordings.js';

/** A file with empty datasets, which is deleted after the test. */
export async function newFile(datasets: Readonly<Record<string, CreateOptions>>): Promise<string> {
  const path = join(tempFolder(), 'a.h5');
  await withOpen(path, 'a', (file) => {
    for (const [name, options] of Object.entries(datasets)) file.createDataset(name, options);
  });
  return path;
}

/** Runs a body with an open file, and closes the file. Default: one worker. */
export async function withOpen<T>(
  path: string,
  mode: OpenMode,
  body: (file: OpenFile) => T | Promise<T>,
  options: AccessOptions = { workers: 1 },
): Promise<T> {
  const file = await open(path, mode, options);
  try {
    return await body(file);
  } finally {
    await file.close();
  }
}

/** Number of rows in `damagedFile`, and the first row of its last row of chunks. */
export const DAMAGED = { rows: 37, first: 30, columns: 24 } as const;

/**
 * A file with `/x`, rows of 24 items that hold 1, in chunks of 10 x 3. The first chunks in the last row of
 * chunks, which is only partly filled, are damaged.
 */
export function damagedFile(damaged: number): string {
  const path = join(tempFolder(), 'a.h5');
  const { rows, first, columns } = DAMAGED;
  using file = new File(path, 'w');
  const options = { dtype: 'int16', shape: [rows, columns], maxshape: [null, columns] } as const;
  const filters = [{ kind: 'deflate', level: 4 }] as const;
  using x = file.createDataset('x', { ...options, chunks: [10, 3], filters });
  x.write(new Int16Array(rows * columns).fill(1));
  for (let chunk = 0; chunk < damaged; chunk++) {
    const address = file.reserve(5);
    x.place([first, 3 * chunk], [rows - first, 3], asPlacements(Float64Array.of(address, 5, 0)));
  }
  // Reserved space reads as zeros once the file extends beyond it.
  file.writeDataset('y', { dtype: 'int8', shape: [4], data: new Int8Array(4) }).close();
  return path;
}
