import { ChunkCodec, ChunkError, type ChunkLayout, checksum } from '../hdf5/index.js';
import { product } from '../layout/index.js';
import type { StoredBytes } from './stored-bytes.js';
import type { CheckDone, CheckTask, FailedCheck } from './wire.js';

/** The chunks of one dataset, decoded one after the other into the same memory. */
interface Decoder {
  readonly name: string;
  readonly codec: ChunkCodec;
  readonly chunk: Uint8Array;
}

/** Compares stored chunks with the checksums that they had, and decodes them. */
export class CheckJobs {
  readonly #file: StoredBytes;
  readonly #stop: Int32Array;
  #decoder: Decoder | undefined;

  constructor(file: StoredBytes, stop: Int32Array) {
    this.#file = file;
    this.#stop = stop;
  }

  /** @throws Error where the file can't be opened; what is wrong with a chunk is the answer */
  run(task: CheckTask): CheckDone {
    const begin = performance.now();
    const failed: FailedCheck[] = [];
    for (const [at, expected] of task.checksums.entries()) {
      if (Atomics.load(this.#stop, 0) !== 0) break;
      const [address, size, filterMask] = task.placements.subarray(3 * at, 3 * at + 3);
      if (address < 0) continue;
      const problem = this.#problem(task, address, size, filterMask, expected);
      if (problem !== undefined) failed.push({ at, problem });
    }
    return { failed, seconds: (performance.now() - begin) / 1000 };
  }

  #problem(
    task: CheckTask,
    address: number,
    size: number,
    filterMask: number,
    expected: bigint,
  ): string | undefined {
    const most = mostStoredBytes(task.layout);
    // Damaged metadata may hold any number: none is believed before memory is taken for it.
    if (size > most || !Number.isSafeInteger(address + size))
      return `Expected a chunk of at most ${most} bytes but received ${size} at ${address}`;
    const stored = this.#read(address, size);
    if (typeof stored === 'string') return stored;
    const received = checksum(stored);
    if (received !== expected)
      return `Expected the checksum ${hex(expected)} but received ${hex(received)}`;
    return task.decode ? this.#decodingProblem(task, stored, filterMask) : undefined;
  }

  /** The bytes, or why there are none. */
  #read(address: number, size: number): Uint8Array | string {
    try {
      return this.#file.read(address, size);
    } catch (error) {
      // A file that can't be opened says nothing of its chunks.
      if ((error as NodeJS.ErrnoException).syscall === 'open') throw error;
      return (error as Error).message;
    }
  }

  #decodingProblem(task: CheckTask, stored: Uint8Array, filterMask: number): string | undefined {
    const { codec, chunk } = this.#decoderOf(task);
    try {
      codec.decode(stored, filterMask, chunk);
      return undefined;
    } catch (error) {
      if (error instanceof ChunkError) return error.message;
      throw error;
    }
  }

  #decoderOf({ name, layout }: CheckTask): Decoder {
    if (this.#decoder?.name !== name) {
      this.#decoder?.codec.release();
      this.#decoder = undefined;
      const chunk = new Uint8Array(chunkBytes(layout));
      this.#decoder = { name, codec: new ChunkCodec(layout), chunk };
    }
    return this.#decoder;
  }
}

/** Bytes that no stored chunk of a layout exceeds, whoever encoded it: deflate adds 0.1 % at most. */
export function mostStoredBytes(layout: ChunkLayout): number {
  return Math.ceil(1.01 * chunkBytes(layout)) + 4096;
}

function chunkBytes({ chunk, itemSize }: ChunkLayout): number {
  return product(chunk) * itemSize;
}

function hex(sum: bigint): string {
  return sum.toString(16).padStart(16, '0');
}
