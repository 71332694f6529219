import {
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { preloadLibrary } from './preload.js';
import { tempFolder } from './recordings.js';

export { canPreload as canFault } from './preload.js';

const PAGE = 4096;

/** The sync of a process that fails. */
export interface FailedSync {
  /** Its number, counted from 1. */
  readonly sync: number;
  readonly code: 'EIO' | 'ENOSPC';
}

/**
 * A disk that fails to store bytes from the system's cache. As on Linux, the file still reads correctly and later syncs
 * succeed; the loss shows when the cache is lost.
 */
export class FailingDisk {
  readonly #folder = tempFolder();
  readonly #path: string;

  /** @param path end of the file's path while it is written */
  constructor(path: string) {
    this.#path = path;
    mkdirSync(join(this.#folder, 'disk'));
  }

  /** The environment of a process that writes the file. All its syncs succeed, except for `failed`. */
  environment(failed?: FailedSync): NodeJS.ProcessEnv {
    return {
      LD_PRELOAD: preloadLibrary('write-back'),
      WRITE_BACK_FOLDER: join(this.#folder, 'disk'),
      WRITE_BACK_PATH: this.#path,
      WRITE_BACK_FAIL: failed ? String(failed.sync) : '',
      WRITE_BACK_ERRNO: failed ? String(constants.errno[failed.code]) : '',
    };
  }

  /** Replaces the file by what is on the disk, as after a restart. Returns the number of pages that were lost. */
  loseCache(path: string): number {
    const { ino, size } = statSync(path);
    const part = (ending: string) => join(this.#folder, 'disk', `${ino}.${ending}`);
    if (!existsSync(part('disk'))) throw new Error(`${path} was not written with this disk`);
    const cached = readFileSync(path);
    const disk = Buffer.alloc(size);
    readFileSync(part('disk')).copy(disk);
    const pages = readFileSync(part('pages'));
    let lost = 0;
    for (let page = 0; page * PAGE < size; page++) {
      if (!pages[page]) continue;
      disk.copy(cached, page * PAGE, page * PAGE, (page + 1) * PAGE);
      lost++;
    }
    writeFileSync(path, cached, { flag: 'r+' });
    truncateSync(path, size);
    return lost;
  }
}
