import { checksum } from '../hdf5/checksum.js';
import type { ChunkLayout } from '../hdf5/chunk-types.js';
import { ChunkCodec } from '../hdf5/codec.js';
import { ChunkError } from '../hdf5/codec-errors.js';
import {
  addressOf,
  filterMaskOf,
  isStored,
  placementCount,
  storedBytesOf,
} from '../hdf5/placements.js';
import { FileSpace } from '../hdf5/space.js';
import { product } from '../layout/hyperslab.js';
import type { FileReader } from './file-reader.js';
import { type CheckDone, type CheckTask, type FailedCheck, requireToken } from './wire.js';

/** Decodes the chunks of one dataset, one after the other, into the same buffer. */
interface Decoder {
  readonly name: string;
  readonly codec: ChunkCodec;
  readonly chunk: Uint8Array;
}

type Failure = Omit<FailedCheck, 'at'>;

const damage = (problem: string): Failure => ({ problem, isUnreadable: false });

/** Compares stored chunks with the checksums that they had when they were written, and decodes them. */
export class CheckJobs {
  readonly #file: FileReader;
  readonly #token: bigint | undefined;
  readonly #stop: Int32Array;
  #decoder: Decoder | undefined;

  /** @param token identifies the file if chunks are to be rewritten, see `File.token` */
  constructor(file: FileReader, stop: Int32Array, token?: bigint) {
    this.#file = file;
    this.#token = token;
    this.#stop = stop;
  }

  /**
   * Checks the chunks of a task. Damaged and unreadable chunks are part of the answer, not errors.
   *
   * @throws Error if the file can't be opened; WriteError, ClosedError if a chunk can't be rewritten
   */
  run(task: CheckTask): CheckDone {
    const begin = performance.now();
    using space = task.rewrite ? new FileSpace(requireToken(this.#token)) : undefined;
    const failed: FailedCheck[] = [];
    for (let at = 0; at < placementCount(task.placements); at++) {
      if (Atomics.load(this.#stop, 0) !== 0) break;
      if (!isStored(task.placements, at)) continue;
      const failure = this.#failure(task, at, space);
      if (failure) failed.push({ at, ...failure });
    }
    return { failed, seconds: (performance.now() - begin) / 1000 };
  }

  /** Why a chunk is damaged or can't be read; undefined if it is intact. Reads single numbers: there may be millions. */
  #failure(task: CheckTask, at: number, space: FileSpace | undefined): Failure | undefined {
    const address = addressOf(task.placements, at);
    const size = storedBytesOf(task.placements, at);
    const filterMask = filterMaskOf(task.placements, at);
    const expected = task.checksums?.[at];
    const max = maxStoredBytes(task.layout);
    // Damaged metadata can contain any size, so the size is checked before memory is allocated for it.
    if (size > max || !Number.isSafeInteger(address + size))
      return damage(`Expected a chunk of at most ${max} bytes but received ${size} at ${address}`);
    const stored = this.#read(address, size);
    if (!(stored instanceof Uint8Array)) return stored;
    const difference = expected === undefined ? undefined : differenceOf(task, stored, expected);
    if (!task.decode && difference !== undefined) return damage(difference);
    const problem = task.decode ? this.#decodingProblem(task, stored, filterMask) : undefined;
    if (difference === undefined) {
      if (problem) return damage(problem);
      space?.write(stored, address);
      return undefined;
    }
    if (problem) return damage(difference);
    const decoded = provesItself(task.layout, filterMask) ? 'proved' : 'unproved';
    return { ...damage(difference), decoded };
  }

  /** The bytes of a chunk, or why they can't be read. */
  #read(address: number, size: number): Uint8Array | Failure {
    try {
      return this.#file.read(address, size);
    } catch (error) {
      // If the file can't be opened, nothing is known about its chunks.
      const { syscall, message } = error as NodeJS.ErrnoException;
      if (syscall === 'open') throw error;
      return { problem: message, isUnreadable: syscall === 'read' };
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

/** Upper bound for the bytes of a stored chunk, for any encoder: deflate adds at most 0.1 %. */
export function maxStoredBytes(layout: ChunkLayout): number {
  return Math.ceil(1.01 * chunkBytes(layout)) + 4096;
}

function differenceOf({ bits }: CheckTask, stored: Uint8Array, expected: bigint) {
  const received = BigInt.asUintN(bits ?? 64, checksum(stored));
  if (received === expected) return undefined;
  return `Expected the checksum ${hex(expected)} but received ${hex(received)}`;
}

/** Whether a filter that was applied to a chunk detects changed bytes: deflate (Adler-32) or fletcher32. */
function provesItself({ filters }: ChunkLayout, filterMask: number): boolean {
  return filters.some(({ kind }, at) => kind !== 'shuffle' && (filterMask & (1 << at)) === 0);
}

function chunkBytes({ chunk, itemSize }: ChunkLayout): number {
  return product(chunk) * itemSize;
}

function hex(sum: bigint): string {
  return sum.toString(16).padStart(16, '0');
}
