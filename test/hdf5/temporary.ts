import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { File, type FileOptions } from '../../src/hdf5/index.js';

/** Runs `body` with a temporary folder and removes it afterwards. */
export function withFolder<T>(body: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'hyperslab-hdf5-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  let result: T;
  try {
    result = body(folder);
  } catch (error) {
    remove();
    throw error;
  }
  if (result instanceof Promise) return result.finally(remove) as T;
  remove();
  return result;
}

/** Runs `body` with a new file, then closes and removes the file. */
export function withFile<T>(body: (file: File, path: string) => T, options: FileOptions = {}): T {
  return withFolder((folder) => {
    const path = join(folder, 'test.h5');
    using file = new File(path, 'w', options);
    return body(file, path);
  });
}
