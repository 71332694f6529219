import { lstatSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { OutputError } from '../errors.js';

/** As many links as Linux follows. */
const MAX_LINKS = 40;

/**
 * The path that the links of an output lead to, whether or not there is a file yet: the file is made beside
 * its final place, which may be on another disk than the link.
 *
 * @throws OutputError for links that lead in circles, and for one that a stranger may have put there
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
    problem: `the symbolic links at ${path} form a circle`,
    remedy: 'remove them',
  });
}

/**
 * Checks a file whose name anyone can predict before it is opened: in a shared folder somebody may have put
 * something else there.
 *
 * @throws OutputError for a link, for what is no regular file, and for a file that a stranger may have put there
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

/** What a path leads to that is no regular file, in words. */
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
 * Whether no stranger can have put something there. It is the rule of Linux's `protected_regular` and
 * `protected_symlinks`: in a folder that everyone may write, it belongs to this user or to the folder's owner.
 */
function isOurs({ uid }: Stats, path: string): boolean {
  const folder = statSync(dirname(path));
  if ((folder.mode & WORLD_WRITABLE) === 0) return true;
  return uid === process.geteuid?.() || uid === folder.uid;
}

/** Undefined where nothing has the name, also where a parent is no folder. */
function lstatOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
