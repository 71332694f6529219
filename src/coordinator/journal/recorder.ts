import type { Hyperslab } from '../../layout/index.js';
import { currentBoot } from './boot.js';
import type { Journal } from './journal.js';
import { bytesOf, type Durability, type ExtentRecord } from './records.js';
import { Syncing } from './syncing.js';

/** Chunks that were written. */
export interface RecordedWrite {
  /** Three numbers a chunk: address (-1 where it was not stored), stored bytes, filter mask. */
  readonly placements: Float64Array;
  /** Of the stored bytes, one a chunk. */
  readonly checksums: BigUint64Array;
}

/** Puts on record what a conversion does; what is on record is never lost. Methods throw WriteError. */
export class Recorder {
  /** Whether it has put any chunk on record. */
  hasChunks = false;
  readonly #journal: Journal;
  readonly #syncing: Syncing | undefined;
  /** Of each dataset the extent that is on record. */
  readonly #extents = new Map<number, string>();

  /** @param filename of the file that holds the chunks */
  constructor(journal: Journal, filename: string, durability: Durability) {
    this.#journal = journal;
    journal.append({ kind: 'begun', boot: currentBoot(), durability });
    if (durability === 'power') this.#syncing = new Syncing(journal, filename);
  }

  /** The first chunks of a slab of whole chunks, in C order. */
  slab(dataset: number, { start, count }: Hyperslab, written: RecordedWrite): void {
    this.hasChunks = true;
    this.#journal.append({ kind: 'slab', dataset, start, count, ...chunkData(written) });
    this.#syncing?.tick();
  }

  /** Single chunks, by their first elements. */
  chunks(dataset: number, starts: readonly (readonly number[])[], written: RecordedWrite): void {
    this.hasChunks = true;
    this.#journal.append({ kind: 'chunks', dataset, starts: starts.flat(), ...chunkData(written) });
    this.#syncing?.tick();
  }

  /** Chunks whose bytes are not what was written. */
  lost(dataset: number, starts: readonly (readonly number[])[]): void {
    this.#journal.append({ kind: 'lost', dataset, starts: starts.flat() });
  }

  /** The extent that a dataset has from here on. */
  extent(
    dataset: number,
    extent: readonly number[],
    state: ExtentRecord['state'] = 'growing',
  ): void {
    const text = String(extent);
    if (state === 'growing' && this.#extents.get(dataset) === text) return;
    this.#extents.set(dataset, text);
    this.#journal.append({ kind: 'extent', dataset, extent, state });
  }

  /** The data of a dataset come from their beginning again. */
  restarted(dataset: number): void {
    this.#journal.append({ kind: 'restarted', dataset });
  }

  /** Resolves when what is on record is as durable as was asked for. */
  async settled(): Promise<void> {
    await this.#syncing?.now();
  }

  async close(): Promise<void> {
    await this.#syncing?.close();
  }
}

const chunkData = ({ placements, checksums }: RecordedWrite) => ({
  placements: bytesOf(placements),
  checksums: bytesOf(checksums),
});
