import type { Hyperslab } from '../../layout/index.js';
import type { SourceFile } from '../../sources/index.js';
import type { PartialFile } from '../partial-file.js';
import { currentBoot } from './boot.js';
import type { Journal } from './journal.js';
import {
  bytesOf,
  type ChunksRecord,
  type Durability,
  type ExtentRecord,
  type SlabRecord,
} from './records.js';
import { Syncing } from './syncing.js';

/** Chunks that were written. */
export interface RecordedWrite {
  /** Three numbers a chunk: address (-1 where it was not stored), stored bytes, filter mask. */
  readonly placements: Float64Array;
  /** Of the stored bytes, one a chunk. */
  readonly checksums: BigUint64Array;
}

/** A chunk of data that grow. */
export interface CommittedChunk {
  /** Its first element. */
  readonly start: readonly number[];
  /** Rows that the dataset had when it was taken to be written: of later ones it has nothing. */
  readonly rows: number;
}

/** Puts on record what a conversion does. Methods throw WriteError. */
export class Recorder {
  /** Whether it has put any chunk on record. */
  hasChunks = false;
  readonly #journal: Journal;
  readonly #partial: PartialFile;
  readonly #syncing: Syncing | undefined;
  /** Of each dataset the extent that is on record. */
  readonly #extents = new Map<number, string>();
  readonly #restarted = new Set<number>();

  /** @param partial the file that holds the chunks */
  constructor(journal: Journal, partial: PartialFile, durability: Durability) {
    this.#journal = journal;
    this.#partial = partial;
    const { inode } = partial.identity;
    journal.append({ kind: 'begun', boot: currentBoot(), durability, inode });
    if (durability === 'power') this.#syncing = new Syncing(journal, partial.path);
  }

  /** The first chunks of a slab of whole chunks, in C order. */
  slab(dataset: number, { start, count }: Hyperslab, written: RecordedWrite): void {
    this.#append({ kind: 'slab', dataset, start, count, ...chunkData(written) });
    this.hasChunks = true;
    this.#syncing?.tick();
  }

  /** Single chunks. */
  chunks(dataset: number, chunks: readonly CommittedChunk[], written: RecordedWrite): void {
    const starts = chunks.flatMap(({ start }) => start);
    const rows = chunks.map(({ rows }) => rows);
    this.#append({ kind: 'chunks', dataset, starts, rows, ...chunkData(written) });
    this.hasChunks = true;
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
    this.#append({ kind: 'extent', dataset, extent, state });
  }

  /**
   * The data of a dataset come from their beginning again. It goes on record when the first of them do:
   * until then what came before can still be recovered.
   */
  restarted(dataset: number): void {
    this.#restarted.add(dataset);
  }

  /** The files of a source are others by their times, and hold the same. */
  sources(dataset: number, files: readonly SourceFile[]): void {
    this.#journal.append({ kind: 'sources', dataset, files });
  }

  /** What holds of earlier runs was compared: from here on a sync stands for that, too. */
  compared(): void {
    this.#syncing?.coverAll();
  }

  /** What was written is about to be brought to the disk, or could not be. */
  unsynced(): void {
    this.#journal.append({ kind: 'unsynced' });
  }

  /**
   * Resolves when what is on record is as durable as was asked for.
   *
   * @throws OutputError when another file has taken the partial file's place: what is on record is nowhere then
   */
  async settled(): Promise<void> {
    await this.#syncing?.now();
    this.#partial.requireInPlace();
  }

  async close(): Promise<void> {
    await this.#syncing?.close();
  }

  #append(record: SlabRecord | ChunksRecord | ExtentRecord): void {
    const { dataset } = record;
    if (this.#restarted.delete(dataset)) this.#journal.append({ kind: 'restarted', dataset });
    this.#journal.append(record);
  }
}

const chunkData = ({ placements, checksums }: RecordedWrite) => ({
  placements: bytesOf(placements),
  checksums: bytesOf(checksums),
});
