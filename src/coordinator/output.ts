import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { OutputError } from './errors.js';

/**
 * The file that is made: it grows as `NAME.partial` and takes its name when it is complete, so a
 * file that has its name is whole.
 */
export class Output {
  readonly path: string;
  readonly partial: string;
  readonly #overwrite: boolean;

  /** @throws OutputError when the file exists, or its folder can't be written. */
  constructor(path: string, overwrite: boolean) {
    this.path = path;
    this.partial = `${path}.partial`;
    this.#overwrite = overwrite;
    this.#checkFree();
    this.#checkFolder();
  }

  /** Gives the closed partial file its name. */
  publish(): void {
    // Its bytes first: after a power failure the name must not stand for less.
    sync(this.partial);
    this.#checkFree();
    renameSync(this.partial, this.path);
    syncFolder(dirname(this.path));
  }

  discard(): void {
    rmSync(this.partial, { force: true });
  }

  #checkFree(): void {
    if (!existsSync(this.path)) return;
    if (statSync(this.path).isDirectory())
      throw new OutputError(this.path, 'the path of a file', 'a folder');
    if (!this.#overwrite)
      throw new OutputError(this.path, 'a new file (or the option overwrite)', 'one that exists');
  }

  #checkFolder(): void {
    const folder = dirname(this.path);
    try {
      accessSync(folder, constants.W_OK);
    } catch (cause) {
      const received = existsSync(folder) ? 'one that is not' : 'no such folder';
      throw new OutputError(this.path, `a folder ${folder} that can be written`, received, cause);
    }
  }
}

function sync(path: string): void {
  const descriptor = openSync(path, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function syncFolder(path: string): void {
  try {
    const descriptor = openSync(path, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // Not every file system can sync a folder; the file is complete all the same.
  }
}
