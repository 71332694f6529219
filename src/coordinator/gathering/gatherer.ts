import { copyItems, encoderBytes, fillItems, type Lattice } from '../../hdf5/index.js';
import { type AxisPick, gatheringBudget, gatheringBytes } from '../../layout/index.js';
import type { Ledger } from '../ledger.js';
import type { WorkerPool } from '../pool.js';
import { type Cell, pickedCells } from './cells.js';
import { Changes } from './changes.js';
import { ChunkEncoder } from './chunk-encoder.js';
import { ChunkMemory } from './chunk-memory.js';
import { toChunk, toPicked } from './lattices.js';
import { type OpenChunk, OpenChunks } from './open-chunks.js';
import { readBack } from './read-back.js';
import type { Target } from './target.js';

/** Room that is made at one go, so that small chunks do not each wait for a worker. */
const MOST_ROOM = 1024 * 1024;

/** A chunk that a writer is about to use. */
interface Opening {
  readonly cell: Cell;
  readonly chunk: OpenChunk;
  /** Where its stored data has to be read back first. */
  readonly ready?: Promise<void> | undefined;
}

/**
 * Gathers pieces of data, which come in any order and need not be aligned, into chunks. A chunk is
 * encoded once, when it is full or at the end; where the memory does not hold all that are begun,
 * those that were touched longest ago are encoded early, and read back if more of their data comes.
 *
 * For one target it takes one write at a time; writes to several targets may overlap.
 */
export class Gatherer {
  readonly #pool: WorkerPool;
  readonly #ledger: Ledger;
  readonly #memory: ChunkMemory;
  readonly #encoder: ChunkEncoder;
  readonly #open = new OpenChunks();
  readonly #changes = new Changes();
  readonly #bound: number;
  #encodeBytes = 0;
  /** Of the targets admitted the one whose chunks take the most memory. */
  #largest: Target | undefined;

  /** @param memory bytes that gathered chunks, and the workers that encode them, may take together */
  constructor(pool: WorkerPool, ledger: Ledger, memory: number) {
    this.#bound = memory;
    this.#pool = pool;
    this.#ledger = ledger;
    this.#memory = new ChunkMemory(memory);
    this.#encoder = new ChunkEncoder(pool, ledger, this.#memory, () => this.#changes.tell());
  }

