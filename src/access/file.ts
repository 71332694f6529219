import { createBulk } from '../coordinator/index.js';
import { closeAtExit } from '../exit-guard.js';
import type { Attributes, Dataset } from '../hdf5/index.js';
import type { DatasetSpec } from '../plan/index.js';
import { type CreateOptions, makeGroups, specifyCreated } from './create.js';
import { OpenDataset } from './dataset.js';
import { openInside } from './external-links.js';
import type { Session } from './session.js';

/** An open file; see {@link open}. */
export class OpenFile {
  readonly #session: Session;
  /** By identity, since links give a dataset several paths. */
  readonly #datasets = new Map<bigint, OpenDataset>();
  #closing: Promise<void> | undefined;
  #endGuard: (() => void) | undefined;

  /** @internal */
  constructor(session: Session) {
    this.#session = session;
    if (session.writable) this.#endGuard = closeAtExit(this);
  }

  get path(): string {
    return this.#session.file.filename;
  }

  /** Attributes of the root group. */
  get attributes(): Attributes {
    return this.#session.file.attributes;
  }

  /**
   * A dataset of numbers by its path: the same object for the same dataset.
   *
   * @throws ClosedError after close(); Hdf5Error where there is none; LayoutError where its items are no numbers, or it is in
   * another file
   */
  dataset(path: string): OpenDataset {
    this.#session.requireOpen(path);
    return this.#take(openInside(this.#session.file, path));
  }

  /**
   * Makes an empty dataset, chunked, and the groups that lead to it.
   *
   *     file.createDataset('/lfp', { dtype: 'int16', shape: [0, 384], maxshape: [null, 384] });
   *
   * @throws ClosedError after close(); OutputError in a file opened with 'r'
   * @throws OptionError, DescriptionError, LayoutError for options that don't fit; Hdf5Error where something has
   * this path
   */
  createDataset(path: string, options: CreateOptions): OpenDataset {
    const { file } = this.#session;
    this.#session.requireOpen(path);
    this.#session.requireWritable(path);
    const spec = specifyCreated(path, options, this.#session.options.libver);
    makeGroups(file, path);
    return this.#take(createBulk(file, spec), spec);
  }

  /**
   * Brings all that was written into the file, so that other programs see it: all of it or, where this
   * fails or the process ends meanwhile, none; see {@link open}.
   */
  async flush(): Promise<void> {
    this.#session.requireOpen(this.path);
    await this.#idle();
    await this.#session.flush();
  }

  /**
   * Does what was asked before, writes what is still to be written and closes the file. When a program
   * has nothing more to do, it is done for it, with a warning; but one that is ended by an error or by
   * `process.exit` loses what was not flushed, and a new file may then be no HDF5 file at all.
   * Closing again does nothing.
   *
   * @throws the error of chunks that could not be written; the file is closed all the same
   */
  async close(): Promise<void> {
    // A second close() does not rethrow.
    if (this.#closing) return this.#closing.catch(() => {});
    this.#session.isClosing = true;
    this.#endGuard?.();
    this.#closing = this.#idle().then(() => this.#session.close());
    return this.#closing;
  }

  /** Closes the file: `await using file = await open(path)`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** When all that was asked of the datasets has been done. */
  async #idle(): Promise<void> {
    for (const dataset of this.#datasets.values()) await dataset.idle();
  }

  #take(dataset: Dataset, created?: DatasetSpec): OpenDataset {
    const { identity } = dataset;
    const known = this.#datasets.get(identity);
    if (known) {
      dataset.close();
      return known;
    }
    try {
      const opened = new OpenDataset(this.#session, dataset, created);
      this.#datasets.set(identity, opened);
      return opened;
    } catch (error) {
      dataset.close();
      throw error;
    }
  }
}
