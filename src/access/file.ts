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
  /** By identity, because links may give a dataset several paths. */
  readonly #datasets = new Map<bigint, OpenDataset>();
  #closing: Promise<void> | undefined;
  #endGuard: (() => void) | undefined;

  /** @internal */
  constructor(session: Session) {
    this.#session = session;
    if (session.writable) this.#endGuard = closeAtExit(this);
  }

  /** Absolute path of the file. */
  get path(): string {
    return this.#session.file.filename;
  }

  /** Attributes of the root group. */
  get attributes(): Attributes {
    return this.#session.file.attributes;
  }

  /**
   * Opens a dataset of numbers by its path. Opening it again returns the same object.
   *
   * @throws ClosedError after close(); Hdf5Error if there is no such dataset; LayoutError if its items are no numbers, or its values are in
   * another file
   */
  dataset(path: string): OpenDataset {
    this.#session.requireOpen(path);
    return this.#take(openInside(this.#session.file, path));
  }

  /**
   * Creates an empty, chunked dataset, and the groups above it.
   *
   *     file.createDataset('/lfp', { dtype: 'int16', shape: [0, 384], maxshape: [null, 384] });
   *
   * @throws ClosedError after close(); OutputError if the file was opened to read only
   * @throws OptionError, DescriptionError, LayoutError if options are invalid or do not fit each other; Hdf5Error if the path is
   * taken
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
   * Writes all data into the file, so that other programs see them. If this fails, or the process ends meanwhile,
   * the file is as before; see {@link open}.
   */
  async flush(): Promise<void> {
    this.#session.requireOpen(this.path);
    await this.#idle();
    await this.#session.flush();
  }

  /**
   * Waits for all calls so far, writes all data and closes the file. Closing again does nothing. A program that
   * ends normally without closing gets a warning, and the file is closed for it. A program that ends by an
   * error or `process.exit` loses all data since the last flush, and a new file may not even be an HDF5 file.
   *
   * @throws the error of chunks that could not be written; the file is closed nevertheless
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

  /** Resolves when all calls to datasets so far have ended. */
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
