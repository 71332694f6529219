import { copyItems, encoderBytes, type Lattice } from '../../hdf5/index.js';
import { type AxisPick, gatheringBudget, gatheringBytes } from '../../layout/index.js';
import type { GatherTask } from '../lazy-pool.js';
import type { Ledger } from '../ledger.js';
import type { TaskRunner } from '../pool.js';
import { Changes } from './changes.js';
import { ChunkEncoder } from './chunk-encoder.js';
import { ChunkMemory } from './chunk-memory.js';
import { ChunkOpener, type Opening } from './chunk-opener.js';
import { toChunk, toPicked } from './lattices.js';
import { type OpenChunk, OpenChunks } from './open-chunks.js';
import { type Cell, pickedCells } from './picked-chunks.js';
import type { Target } from './target.js';

/**
 * Gathers pieces of data, which come in any order and need not be aligned, into chunks. A chunk is
 * encoded once, when it is full or at the end; where the memory does not hold all that are begun,
 * those that were touched longest ago are encoded early, and read back if more of their data comes.
 *
 * For one target it takes one write at a time; writes to several targets may overlap.
 */
export class Gatherer {
  readonly #tasks: TaskRunner<GatherTask>;
  readonly #memory: ChunkMemory;
  readonly #encoder: ChunkEncoder;
  readonly #open = new OpenChunks();
  readonly #opener: ChunkOpener;
  readonly #changes = new Changes();
  readonly #bound: number;
  #encodeBytes = 0;
  /** Of the targets admitted the one whose chunks take the most memory. */
  #largest: Target | undefined;

  /** @param memory bytes that gathered chunks, and the workers that encode them, may take together */
  constructor(tasks: TaskRunner<GatherTask>, ledger: Ledger, memory: number) {
    this.#bound = memory;
    this.#tasks = tasks;
    this.#memory = new ChunkMemory(memory);
    this.#encoder = new ChunkEncoder(tasks, ledger, this.#memory, () => this.#changes.tell());
    this.#opener = new ChunkOpener(tasks, ledger, this.#memory, this.#encoder, this.#open);
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
      workers: this.#tasks.workers,
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
    return this.#visit(target, pickedCells(picks, target.chunk), (chunk, cell) =>
      this.#put(chunk, picks, cell, from),
    );
  }

  /**
   * Reads back what is stored of the chunks that a piece will go into in part, so that it is known
   * before anything has changed that they can be read. A promise only where it has to wait.
   *
   * @param picks as for `write`; they may lie beyond the extent
   * @throws JobError for a chunk that is damaged; the error of one that could not be written
   */
  fetch(
    target: Target,
    picks: readonly AxisPick[],
    extent: readonly number[],
  ): void | Promise<void> {
    return this.#visit(target, cellsToFetch(target, picks, extent), () => {});
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
      if (this.#open.has(chunk) && chunk.pins === 0) this.#opener.seal(chunk);
    }
    await this.#idle(target);
    this.#encoder.check();
  }

  /**
   * Drops what was gathered of a dataset beyond an extent, and waits until nothing of it is being read
   * back or encoded any more, or has failed to be.
   */
  async cut(target: Target, extent: readonly number[]): Promise<void> {
    const own = () => [...this.#open].filter((chunk) => chunk.target === target);
    while (this.#encoder.isBusy(target) || own().some(({ pins }) => pins > 0)) await this.#change();
    for (const chunk of own()) this.#opener.cut(chunk, extent);
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
    this.#opener.fillGaps(chunk);
    copyItems(
      toChunk(target, new Uint8Array(chunk.buffer), picks, cell),
      toPicked(to, cell),
      cell.count,
      target.itemSize,
      { swap: target.spec.bigEndian },
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

  /** Opens the chunks of cells, one after the other, and uses them. */
  #visit(
    target: Target,
    cells: Iterator<Cell, void, undefined>,
    use: (chunk: OpenChunk, cell: Cell) => void,
  ): void | Promise<void> {
    this.#encoder.check();
    for (let next = cells.next(); !next.done; next = cells.next()) {
      const opening = this.#encoder.full ? undefined : this.#opener.open(target, next.value);
      if (!opening || opening.ready)
        return this.#visitRest(target, next.value, cells, use, opening);
      use(opening.chunk, opening.cell);
    }
  }

  async #visitRest(
    target: Target,
    first: Cell,
    cells: Iterator<Cell, void, undefined>,
    use: (chunk: OpenChunk, cell: Cell) => void,
    opened: Opening | undefined,
  ): Promise<void> {
    const most = 2 * this.#tasks.workers;
    // Chunks that are being read back, while later ones already are, too.
    const window: Opening[] = opened ? [opened] : [];
    const finish = async () => {
      const opening = window.shift() as Opening;
      try {
        await opening.ready;
        use(opening.chunk, opening.cell);
      } finally {
        this.#unpin(opening.chunk);
      }
    };
    try {
      if (opened) this.#pin(opened.chunk);
      for (let cell: Cell | undefined = opened ? next(cells) : first; cell; ) {
        this.#encoder.check();
        const opening = this.#encoder.full ? undefined : this.#opener.open(target, cell);
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
        if (!chunk.covered) this.#opener.discard(chunk);
        void (ready ?? Promise.resolve()).catch(() => {}).then(() => this.#unpin(chunk));
      }
    }
  }

  #put(chunk: OpenChunk, picks: readonly AxisPick[], cell: Cell, from: Lattice): void {
    const { target, covered } = chunk;
    chunk.isChanged = true;
    chunk.missing -= copyItems(
      toPicked(from, cell),
      toChunk(target, new Uint8Array(chunk.buffer), picks, cell),
      cell.count,
      target.itemSize,
      { swap: target.spec.bigEndian, ...(covered && { covered }) },
    );
    if (chunk.missing <= 0 && chunk.pins <= 1) this.#opener.seal(chunk);
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

/** Of the chunks that a piece does not fill, those that reach into the extent: only they can be stored. */
function* cellsToFetch(
  target: Target,
  picks: readonly AxisPick[],
  extent: readonly number[],
): Generator<Cell, void, undefined> {
  for (const cell of pickedCells(picks, target.chunk)) {
    // They come in C order: all that follow lie beyond it, too.
    if (cell.start[0] >= extent[0]) return;
    const isInside = cell.start.every((first, axis) => first < extent[axis]);
    if (isInside && cell.items < target.itemsWithin(cell.start)) yield cell;
  }
}

function bytesOf({ chunkItems, itemSize }: Target): number {
  return gatheringBytes(chunkItems, itemSize);
}

function next(cells: Iterator<Cell, void, undefined>): Cell | undefined {
  const { value, done } = cells.next();
  return done ? undefined : (value as Cell);
}
