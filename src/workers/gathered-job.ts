import { ChunkCodec, type ChunkLayout } from '../hdf5/codec.js';
import { NOTHING_DEFLATED, sumDeflated } from '../hdf5/deflated.js';
import { noStages, sumStages } from '../hdf5/stages.js';
import { denseSteps } from '../layout/hyperslab.js';
import type { StoredBytes } from './stored-bytes.js';
import type { DecodeDone, DecodeTask, EncodeDone, EncodeTask } from './wire.js';
import type { WriterSlot } from './writer-slot.js';

/** Encodes chunks that the coordinator has gathered, and decodes stored ones for it. */
export class GatheredJobs {
  readonly #writers: WriterSlot;
  readonly #file: StoredBytes;
  #codec: { readonly name: string; readonly chunks: ChunkCodec } | undefined;

  constructor(writers: WriterSlot, file: StoredBytes) {
    this.#writers = writers;
    this.#file = file;
  }

  /** Not to be stopped: what was gathered is all that there is of a stream. */
  encode({ name, layout, chunks }: EncodeTask): EncodeDone {
    const writer = this.#writers.of(name, layout);
    const slab = { start: layout.chunk.map(() => 0), count: layout.chunk };
    const steps = denseSteps(layout.chunk, layout.itemSize);
    const placements = new Float64Array(3 * chunks.length);
    const checksums = new BigUint64Array(chunks.length);
    let stages = noStages('gather', 'filter', 'checksum', 'write');
    let deflated = NOTHING_DEFLATED;
    for (const [at, chunk] of chunks.entries()) {
      const piece = { ...slab, bytes: new Uint8Array(chunk), offset: 0, steps, swap: false };
      const written = writer.write([piece], slab);
      placements.set(written.placements, 3 * at);
      checksums.set(written.checksums, at);
      stages = sumStages(stages, written.stages);
      deflated = sumDeflated(deflated, written.deflated);
    }
    return { placements, checksums, chunks, stages, deflated };
  }

  decode({ name, layout, placements, chunks }: DecodeTask): DecodeDone {
    const codec = this.#codecOf(name, layout);
    for (const [at, chunk] of chunks.entries()) {
      const [address, size, filterMask] = placements.subarray(3 * at, 3 * at + 3);
      codec.decode(this.#file.read(address, size), filterMask, new Uint8Array(chunk));
    }
    return { chunks };
  }

  #codecOf(name: string, layout: ChunkLayout): ChunkCodec {
    if (this.#codec?.name !== name) {
      this.#codec?.chunks.release();
      this.#codec = { name, chunks: new ChunkCodec(layout) };
    }
    return this.#codec.chunks;
  }
}
