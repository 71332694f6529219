import { statSync } from 'node:fs';
import { UsageError } from './errors.js';

/**
 * @param path of a file that the command line names
 * @returns its size in bytes
 * @throws UsageError when it is not there, or no file
 */
export function requireFile(path: string): number {
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status) throw new UsageError(`Expected an HDF5 file at ${path} but received no such file`);
  if (status.isDirectory())
    throw new UsageError(`Expected an HDF5 file at ${path} but received a folder`);
  return status.size;
}
