import { copyItems, fillItems } from '../../hdf5/index.js';
import { clippedCount, denseSteps } from '../../layout/index.js';
import type { GatherTask } from '../lazy-pool.js';
import type { Ledger } from '../ledger.js';
import type { TaskRunner } from '../pool.js';
import type { ChunkEncoder } from './chunk-encoder.js';
import type { ChunkMemory } from './chunk-memory.js';
import type { OpenChunk, OpenChunks } from './open-chunks.js';
import type { Cell } from './picked-chunks.js';
import { readBack } from './read-back.js';
import type { Target } from './target.js';

/** Bytes of chunks that are sealed together when memory is short, so that small chunks share a worker's task. */
const ROOM_BYTES = 1024 * 1024;

/** A chunk in memory that a writer is about to use. */
export interface Opening {
  readonly cell: Cell;
  readonly chunk: OpenChunk;
  /** Set if the stored data of the chunk are being read back. Rejects with a JobError if that fails. */
  readonly ready?: Promise<void> | undefined;
}

/** Brings chunks into memory, and seals the least recently used ones when memory is short. */
export class ChunkOpener {
  readonly #tasks: TaskRunner<GatherTask>;
  readonly #ledger: Ledger;
  readonly #memory: ChunkMemory;
  readonly #encoder: ChunkEncoder;
  readonly #open: OpenChunks;

  constructor(
    tasks: TaskRunner<GatherTask>,
    ledger: Ledger,
    memory: ChunkMemory,
    encoder: ChunkEncoder,
    open: OpenChunks,
  ) {
    this.#tasks = tasks;
    this.#ledger = ledger;
    this.#memory = memory;
    this.#encoder = encoder;
    this.#open = open;
  }

  /**
   * Opens the chunk of a cell. Returns undefined if the chunk is being encoded or memory is short; the caller tries
   * again after the next change.
   *
   * @throws Hdf5Error if it can't be found out where the chunk is stored
   */
  open(target: Target, cell: Cell): Opening | undefined {
    const key = String(cell.start);
    const known = this.#open.get(target, key);
    if (known) {
      this.#open.touch(known);
      return { cell, chunk: known };
    }
    if (this.#encoder.has(target, key)) return undefined;
    const items = target.itemsWithin(cell.start);
    const whole = cell.items === items;
    const room = this.#roomFor(target, whole);
    if (!room) return undefined;
    const { buffer, covered } = room;
    const chunk: OpenChunk = {
      target,
      key,
      start: [...cell.start],
      buffer,
      covered,
      missing: items,
      hasGaps: false,
      isChanged: false,
      pins: 0,
    };
    this.#open.add(chunk);
    if (whole) {
      // The part of a chunk that lies beyond maxshape never gets data.
      if (items < target.chunkItems) fillItems(new Uint8Array(buffer), target.fillvalue);
      return { cell, chunk };
    }
    try {
      const ready = this.#readBack(chunk);
      chunk.hasGaps = !ready;
      return { cell, chunk, ready };
    } catch (error) {
      // The buffer holds none of the chunk's data.
      this.discard(chunk);
      throw error;
    }
  }

  /** Hands a chunk to the encoder as it is. A chunk that nothing was written into is only discarded. */
  seal(chunk: OpenChunk): void {
    if (!chunk.isChanged) {
      this.discard(chunk);
      return;
    }
    this.fillGaps(chunk);
    this.#forget(chunk);
    this.#encoder.seal(chunk);
  }

  /** Drops a chunk, together with the data that were written into it. */
  discard(chunk: OpenChunk): void {
    this.#forget(chunk);
    this.#memory.giveBack(chunk.buffer);
  }

  /** Fills the elements that have no data with the fill value. Done late, because most chunks become full. */
  fillGaps(chunk: OpenChunk): void {
    const { target, start, buffer, covered, missing } = chunk;
    const isFull = missing <= 0 && target.itemsWithin(start) === target.chunkItems;
    if (chunk.hasGaps && !isFull) fillItems(new Uint8Array(buffer), target.fillvalue, covered);
    chunk.hasGaps = false;
  }

  /** Overwrites the part of a chunk that lies beyond an extent with the fill value. */
  cut(chunk: OpenChunk, extent: readonly number[]): void {
    const { target, start, buffer } = chunk;
    const inside = clippedCount(start, target.chunk, extent);
    if (inside.some((length) => length <= 0)) {
      this.discard(chunk);
      return;
    }
    this.fillGaps(chunk);
    const item = { bytes: target.fillvalue, offset: 0, steps: inside.map(() => 0) };
    const steps = denseSteps(target.chunk, target.itemSize);
    for (const [axis, length] of inside.entries()) {
      const beyond = target.chunk.with(axis, target.chunk[axis] - length);
      const to = { bytes: new Uint8Array(buffer), offset: length * steps[axis], steps };
      copyItems(item, to, beyond, target.itemSize);
    }
  }

  /** Memory for a chunk and, unless it comes whole, for its bits of covered elements; undefined if memory is short. */
  #roomFor(
    target: Target,
    whole: boolean,
  ): { buffer: ArrayBuffer; covered: Uint8Array<ArrayBuffer> | undefined } | undefined {
    const take = () => {
      const buffer = this.#memory.take(target.chunkBytes);
      const bits = whole ? undefined : this.#memory.take(Math.ceil(target.chunkItems / 64) * 8);
      if (buffer && (whole || bits))
        return { buffer, covered: bits && new Uint8Array(bits).fill(0) };
      if (buffer) this.#memory.giveBack(buffer);
      if (bits) this.#memory.giveBack(bits);
      return undefined;
    };
    const room = take();
    if (room) return room;
    this.#makeRoom(target.chunkBytes);
    // Sealing chunks that nothing was written into has freed their memory at once.
    return take();
  }

  /** Seals the least recently used chunks; small ones several at a time. */
  #makeRoom(bytes: number): void {
    let room = Math.max(bytes, Math.min(ROOM_BYTES, this.#memory.limit / 16));
    for (const chunk of this.#open) {
      if (room <= 0) return;
      if (chunk.pins > 0) continue;
      this.seal(chunk);
      room -= chunk.target.chunkBytes;
    }
  }

  /** Decodes the stored chunk into memory; undefined if no chunk is stored. */
  #readBack(chunk: OpenChunk): Promise<void> | undefined {
    const { target, start, buffer } = chunk;
    const ready = readBack(this.#tasks, this.#ledger, target, start, buffer)?.then(
      (decoded) => {
        chunk.buffer = decoded;
      },
      (error) => {
        // The buffer may hold half of the chunk, so it must not be encoded.
        this.#forget(chunk);
        this.#memory.lose(target.chunkBytes);
        throw error;
      },
    );
    // Several chunks are read back at the same time. Once one has failed, nothing awaits the others, and their
    // rejections must not end the process.
    ready?.catch(() => {});
    return ready;
  }

  #forget(chunk: OpenChunk): void {
    this.#open.delete(chunk);
    if (chunk.covered) this.#memory.giveBack(chunk.covered.buffer);
  }
}
