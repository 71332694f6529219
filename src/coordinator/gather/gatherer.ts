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
 * Gathers pieces of data into chunks. The pieces may come in any order and need not be aligned with chunks. A chunk
 * is encoded once, when it is full or when the gatherer is flushed. If memory does not hold all open chunks, the
 * least recently used ones are encoded early, and are read back if more of their data come.
 *
 * Writes to one target must not overlap in time; writes to different targets may.
 */
export class Gatherer {
  readonly #tasks: TaskRunner<GatherTask>;
  readonly #memory: ChunkMemory;
  readonly #encoder: ChunkEncoder;
  readonly #open = new OpenChunks();
  readonly #opener: ChunkOpener;
  readonly #changes = new Changes();
  /** Bytes that chunks and encoders may take together. */
  readonly #bound: number;
  /** Bytes that a worker needs to encode a chunk of any admitted target. */
  #encodeBytes = 0;
  /** The admitted target whose chunks take the most memory. */
  #largest: Target | undefined;

  /** @param memory bytes that gathered chunks and the encoders of the workers may take together */
  constructor(tasks: TaskRunner<GatherTask>, ledger: Ledger, memory: number) {
    this.#bound = memory;
    this.#tasks = tasks;
    this.#memory = new ChunkMemory(memory);
    this.#encoder = new ChunkEncoder(tasks, ledger, this.#memory, () => this.#changes.notify());
    this.#opener = new ChunkOpener(tasks, ledger, this.#memory, this.#encoder, this.#open);
  }

  /**
   * Adds a dataset: adapts the split of memory between chunks and encoders, so that its chunks fit.
   *
   * @throws BudgetError if the memory is too small for its chunks
   */
  admit(target: Target): void {
    const encodeBytes = Math.max(this.#encodeBytes, encoderBytes(target.layout));
    // The encoders for this target's chunks must leave room for the chunks of all other targets, too.
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
   * Takes in a piece of a dataset; it overwrites earlier data. Returns a promise only if it has to wait for memory,
   * for workers, or for a chunk that is being read back. The caller may reuse the memory of the data afterwards.
   *
   * @param picks indices along each axis, within the extent in the ledger
   * @param from the data, as many along each axis as the picks
   * @throws JobError if a chunk of this or of an earlier piece could not be read back, encoded or written
   */
  write(target: Target, picks: readonly AxisPick[], from: Lattice): void | Promise<void> {
    return this.#visit(target, pickedCells(picks, target.chunk), (chunk, cell) =>
      this.#put(chunk, picks, cell, from),
    );
  }

  /**
   * Reads back the stored chunks that a piece will fill only in part, so that a damaged chunk is found before the
   * dataset grows. Returns a promise only if it has to wait.
   *
   * @param picks as for `write`; they may lie beyond the extent
   * @param extent extent of the dataset before it grows
   * @throws JobError if a chunk is damaged, or an earlier chunk could not be encoded or written
   */
  fetch(
    target: Target,
    picks: readonly AxisPick[],
    extent: readonly number[],
  ): void | Promise<void> {
    return this.#visit(target, cellsToFetch(target, picks, extent), () => {});
  }

  /** Sends chunks to the workers that wait for their batch to fill. */
  send(): void {
    this.#encoder.send();
  }

  /**
   * Encodes all open chunks, of one dataset or of all datasets, and waits until they are written.
   *
   * @throws JobError if a chunk could not be encoded or written
   */
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
   * Drops the data of a dataset that lie beyond an extent from the open chunks. First it waits until no chunk of the
   * dataset is being read back or encoded.
   */
  async cut(target: Target, extent: readonly number[]): Promise<void> {
    const own = () => [...this.#open].filter((chunk) => chunk.target === target);
    while (this.#encoder.isBusy(target) || own().some(({ pins }) => pins > 0)) await this.#change();
    for (const chunk of own()) this.#opener.cut(chunk, extent);
  }

  /** Drops all open chunks, and waits until no chunk is being encoded any more. */
  async drop(): Promise<void> {
    for (const chunk of [...this.#open]) this.#open.delete(chunk);
    await this.#idle();
  }

  /**
   * Copies the picked elements of one chunk, if the chunk is in memory.
   *
   * @param to memory for the whole selection
   * @returns whether the chunk was in memory
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

  /**
   * Waits until a chunk is not being encoded any more.
   *
   * @param start first element of the chunk
   * @throws JobError if a chunk could not be encoded or written
   */
  async written(target: Target, start: readonly number[]): Promise<void> {
    const key = String(start);
    while (this.#encoder.has(target, key)) {
      this.#encoder.check();
      await this.#change();
    }
    this.#encoder.check();
  }

  /** Opens the chunks of cells one after the other, and calls `use` with each. */
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

  /** Continues a visit that has to wait, with `first` as the next cell and `opened` as its chunk, if it is open. */
  async #visitRest(
    target: Target,
    first: Cell,
    cells: Iterator<Cell, void, undefined>,
    use: (chunk: OpenChunk, cell: Cell) => void,
    opened: Opening | undefined,
  ): Promise<void> {
    const maxAhead = 2 * this.#tasks.workers;
    // Chunks that were opened but not used yet. Several are read back at the same time.
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
        // Before it waits for room, it uses and unpins all chunks: otherwise two visits could wait for each other.
        if (opening ? window.length >= maxAhead : window.length > 0) await finish();
        else if (!opening) await this.#change();
      }
      while (window.length > 0) await finish();
    } finally {
      // After an error, the other chunks stay pinned until they have been read back.
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
    this.#changes.notify();
  }

  async #idle(target?: Target): Promise<void> {
    this.#encoder.send();
    while (this.#encoder.isBusy(target)) await this.#change();
  }

  /** Resolves when a task has ended or a chunk was unpinned. */
  #change(): Promise<void> {
    this.#encoder.send();
    return this.#changes.next();
  }
}

/** The chunks that a piece fills only in part and that may be stored, because they reach into the extent. */
function* cellsToFetch(
  target: Target,
  picks: readonly AxisPick[],
  extent: readonly number[],
): Generator<Cell, void, undefined> {
  for (const cell of pickedCells(picks, target.chunk)) {
    // Cells come in C order, so all that follow lie beyond the extent, too.
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
