import { join } from 'node:path';
import {
  type AccessOptions,
  type CreateOptions,
  type OpenFile,
  type OpenMode,
  open,
} from '../../src/index.js';
import { tempFolder } from '../support/recordings.js';

/** A file with empty datasets; it is gone when the test has ended. */
export async function newFile(datasets: Readonly<Record<string, CreateOptions>>): Promise<string> {
  const path = join(tempFolder(), 'a.h5');
  await withOpen(path, 'a', (file) => {
    for (const [name, options] of Object.entries(datasets)) file.createDataset(name, options);
  });
  return path;
}

/** Runs a body with an open file, which is closed afterwards; one worker, unless options ask for more. */
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
