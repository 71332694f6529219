import { lstatSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { OutputError } from '../errors.js';

/** The limit of Linux. */
const MAX_LINKS = 40;

/**
 * Follows the symbolic links of an output's path, whether or not the file exists. The partial file must be
 * created in the folder of the final file, which may be on another disk than the link.
 *
 * @throws OutputError if links form a loop, or another user may have created one
 */
export function followLinks(path: string): string {
  let place = path;
  for (let links = 0; links < MAX_LINKS; links++) {
    const status = lstatOf(place);
    if (!status?.isSymbolicLink()) return place;
    if (!isOurs(status, place))
      throw new OutputError({
        path,
        problem: `${place} is a symbolic link of user ${status.uid} in a folder that everyone can write to`,
        remedy: 'remove it, or choose another path',
      });
    place = resolve(dirname(place), readlinkSync(place));
  }
  throw new OutputError({
    path,
    problem: `the symbolic links at ${path} form a loop`,
    remedy: 'remove them',
  });
}

/**
 * Checks a file with a predictable name before it is opened. In a shared folder, another user may have created
 * something else under this name.
 *
 * @throws OutputError if the path leads to a link, to no regular file, or to a file that another user may have
 * created
 */
export function requireOwnFile(path: string): void {
  const status = lstatOf(path);
  if (!status) return;
  const refuse = (what: string): never => {
    throw new OutputError({
      path,
      problem: `${path} is ${what}`,
      remedy: 'remove it, or choose another path',
    });
  };
  if (!status.isFile()) refuse(kindOf(status));
  if (!isOurs(status, path))
    refuse(`a file of user ${status.uid} in a folder that everyone can write to`);
}

/** The kind of a file, in words. */
export function kindOf(status: Stats): string {
  if (status.isDirectory()) return 'a folder';
  if (status.isSymbolicLink()) return 'a symbolic link';
  if (status.isFIFO()) return 'a FIFO';
  if (status.isSocket()) return 'a socket';
  if (status.isFile()) return 'a file';
  return 'a device';
}

/** The mode bit of a folder in which users other than the owner and the group may create files. */
const WORLD_WRITABLE = 0o002;

/**
 * Whether no other user can have created the file. The rule is that of Linux's `protected_regular` and
 * `protected_symlinks`: in a world-writable folder, the file must belong to this user or to the folder's owner.
 */
function isOurs({ uid }: Stats, path: string): boolean {
  const folder = statSync(dirname(path));
  if ((folder.mode & WORLD_WRITABLE) === 0) return true;
  return uid === process.geteuid?.() || uid === folder.uid;
}

/** Codes of the system for paths where nothing is, or can be. */
const NOTHING = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'];

/** The status of a path; undefined if it does not exist, is too long, or a parent is no folder. */
function lstatOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    if (NOTHING.includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
