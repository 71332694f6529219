import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';

/**
 * A folder of files that several tests read and none of them changes. The first test that needs the folder makes it;
 * all other tests of the run, in any process, get the same one.
 *
 * @param name name of the folder; different contents need different names
 * @param make writes the files, and nothing else
 * @returns the folder's path. The folder is removed at the end of the run.
 */
export function sharedFiles(name: string, make: (folder: string) => void): string {
  const path = join(inject('sharedFolder'), name);
  if (existsSync(path)) return path;
  // Made under another name: two processes may make the folder at the same time, and the first to finish wins.
  const draft = mkdtempSync(`${path}.`);
  make(draft);
  try {
    renameSync(draft, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
    rmSync(draft, { recursive: true });
  }
  return path;
}
