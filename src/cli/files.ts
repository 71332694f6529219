import { existsSync, statSync } from 'node:fs';
import { UsageError } from './errors.js';

/**
 * @param path of a file that the command line names
 * @returns its size in bytes
 * @throws UsageError when it is not there, or no file
 */
export function requireFile(path: string): number {
  // Not with throwIfNoEntry, which throws where a parent is a file.
  const status = existsSync(path) ? statSync(path) : undefined;
  if (!status) throw new UsageError(`Expected an HDF5 file at ${path} but received no such file`);
  if (status.isDirectory())
    throw new UsageError(`Expected an HDF5 file at ${path} but received a folder`);
  // A pipe that no one writes to would be waited for, for ever.
  if (!status.isFile())
    throw new UsageError(`Expected an HDF5 file at ${path} but received something that is no file`);
  return status.size;
}
