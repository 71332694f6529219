import { closeSync, constants, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { OutputError } from '../errors.js';
import { writeError } from '../hdf5/index.js';
import type { Output } from '../plan/index.js';
import type { PartialFile } from './partial-file.js';

/** Syncs the bytes of the partial file to the disk. @throws WriteError */
export function syncPartial({ partial }: Output): void {
  const descriptor = openSync(partial, constants.O_RDWR | constants.O_NOFOLLOW);
  try {
    fsyncSync(descriptor);
  } catch (error) {
    throw writeError(error, partial);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Gives the closed partial file its final name.
 *
 * @throws OutputError if another file has taken the place of the partial file, or a file with the final name exists
 * and may not be replaced; WriteError
 */
export function publish(output: Output, partial: PartialFile): void {
  // The bytes first: after a power failure the final name must not stand for an incomplete file.
  syncPartial(output);
  output.checkFree();
  partial.requireInPlace();
  renameSync(output.partial, output.path);
  if (!partial.isAt(output.path))
    throw new OutputError({
      path: output.path,
      problem: `another file took the place of ${output.partial} just before it was renamed to ${output.path}`,
      remedy: 'convert it again, and let no other program write there',
    });
  syncFolder(output);
}

/** Removes the partial file, unless another file has taken its place. */
export function discard(partial: PartialFile): void {
  if (partial.isInPlace) rmSync(partial.path);
}

/** Errors of systems that can't sync a folder, or don't let this user open it. They are ignored. */
const NO_FOLDER_SYNC = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EACCES', 'EPERM']);

/** Syncs the folder of the output, and with it the names of its files. @throws WriteError */
export function syncFolder({ path }: Output): void {
  const folder = dirname(path);
  let descriptor: number | undefined;
  try {
    descriptor = openSync(folder, 'r');
    fsyncSync(descriptor);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!NO_FOLDER_SYNC.has(code ?? '')) throw writeError(error, `the folder ${folder}`);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
