import { createBulk, type LaidOut, layOut } from '../coordinator/engine.js';
import { checkStorage, type DataIOOptions } from '../description/index.js';
import type { Attributes, Dataset } from '../hdf5/index.js';
import type { DType } from '../layout/index.js';
import { OpenDataset } from './dataset.js';
import type { Session } from './session.js';

/** A dataset that is to be made: h5py's options, and ours for its chunks. */
export interface CreateOptions extends DataIOOptions {
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/** An open file; see {@link open}. */
export class OpenFile {
  readonly #session: Session;
  /** By identity, since links give a dataset several paths. */
  readonly #datasets = new Map<bigint, OpenDataset>();

  /** @internal */
  constructor(session: Session) {
    this.#session = session;
  }

  get path(): string {
    return this.#session.file.filename;
  }

  /** Attributes of the root group. */
  get attributes(): Attributes {
    return this.#session.file.attributes;
  }

  /**
   * A dataset by its path, as long as the file is open: the same object for the same dataset.
   *
   * @throws Hdf5Error where there is none
   */
  dataset(path: string): OpenDataset {
    return this.#take(this.#session.file.dataset(path));
  }

  /**
   * Makes an empty dataset, chunked, and the groups that lead to it.
   *
   * @throws DescriptionError, LayoutError for options that don't fit; Hdf5Error where something has
   * this path
   */
  createDataset(path: string, options: CreateOptions): OpenDataset {
    const { dtype, shape, ...rest } = options;
    const { file } = this.#session;
    const storage = checkStorage(rest);
    const laidOut = layOut(
      { path, dtype, shape, maxshape: storage.maxshape, role: 'generic', storage, grows: true },
      this.#session.options.libver,
    );
    makeGroups(file, path);
    return this.#take(createBulk(file, laidOut), laidOut);
  }

  /** Brings all that was written into the file, so that other programs would see it. */
  async flush(): Promise<void> {
    for (const dataset of this.#datasets.values()) await dataset.idle();
    await this.#session.flush();
  }

  /** Writes what is still to be written and closes the file. Closing twice does nothing. */
  async close(): Promise<void> {
    if (!this.#session.file.isOpen) return;
    for (const dataset of this.#datasets.values()) await dataset.idle();
    await this.#session.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #take(dataset: Dataset, laidOut?: LaidOut): OpenDataset {
    const { identity } = dataset;
    const known = this.#datasets.get(identity);
    if (known) {
      dataset.close();
      return known;
    }
    const opened = new OpenDataset(this.#session, dataset, laidOut);
    this.#datasets.set(identity, opened);
    return opened;
  }
}

/** As h5py: groups on the way are made, too. */
function makeGroups(file: Session['file'], path: string): void {
  const names = path.split('/').filter((name) => name !== '');
  for (let depth = 1; depth < names.length; depth++) {
    const group = `/${names.slice(0, depth).join('/')}`;
    if (!file.has(group)) file.createGroup(group).close();
  }
}
