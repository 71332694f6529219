import type { ChunkLayout } from '../hdf5/chunk-types.js';
import { ChunkWriter, encoderBytes } from '../hdf5/codec.js';
import { requireToken } from './wire.js';

interface Held {
  readonly writer: ChunkWriter;
  /** What it holds at most. */
  readonly bytes: number;
}

/**
 * The chunk writers that a worker has: as many as there is memory for, and always one. Those that were not
 * used for longest go first; to make one anew takes a tenth of the time of a job.
 */
export class WriterCache {
  readonly #token: bigint | undefined;
  readonly #most: number;
  /** By dataset, least recently used first. */
  readonly #held = new Map<string, Held>();
  #bytes = 0;

  /**
   * @param token of the file, see `File.token`
   * @param most bytes that writers may hold together
   */
  constructor(token: bigint | undefined, most = 0) {
    this.#token = token;
    this.#most = most;
  }

  /** The writer of a dataset, valid until another dataset's is asked for. */
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
      if (this.#bytes + bytes <= this.#most) return;
      held.writer.close();
      this.#held.delete(name);
      this.#bytes -= held.bytes;
    }
  }
}
