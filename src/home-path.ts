import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * Replaces `~/` at the beginning of a path with the home folder. No shell does so in a manifest or after `--output=`,
 * and a folder named `~` would be created.
 *
 * @param path one for which {@link isOtherHome} is false
 */
export function expandHome(path: string): string {
  return /^~(\/|$)/.test(path) ? join(homedir(), path.slice(1)) : path;
}

/** An absolute path, expanded as by {@link expandHome}. */
export function resolvePath(baseDir: string, path: string): string {
  return resolve(baseDir, expandHome(path));
}

/** A pattern for JSON Schema: the beginning of any path, even a blank one, for which {@link isOtherHome} is false. */
export const PATH_PATTERN = '^(?!~[^/])';

/** Whether a shell would read a path as one in the home folder of another user: `~maria/data`. */
export function isOtherHome(path: string): boolean {
  return /^~[^/]/.test(path);
}

/** What messages ask for instead of such a path. */
export const OWN_HOME = "a path such as '~/data' (or './~data' for a name that begins with ~)";
