import { type ChunkLayout, ChunkWriter } from '../hdf5/index.js';

/**
 * The chunk writer that a worker has: one at a time, so that a file of many datasets takes no more
 * memory than the plan allows.
 */
export class WriterSlot {
  readonly #token: bigint;
  #held: { readonly name: string; readonly writer: ChunkWriter } | undefined;

  /** @param token of the file, see `File.token` */
  constructor(token: bigint) {
    this.#token = token;
  }

  /** The writer of a dataset, valid until another dataset's is asked for. */
  of(name: string, layout: ChunkLayout): ChunkWriter {
    if (this.#held?.name !== name) {
      this.#held?.writer.close();
      this.#held = undefined;
      this.#held = { name, writer: new ChunkWriter(this.#token, layout) };
    }
    return this.#held.writer;
  }
}
