import { lstatSync } from 'node:fs';
import { OutputError } from '../errors.js';
import type { FileIdentity } from '../hdf5/index.js';

/** The partial file while it is open. Another file may take its path, so it is known by its identity. */
export class PartialFile {
  readonly path: string;
  readonly identity: FileIdentity;

  constructor(path: string, identity: FileIdentity) {
    this.path = path;
    this.identity = identity;
  }

  /** Whether the file is still at its path. */
  get isInPlace(): boolean {
    return this.isAt(this.path);
  }

  /** Whether the file is at a path. */
  isAt(path: string): boolean {
    const found = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    return found?.dev === this.identity.device && found.ino === this.identity.inode;
  }

  /** @throws OutputError if another file, or no file, is at its path */
  requireInPlace(): void {
    if (this.isInPlace) return;
    const isGone = lstatSync(this.path, { throwIfNoEntry: false }) === undefined;
    throw new OutputError({
      path: this.path,
      problem: isGone
        ? `${this.path} was removed or renamed while it was being written`
        : `${this.path} was replaced by another file while it was being written`,
    });
  }
}
