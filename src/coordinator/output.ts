import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { OutputError } from './errors.js';
import { writeError } from './journal/index.js';
import type { Input } from './prepare.js';

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
  readonly path: string;
  readonly partial: string;
  /** Beside the partial file, what is known of it; see `Journal`. */
  readonly journal: string;
  readonly #overwrite: boolean;

  /** @throws OutputError when its name is too long, or its folder can't be written. */
  constructor(path: string, overwrite: boolean) {
    this.path = path;
    this.partial = `${path}${PARTIAL}`;
    this.journal = journalOf(path);
    this.#overwrite = overwrite;
    this.#checkFolder();
  }

  /** @throws OutputError where writing would destroy a file that is still to be read. */
  checkInputs(inputs: readonly Input[]): void {
    for (const written of [this.path, this.partial, this.journal]) refuseInput(written, inputs);
  }

  /** @throws OutputError when there is a file that may not be replaced */
  checkFree(): void {
    if (!existsSync(this.path)) return;
    if (statSync(this.path).isDirectory())
      throw new OutputError(this.path, 'the path of a file', 'a folder');
    if (!this.#overwrite)
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

  /** Makes the bytes of the partial file last. */
  sync(): void {
    sync(this.partial);
  }

  /** Gives the closed partial file its name. */
  publish(): void {
    // Its bytes first: after a power failure the name must not stand for less.
    this.sync();
    this.checkFree();
    renameSync(this.partial, this.path);
    this.syncFolder();
  }

  /** Makes the names of the files last. */
  syncFolder(): void {
    syncFolder(dirname(this.path));
  }

  discard(): void {
    rmSync(this.partial, { force: true });
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
  const descriptor = openSync(path, 'r+');
  try {
    fsyncSync(descriptor);
  } catch (error) {
    throw writeError(error, path);
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
