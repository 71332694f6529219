import { existsSync, statSync } from 'node:fs';
import { UsageError } from './errors.js';

/**
 * @param path of a file named on the command line
 * @param what the file should be
 * @returns the size of the file in bytes
 * @throws UsageError where the file does not exist or is not a regular file
 */
export function requireFile(path: string, what = 'an HDF5 file'): number {
  // Not statSync with throwIfNoEntry: false, which throws where a parent is a file.
  const status = existsSync(path) ? statSync(path) : undefined;
  if (!status) throw new UsageError({ problem: `${path} cannot be read: no such file` });
  if (status.isDirectory())
    throw new UsageError({ problem: `Expected ${what} at ${path} but received a folder` });
  // Opening a pipe that nobody writes to would wait forever.
  if (!status.isFile())
    throw new UsageError({
      problem: `Expected ${what} at ${path} but received something other than a file`,
    });
  return status.size;
}
