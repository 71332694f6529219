import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * A path with the home folder in place of `~/`. In manifests and behind `--output=` no shell expands it: otherwise a
 * folder of the name `~` would be created.
 *
 * @param path for which {@link isOtherHome} is false
 */
export function expandHome(path: string): string {
  return /^~(\/|$)/.test(path) ? join(homedir(), path.slice(1)) : path;
}

/** An absolute path, expanded as by {@link expandHome}. */
export function resolvePath(baseDir: string, path: string): string {
  return resolve(baseDir, expandHome(path));
}

/** The pattern of a path for which {@link isOtherHome} is false, for JSON Schema; the path may be blank. */
export const PATH_PATTERN = '^(?!~[^/])';

/** Whether a shell would take a path for one in the home folder of a user who is named: `~maria/data`. */
export function isOtherHome(path: string): boolean {
  return /^~[^/]/.test(path);
}

/** What messages expect of a path instead. */
export const OWN_HOME = "a path such as '~/data' (or './~data' for a name that begins with ~)";
