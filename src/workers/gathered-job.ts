import type { ChunkLayout } from '../hdf5/chunk-types.js';
import { ChunkCodec } from '../hdf5/codec.js';
import { placementAt } from '../hdf5/placements.js';
import type { FileReader } from './file-reader.js';
import type { DecodeDone, DecodeTask, EncodeDone, EncodeTask } from './wire.js';
import type { WriterCache } from './writer-cache.js';

/** Encodes chunks that the coordinator has gathered, and decodes stored chunks for the coordinator. */
export class GatheredJobs {
  readonly #writers: WriterCache;
  readonly #file: FileReader;
  #codec: { readonly name: string; readonly chunks: ChunkCodec } | undefined;

  constructor(writers: WriterCache, file: FileReader) {
    this.#writers = writers;
    this.#file = file;
  }

  /** Ignores the request to stop, because the data of a stream exist nowhere else. */
  encode({ name, layout, chunks }: EncodeTask): EncodeDone {
    const whole = chunks.map((chunk) => new Uint8Array(chunk));
    return { ...this.#writers.of(name, layout).writeDense(whole), chunks };
  }

  decode({ name, layout, placements, chunks }: DecodeTask): DecodeDone {
    const codec = this.#codecOf(name, layout);
    for (const [at, chunk] of chunks.entries()) {
      const { address, storedBytes, filterMask } = placementAt(placements, at);
      codec.decode(this.#file.read(address, storedBytes), filterMask, new Uint8Array(chunk));
    }
    return { chunks };
  }

  /** Frees all memory and closes the file. */
  close(): void {
    this.#codec?.chunks.release();
    this.#codec = undefined;
    this.#writers.close();
    this.#file.close();
  }

  #codecOf(name: string, layout: ChunkLayout): ChunkCodec {
    if (this.#codec?.name !== name) {
      this.#codec?.chunks.release();
      this.#codec = { name, chunks: new ChunkCodec(layout) };
    }
    return this.#codec.chunks;
  }
}
