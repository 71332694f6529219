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

/** Room that is made at one go, so that small chunks do not each wait for a worker. */
const MAX_ROOM = 1024 * 1024;

/** A chunk that a writer is about to use. */
export interface Opening {
  readonly cell: Cell;
  readonly chunk: OpenChunk;
  /** Where its stored data has to be read back first. Its error is that of whoever waits for it. */
  readonly ready?: Promise<void> | undefined;
}

/** Brings chunks into memory, and has them encoded where others need the room. */
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

  /** The chunk of a cell, open; or undefined where something has to change before. */
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
      // What lies behind maxshape is never covered.
      if (items < target.chunkItems) fillItems(new Uint8Array(buffer), target.fillvalue);
      return { cell, chunk };
    }
    try {
      const ready = this.#readBack(chunk);
      chunk.hasGaps = !ready;
      return { cell, chunk, ready };
    } catch (error) {
      // Where it is stored could not be found out: what is in its memory is nothing of it.
      this.discard(chunk);
      throw error;
    }
  }

  /** Has a chunk encoded as it is; one that nothing was put into is only let go. */
  seal(chunk: OpenChunk): void {
    if (!chunk.isChanged) {
      this.discard(chunk);
      return;
    }
    this.fillGaps(chunk);
    this.#forget(chunk);
    this.#encoder.seal(chunk);
  }

  /** Lets a chunk go, with what was put into it. */
  discard(chunk: OpenChunk): void {
    this.#forget(chunk);
    this.#memory.giveBack(chunk.buffer);
  }

  /** Most chunks come to be full: only where one does not, its gaps are filled. */
  fillGaps(chunk: OpenChunk): void {
    const { target, start, buffer, covered, missing } = chunk;
    const isFull = missing <= 0 && target.itemsWithin(start) === target.chunkItems;
    if (chunk.hasGaps && !isFull) fillItems(new Uint8Array(buffer), target.fillvalue, covered);
    chunk.hasGaps = false;
  }

  /** Takes what lies beyond an extent out of a chunk. */
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

  /** Memory for a chunk, and for the bits that tell what of it has come; undefined where there is none. */
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
    // Chunks that nothing was put into have made room at once.
    return take();
  }

  /** Has the chunks encoded that were touched longest ago: small ones several at a time. */
  #makeRoom(bytes: number): void {
    let room = Math.max(bytes, Math.min(MAX_ROOM, this.#memory.limit / 16));
    for (const chunk of this.#open) {
      if (room <= 0) return;
      if (chunk.pins > 0) continue;
      this.seal(chunk);
      room -= chunk.target.chunkBytes;
    }
  }

  /** Decodes the stored chunk into memory; undefined where none is stored. */
  #readBack(chunk: OpenChunk): Promise<void> | undefined {
    const { target, start, buffer } = chunk;
    const ready = readBack(this.#tasks, this.#ledger, target, start, buffer)?.then(
      (decoded) => {
        chunk.buffer = decoded;
      },
      (error) => {
        // Nothing is known of it any more: it must not be encoded.
        this.#forget(chunk);
        this.#memory.lose(target.chunkBytes);
        throw error;
      },
    );
    // Several are read back at the same time: once one has failed, nobody waits for the others.
    ready?.catch(() => {});
    return ready;
  }

  #forget(chunk: OpenChunk): void {
    this.#open.delete(chunk);
    if (chunk.covered) this.#memory.giveBack(chunk.covered.buffer);
  }
}
