import { accessSync, constants, existsSync, lstatSync, type Stats, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { OutputError } from '../errors.js';
import { pathHint } from '../path-hint.js';
import { optionName } from '../surface.js';
import { type Input, refuseInput } from './inputs.js';
import { requireJournal } from './journal-magic.js';
import { followLinks, kindOf, requireOwnFile } from './own-file.js';

const PARTIAL = '.partial';
const JOURNAL = '.journal';

/** Bytes that file systems allow for a file name. */
const MAX_NAME = 255;

const OTHER_PATH = 'choose another path';

/** The files of a conversion's output. */
export interface OutputFiles {
  /** Path of the complete file; symbolic links are followed. */
  readonly path: string;
  /** Path of the file while it grows. */
  readonly partial: string;
  /** Path of the journal, which exists until the file is complete and is what `resume` continues from. */
  readonly journal: string;
}

/**
 * The files of a conversion's output, whether they exist or not.
 *
 * @param path of the output, of its partial file or of its journal
 * @throws OutputError for symbolic links that form a loop, or that another user may have put there
 */
export function outputFiles(path: string): OutputFiles {
  const ending = [PARTIAL, JOURNAL].find((one) => path.endsWith(one));
  return filesAt(ending ? path.slice(0, -ending.length) : path);
}

/** The files of an output whose own path may end like that of a partial file or a journal. */
function filesAt(output: string): OutputFiles {
  const path = followLinks(output);
  return { path, partial: `${path}${PARTIAL}`, journal: `${path}${JOURNAL}` };
}

/**
 * The names of a conversion's output, and the checks that they may be written. The file grows as `NAME.partial`
 * and takes its name once it is complete, so a file with its final name is whole.
 */
export class Output implements OutputFiles {
  /** Path of the file itself: symbolic links are followed. */
  readonly path: string;
  readonly partial: string;
  /** Path of the journal, which records what is in the partial file. */
  readonly journal: string;
  readonly #overwrite: boolean;

  /**
   * @throws OutputError if the name is too long, the folder is not writable, or the file, its partial file or its
   * journal is not a regular file, or belongs to another user
   */
  constructor(path: string, overwrite: boolean) {
    const files = filesAt(path);
    this.path = files.path;
    this.partial = files.partial;
    this.journal = files.journal;
    this.#overwrite = overwrite;
    this.#checkFolder();
    this.#checkKind();
    requireOwnFile(this.partial);
    requireOwnFile(this.journal);
  }

  /** @throws OutputError if writing would destroy an input */
  checkInputs(inputs: readonly Input[]): void {
    for (const written of [this.path, this.partial, this.journal]) refuseInput(written, inputs);
  }

  /** @throws OutputError if the file exists and may not be replaced */
  checkFree(): void {
    this.#checkKind();
    if (existsSync(this.path) && !this.#overwrite)
      throw new OutputError({
        path: this.path,
        problem: `${this.path} already exists`,
        remedy: `pass ${optionName('overwrite')} to replace it`,
        present: 'file',
      });
  }

  /** @throws OutputError if the file, or a partial file without a journal, exists and may not be replaced */
  checkNew(): void {
    this.checkFree();
    if (!this.#overwrite && this.partialBytes > 0)
      throw new OutputError({
        path: this.partial,
        problem: `${this.partial} already exists, without a journal to resume it from`,
        remedy: `pass ${optionName('overwrite')} to replace it`,
        present: 'file',
      });
  }

  /** @throws OutputError if the name of the journal is taken by another file */
  checkJournal(): void {
    requireJournal(this.journal);
  }

  /** Bytes of the partial file; 0 if there is none. */
  get partialBytes(): number {
    return statSync(this.partial, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** @throws OutputError if the partial file has a hard link: emptying it would empty the other name, too */
  requireSingleName(): void {
    const links = lstatSync(this.partial, { throwIfNoEntry: false })?.nlink ?? 1;
    if (links > 1)
      throw new OutputError({
        path: this.partial,
        problem: `${this.partial} also exists under another name (a hard link), and that file would be overwritten too`,
        remedy: `delete ${this.partial}; the file under the other name is kept`,
      });
  }

  /** Inode of the partial file; undefined if there is none. */
  get partialInode(): bigint | undefined {
    return lstatSync(this.partial, { bigint: true, throwIfNoEntry: false })?.ino;
  }

  /** @throws OutputError if the path is no regular file: renaming over it would replace a device */
  #checkKind(): void {
    const found = lstatSync(this.path, { throwIfNoEntry: false });
    if (found?.isFile() ?? true) return;
    throw new OutputError({
      path: this.path,
      problem: `${this.path} is ${kindOf(found as Stats)}`,
      remedy: 'name a file',
    });
  }

  #checkFolder(): void {
    const folder = dirname(this.path);
    const { path } = this;
    const refuse = (why: string, remedy: string, cause?: unknown): never => {
      const problem = `${path} can't be written: ${why}`;
      throw new OutputError({ path, problem, remedy }, { cause });
    };
    const length = Buffer.byteLength(basename(this.partial));
    if (length > MAX_NAME)
      refuse(
        `its name with ${PARTIAL} has ${length} bytes, more than the ${MAX_NAME} that a file system allows`,
        'choose a shorter name',
      );
    // statSync with throwIfNoEntry would throw if a parent is a file.
    if (!existsSync(folder)) refuse(`folder ${folder} doesn't exist`, folderRemedy(folder));
    if (!statSync(folder).isDirectory()) refuse(`${folder} is not a folder`, OTHER_PATH);
    try {
      accessSync(folder, constants.W_OK);
    } catch (cause) {
      refuse(`folder ${folder} is not writable`, OTHER_PATH, cause);
    }
  }
}

/** What to do about a folder that does not exist. */
function folderRemedy(folder: string): string {
  const hint = pathHint(folder);
  // A folder that is missing in a missing folder needs no second message.
  return hint === undefined || hint.includes("doesn't exist")
    ? `create it, or ${OTHER_PATH}`
    : hint;
}