  /**
   * Makes sure that there is room for the chunks of a dataset, and for encoding them.
   *
   * @throws BudgetError where there is none
   */
  admit(target: Target): void {
    const encodeBytes = Math.max(this.#encodeBytes, encoderBytes(target.layout));
    // What encodes this one's chunks must leave room for the others', too.
    const largest =
      this.#largest && bytesOf(this.#largest) > bytesOf(target) ? this.#largest : target;
    const { path: name, chunkItems, itemSize } = largest;
    this.#memory.limit = gatheringBudget({
      name,
      memory: this.#bound,
      workers: this.#pool.workers,
      encodeBytes,
      chunkItems,
      itemSize,
    });
    this.#encodeBytes = encodeBytes;
    this.#largest = largest;
  }

  /**
   * Takes in a piece of a dataset, over what came before it. A promise only where it has to wait: for
   * memory, for the workers, or for a chunk that has to be read back. The data are not looked at any
   * more when it has ended.
   *
   * @param picks indices along each axis, within the extent in the ledger
   * @param from the data, as many along each axis as the picks
   * @throws the error of a chunk that could not be encoded or written, of this or of earlier pieces
   */
  write(target: Target, picks: readonly AxisPick[], from: Lattice): void | Promise<void> {
    this.#encoder.check();
    const cells = pickedCells(picks, target.chunk);
    const put = (chunk: OpenChunk, cell: Cell) => this.#put(chunk, picks, cell, from);
    for (let next = cells.next(); !next.done; next = cells.next()) {
      const opening = this.#encoder.full ? undefined : this.#tryOpen(target, next.value);
      if (!opening || opening.ready)
        return this.#writeRest(target, next.value, cells, put, opening);
      put(opening.chunk, opening.cell);
    }
  }

  /** Hands to the workers what waits for more to go with it. */
  send(): void {
    this.#encoder.send();
  }

  /** Encodes all chunks that are open, of one dataset or of all, and waits until they are written. */
  async flush(target?: Target): Promise<void> {
    for (const chunk of [...this.#open]) {
      if (target && chunk.target !== target) continue;
      while (this.#encoder.full) await this.#change();
      if (this.#open.has(chunk) && chunk.pins === 0) this.#seal(chunk);
    }
    await this.#idle(target);
    this.#encoder.check();
  }

  /** Drops what is open, and waits for what is being encoded: no worker is at it any more then. */
  async abandon(): Promise<void> {
    for (const chunk of [...this.#open]) this.#open.delete(chunk);
    await this.#idle();
  }

  /**
   * Copies what is picked in one chunk, where that chunk is in memory.
   *
   * @returns whether it was
   */
  read(target: Target, picks: readonly AxisPick[], cell: Cell, to: Lattice): boolean {
    const chunk = this.#open.get(target, String(cell.start));
    if (!chunk || chunk.pins > 0) return false;
    this.#fillGaps(chunk);
    copyItems(
      toChunk(target, new Uint8Array(chunk.buffer), picks, cell),
      toPicked(to, cell),
      cell.count,
      target.itemSize,
      { swap: target.swap },
    );
    return true;
  }

  /** Waits until a chunk that is being encoded is in the file, or is not being encoded at all. */
  async written(target: Target, start: readonly number[]): Promise<void> {
    const key = String(start);
    while (this.#encoder.has(target, key)) {
      this.#encoder.check();
      await this.#change();
    }
    this.#encoder.check();
  }

  async #writeRest(
    target: Target,
    first: Cell,
    cells: Iterator<Cell, void, undefined>,
    put: (chunk: OpenChunk, cell: Cell) => void,
    opened: Opening | undefined,
  ): Promise<void> {
    const most = 2 * this.#pool.workers;
    // Chunks that are being read back, while later ones already are, too.
    const window: Opening[] = opened ? [opened] : [];
    const finish = async () => {
      const opening = window.shift() as Opening;
      try {
        await opening.ready;
        put(opening.chunk, opening.cell);
      } finally {
        this.#unpin(opening.chunk);
      }
    };
    try {
      if (opened) this.#pin(opened.chunk);
      for (let cell: Cell | undefined = opened ? next(cells) : first; cell; ) {
        this.#encoder.check();
        const opening = this.#encoder.full ? undefined : this.#tryOpen(target, cell);
        if (opening) {
          this.#pin(opening.chunk);
          window.push(opening);
          cell = next(cells);
        }
        // Who waits for room pins nothing, else two could wait for each other.
        if (opening ? window.length >= most : window.length > 0) await finish();
        else if (!opening) await this.#change();
      }
      while (window.length > 0) await finish();
    } finally {
      // After an error: the others are not touched any more once they have been read back.
      for (const { chunk, ready } of window) {
        if (!chunk.covered) this.#discard(chunk);
        void (ready ?? Promise.resolve()).catch(() => {}).then(() => this.#unpin(chunk));
      }
    }
  }

  /** The chunk of a cell, open; or undefined where something has to change before. */
  #tryOpen(target: Target, cell: Cell): Opening | undefined {
    const key = String(cell.start);
    const known = this.#open.get(target, key);
    if (known) {
      this.#open.touch(known);
      return { cell, chunk: known };
    }
    if (this.#encoder.has(target, key)) return undefined;
    const items = target.itemsWithin(cell.start);
    const whole = cell.items === items;
    const buffer = this.#memory.take(target.chunkBytes);
    const bits = whole ? undefined : this.#memory.take(Math.ceil(target.chunkItems / 64) * 8);
    if (!buffer || !(whole || bits)) {
      if (buffer) this.#memory.giveBack(buffer);
      if (bits) this.#memory.giveBack(bits);
      this.#makeRoom(target.chunkBytes);
      return undefined;
    }
    const covered = bits && new Uint8Array(bits).fill(0);
    const start = [...cell.start];
    const chunk: OpenChunk = {
      target,
      key,
      start,
      buffer,
      covered,
      missing: items,
      hasGaps: false,
      pins: 0,
    };
    this.#open.add(chunk);
    if (whole) {
      // What lies behind maxshape is never covered.
      if (items < target.chunkItems) fillItems(new Uint8Array(buffer), target.fillvalue);
      return { cell, chunk };
    }
    const ready = this.#readBack(chunk);
    chunk.hasGaps = !ready;
    return { cell, chunk, ready };
  }

  /** Decodes the stored chunk into memory; undefined where none is stored. */
  #readBack(chunk: OpenChunk): Promise<void> | undefined {
    const { target, start, buffer } = chunk;
    return readBack(this.#pool, this.#ledger, target, start, buffer)?.then(
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
  }

  #put(chunk: OpenChunk, picks: readonly AxisPick[], cell: Cell, from: Lattice): void {
    const { target, covered } = chunk;
    chunk.missing -= copyItems(
      toPicked(from, cell),
      toChunk(target, new Uint8Array(chunk.buffer), picks, cell),
      cell.count,
      target.itemSize,
      { swap: target.swap, ...(covered && { covered }) },
    );
    if (chunk.missing <= 0 && chunk.pins <= 1) this.#seal(chunk);
  }

  /** Most chunks come to be full: only where one does not, its gaps are filled. */
  #fillGaps(chunk: OpenChunk): void {
    const { target, start, buffer, covered, missing } = chunk;
    const isFull = missing <= 0 && target.itemsWithin(start) === target.chunkItems;
    if (chunk.hasGaps && !isFull) fillItems(new Uint8Array(buffer), target.fillvalue, covered);
    chunk.hasGaps = false;
  }

  #seal(chunk: OpenChunk): void {
    this.#fillGaps(chunk);
    this.#forget(chunk);
    this.#encoder.seal(chunk);
  }

  #forget(chunk: OpenChunk): void {
    this.#open.delete(chunk);
    if (chunk.covered) this.#memory.giveBack(chunk.covered.buffer);
  }

  /** Of a chunk that was to be filled as a whole, and was not: there is nothing in it to encode. */
  #discard(chunk: OpenChunk): void {
    this.#forget(chunk);
    this.#memory.giveBack(chunk.buffer);
  }

  /** Has the chunks encoded that were touched longest ago: small ones several at a time. */
  #makeRoom(bytes: number): void {
    let room = Math.max(bytes, Math.min(MOST_ROOM, this.#memory.limit / 16));
    for (const chunk of this.#open) {
      if (room <= 0) return;
      if (chunk.pins > 0) continue;
      this.#seal(chunk);
      room -= chunk.target.chunkBytes;
    }
  }

  #pin(chunk: OpenChunk): void {
    chunk.pins++;
  }

  #unpin(chunk: OpenChunk): void {
    chunk.pins--;
    this.#changes.tell();
  }

  async #idle(target?: Target): Promise<void> {
    this.#encoder.send();
    while (this.#encoder.isBusy(target)) await this.#change();
  }

  /** Resolves when a task has ended or a chunk is free again. */
  #change(): Promise<void> {
    this.#encoder.send();
    return this.#changes.next();
  }
}

function bytesOf({ chunkItems, itemSize }: Target): number {
  return gatheringBytes(chunkItems, itemSize);
}

function next(cells: Iterator<Cell, void, undefined>): Cell | undefined {
  const { value, done } = cells.next();
  return done ? undefined : (value as Cell);
}
