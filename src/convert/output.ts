import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { OutputError } from '../errors.js';
import { followLinks, kindOf, requireOwnFile } from '../plan/own-file.js';
import type { Input } from '../plan/prepare.js';
import { writeError } from './journal/index.js';
import type { PartialFile } from './partial-file.js';

const PARTIAL = '.partial';
const JOURNAL = '.journal';

/** What file systems take. */
const MOST_NAME = 255;

/** Where it is on record what is done of the output of a path. */
export function journalOf(path: string): string {
  return `${path}${JOURNAL}`;
}

/** The path of the output that a path is, or is the partial file or the journal of. */
export function outputOf(path: string): string {
  const ending = [PARTIAL, JOURNAL].find((one) => path.endsWith(one));
  return ending ? path.slice(0, -ending.length) : path;
}

/**
 * The file that is made: it grows as `NAME.partial` and takes its name when it is complete, so a
 * file that has its name is whole.
 */
export class Output {
  /** Of the file itself, where links lead to it. */
  readonly path: string;
  readonly partial: string;
  /** Beside the partial file, what is known of it; see `Journal`. */
  readonly journal: string;
  readonly #overwrite: boolean;

  /**
   * @throws OutputError when its name is too long, its folder can't be written, or one of its names leads to
   * something else than a file of this user
   */
  constructor(path: string, overwrite: boolean) {
    this.path = followLinks(path);
    this.partial = `${this.path}${PARTIAL}`;
    this.journal = journalOf(this.path);
    this.#overwrite = overwrite;
    this.#checkFolder();
    this.#checkKind();
    requireOwnFile(this.partial);
    requireOwnFile(this.journal);
  }

  /** @throws OutputError where writing would destroy a file that is still to be read. */
  checkInputs(inputs: readonly Input[]): void {
    for (const written of [this.path, this.partial, this.journal]) refuseInput(written, inputs);
  }

  /** @throws OutputError when there is a file that may not be replaced */
  checkFree(): void {
    this.#checkKind();
    if (existsSync(this.path) && !this.#overwrite)
      throw new OutputError(this.path, 'a new file (or the option overwrite)', 'one that exists');
  }

  /** @throws OutputError when there is a file, or a partial one of which no journal knows, that may not be replaced */
  checkNew(): void {
    this.checkFree();
    if (!this.#overwrite && this.partialBytes > 0)
      throw new OutputError(
        this.partial,
        'a new file (or the option overwrite)',
        'one that exists, without its journal',
      );
  }

  /** Bytes of the partial file; 0 where there is none. */
  get partialBytes(): number {
    return statSync(this.partial, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** @throws OutputError where a partial file that is to be made anew has a second name: that would lose its bytes, too */
  requireSingleName(): void {
    const links = lstatSync(this.partial, { throwIfNoEntry: false })?.nlink ?? 1;
    if (links > 1)
      throw new OutputError(
        this.partial,
        'a file of your own, or none',
        'one that has a second name (a hard link)',
      );
  }

  /** Inode of the partial file; undefined where there is none. */
  get partialInode(): bigint | undefined {
    return lstatSync(this.partial, { bigint: true, throwIfNoEntry: false })?.ino;
  }

  /** Makes the bytes of the partial file last. @throws WriteError */
  sync(): void {
    sync(this.partial);
  }

  /**
   * Gives the closed partial file its name.
   *
   * @throws OutputError where another file has taken its place, or the name is taken; WriteError
   */
  publish(partial: PartialFile): void {
    // Its bytes first: after a power failure the name must not stand for less.
    this.sync();
    this.checkFree();
    partial.requireInPlace();
    renameSync(this.partial, this.path);
    if (!partial.isAt(this.path))
      throw new OutputError(
        this.path,
        'the file that was written',
        'another one, which took its place',
      );
    this.syncFolder();
  }

  /** Makes the names of the files last. @throws WriteError */
  syncFolder(): void {
    syncFolder(dirname(this.path));
  }

  /** Removes the partial file, but not another one that has taken its place. */
  discard(partial: PartialFile): void {
    if (partial.isInPlace) rmSync(this.partial);
  }

  /** @throws OutputError for what is no regular file: a name given to it would take the place of a device. */
  #checkKind(): void {
    const found = lstatSync(this.path, { throwIfNoEntry: false });
    if (found?.isFile() ?? true) return;
    throw new OutputError(this.path, 'the path of a file', kindOf(found as Stats));
  }

  #checkFolder(): void {
    const folder = dirname(this.path);
    const refuse = (received: string, cause?: unknown): never => {
      throw new OutputError(this.path, `a folder ${folder} that can be written`, received, cause);
    };
    const length = Buffer.byteLength(basename(this.partial));
    if (length > MOST_NAME) {
      const received = `one of ${length} bytes with what is added to it`;
      throw new OutputError(this.path, `a name of at most ${MOST_NAME} bytes`, received);
    }
    // Not with throwIfNoEntry, which throws where a parent is a file.
    if (!existsSync(folder)) refuse('no such folder');
    if (!statSync(folder).isDirectory()) refuse('a file');
    try {
      accessSync(folder, constants.W_OK);
    } catch (cause) {
      refuse('one that is not', cause);
    }
  }
}

/** @throws OutputError where a file that is to be written is one that is read. */
export function refuseInput(written: string, inputs: readonly Input[]): void {
  const status = statSync(written, { throwIfNoEntry: false });
  const input = status && inputs.find(({ path }) => isSameFile(status, path));
  if (input) throw new OutputError(written, 'a file that is no input', input.purpose);
}

/** By identity, since links may give a file several paths. */
function isSameFile({ dev, ino }: Stats, path: string): boolean {
  const other = statSync(path, { throwIfNoEntry: false });
  return other !== undefined && other.dev === dev && other.ino === ino;
}

function sync(path: string): void {
  const descriptor = openSync(path, constants.O_RDWR | constants.O_NOFOLLOW);
  try {
    fsyncSync(descriptor);
  } catch (error) {
    throw writeError(error, path);
  } finally {
    closeSync(descriptor);
  }
}

/** What systems answer that can't sync a folder, or may not open it to do so; the file is complete all the same. */
const NO_FOLDER_SYNC = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EACCES', 'EPERM']);

function syncFolder(path: string): void {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    fsyncSync(descriptor);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!NO_FOLDER_SYNC.has(code ?? '')) throw writeError(error, `the folder ${path}`);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
