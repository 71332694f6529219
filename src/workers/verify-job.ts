import { openSync, readSync } from 'node:fs';
import { ChunkCodec, type ChunkLayout } from '../hdf5/index.js';
import { cellsWithin, type Hyperslab, product, unravelIndex } from '../layout/index.js';
import type { Piece } from '../sources/index.js';
import { elementAt, pieceElement } from './element.js';
import type { JobReader } from './reading.js';
import type { Difference, VerifyDone, VerifyTask, WorkerPlan } from './wire.js';

/** Reads a job from its source and from the file, and compares them value for value. */
export class VerifyJobs {
  readonly #plan: WorkerPlan;
  readonly #reader: JobReader;
  readonly #stop: Int32Array;
  #file: number | undefined;
  // One codec at a time, as in a conversion.
  #codec: { readonly dataset: number; readonly chunks: ChunkCodec } | undefined;

  constructor(plan: WorkerPlan, reader: JobReader, stop: Int32Array) {
    this.#plan = plan;
    this.#reader = reader;
    this.#stop = stop;
  }

  async run(task: VerifyTask): Promise<VerifyDone> {
    if (Atomics.load(this.#stop, 0) !== 0) return { difference: null };
    const { slab, pieces } = await this.#reader.read(task);
    return { difference: this.#compare(task, slab, pieces) };
  }

  #compare(task: VerifyTask, slab: Hyperslab, pieces: readonly Piece[]): Difference | null {
    const { dtype, layout } = this.#plan.datasets[task.dataset];
    const codec = this.#codecOf(task.dataset);
    let next = 0;
    for (const chunk of cellsWithin({ extent: layout.extent, cell: layout.chunk }, slab)) {
      if (Atomics.load(this.#stop, 0) !== 0) return null;
      const [address, size, filterMask] = task.placements.subarray(3 * next, 3 * ++next);
      const { bytes, mask } =
        address < 0 ? unstored(layout) : { bytes: this.#read(address, size), mask: filterMask };
      const at = codec.difference(pieces, chunk.start, bytes, mask);
      if (at < 0) continue;
      const index = unravelIndex(at, layout.chunk).map((i, axis) => i + chunk.start[axis]);
      return {
        index,
        source: pieceElement(pieces, index, dtype),
        file: elementAt(codec.decode(bytes, mask), at * layout.itemSize, dtype, false),
      };
    }
    return null;
  }

  #codecOf(dataset: number): ChunkCodec {
    if (this.#codec?.dataset !== dataset) {
      const chunks = new ChunkCodec(this.#plan.datasets[dataset].layout);
      this.#codec = { dataset, chunks };
    }
    return this.#codec.chunks;
  }

  #read(address: number, size: number): Uint8Array {
    this.#file ??= openSync(this.#plan.filename, 'r');
    const bytes = new Uint8Array(size);
    let done = 0;
    while (done < size) {
      const got = readSync(this.#file, bytes, done, size - done, address + done);
      if (got === 0)
        throw new Error(
          `Expected ${size} bytes at ${address} of ${this.#plan.filename} but received ${done}`,
        );
      done += got;
    }
    return bytes;
  }
}

/** What a reader sees where no chunk is stored: the fill value, as a chunk that skipped all filters. */
function unstored({ chunk, itemSize, fillvalue, filters }: ChunkLayout) {
  const bytes = new Uint8Array(product(chunk) * itemSize);
  for (let at = 0; at < bytes.length; at += itemSize) bytes.set(fillvalue, at);
  return { bytes, mask: 2 ** filters.length - 1 };
}
