import type { ChunkLayout } from '../hdf5/chunk-types.js';
import { ChunkWriter, encoderBytes } from '../hdf5/codec.js';
import { requireToken } from './wire.js';

interface Held {
  readonly writer: ChunkWriter;
  /** The most native memory that the writer holds, in bytes. */
  readonly bytes: number;
}

/**
 * Keeps the chunk writers of a worker: as many as the memory allows, and always one. The least recently used
 * writers are closed first. Creating a writer takes about a tenth of the time of a job.
 */
export class WriterCache {
  readonly #token: bigint | undefined;
  readonly #maxBytes: number;
  /** Writers by dataset, least recently used first. */
  readonly #held = new Map<string, Held>();
  #bytes = 0;

  /**
   * @param token identifies the file, see `File.token`
   * @param maxBytes limit for the native memory of all writers together, in bytes
   */
  constructor(token: bigint | undefined, maxBytes = 0) {
    this.#token = token;
    this.#maxBytes = maxBytes;
  }

  /** The writer of a dataset; valid until the writer of another dataset is requested. */
  of(name: string, layout: ChunkLayout): ChunkWriter {
    const known = this.#held.get(name);
    if (known) {
      this.#held.delete(name);
      this.#held.set(name, known);
      return known.writer;
    }
    const bytes = encoderBytes(layout);
    this.#makeRoom(bytes);
    const writer = new ChunkWriter(requireToken(this.#token), layout);
    this.#held.set(name, { writer, bytes });
    this.#bytes += bytes;
    return writer;
  }

  /** Closes all writers. */
  close(): void {
    for (const { writer } of this.#held.values()) writer.close();
    this.#held.clear();
    this.#bytes = 0;
  }

  #makeRoom(bytes: number): void {
    for (const [name, held] of this.#held) {
      if (this.#bytes + bytes <= this.#maxBytes) return;
      held.writer.close();
      this.#held.delete(name);
      this.#bytes -= held.bytes;
    }
  }
}
