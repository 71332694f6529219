import type {
  ChunkRecord,
  ExtentState,
  RecordedChunk,
  RecordedWrite,
} from '../../coordinator/index.js';
import type { Hyperslab } from '../../layout/index.js';
import type { Durability } from '../../options.js';
import type { SourceFile } from '../../sources/index.js';
import type { PartialFile } from '../partial-file.js';
import { currentBoot } from './boot.js';
import type { Journal } from './journal.js';
import { bytesOf, type ChunksRecord, type ExtentRecord, type SlabRecord } from './records.js';
import { Syncing } from './syncing.js';

/** Records in the journal what a conversion does. Its methods throw WriteError if the journal can't be written. */
export class Recorder implements ChunkRecord {
  readonly isDurable = true;
  /** Whether it has recorded any chunk. */
  hasChunks = false;
  readonly #journal: Journal;
  readonly #partial: PartialFile;
  readonly #syncing: Syncing | undefined;
  /** The extent on record of each dataset, as text. */
  readonly #extents = new Map<number, string>();
  /** Datasets whose restart is recorded with their next chunks. */
  readonly #restarted = new Set<number>();

  /** @param partial the file that holds the chunks */
  constructor(journal: Journal, partial: PartialFile, durability: Durability) {
    this.#journal = journal;
    this.#partial = partial;
    const { inode } = partial.identity;
    journal.append({ kind: 'begun', boot: currentBoot(), durability, inode });
    if (durability === 'power') this.#syncing = new Syncing(journal, partial.path);
  }

  /** Records the first chunks of a slab of whole chunks, in C order. */
  slab(dataset: number, { start, count }: Hyperslab, written: RecordedWrite): void {
    this.#append({ kind: 'slab', dataset, start, count, ...chunkData(written) });
    this.hasChunks = true;
    this.#syncing?.tick();
  }

  /** Records single chunks. */
  chunks(dataset: number, chunks: readonly RecordedChunk[], written: RecordedWrite): void {
    const starts = chunks.flatMap(({ start }) => start);
    const rows = chunks.map(({ rows }) => rows);
    this.#append({ kind: 'chunks', dataset, starts, rows, ...chunkData(written) });
    this.hasChunks = true;
    this.#syncing?.tick();
  }

  /** Records that chunks are lost, because their bytes are not the ones that were written. */
  lost(dataset: number, starts: readonly (readonly number[])[]): void {
    this.#journal.append({ kind: 'lost', dataset, starts: starts.flat() });
  }

  /** Records the extent that a dataset has from now on. */
  extent(dataset: number, extent: readonly number[], state: ExtentState = 'growing'): void {
    const text = String(extent);
    if (state === 'growing' && this.#extents.get(dataset) === text) return;
    this.#extents.set(dataset, text);
    this.#append({ kind: 'extent', dataset, extent, state });
  }

  /**
   * Says that the data of a dataset come again from their beginning. This is recorded just before the next chunk or
   * extent of the dataset: until then, the earlier data can still be recovered.
   */
  restarted(dataset: number): void {
    this.#restarted.add(dataset);
  }

  /** Records the new state of a source's files: they have other times, but hold the same data. */
  sources(dataset: number, files: readonly SourceFile[]): void {
    this.#journal.append({ kind: 'sources', dataset, files });
  }

  /**
   * Call this once the chunks of earlier runs have been compared and are intact. Later syncs then cover them as well.
   */
  compared(): void {
    this.#syncing?.coverAll();
  }

  /** Records that the file is about to be synced, or that syncing it has failed. */
  unsynced(): void {
    this.#journal.append({ kind: 'unsynced' });
  }

  /**
   * Resolves once everything on record is as durable as the user asked for.
   *
   * @throws OutputError if another file has taken the partial file's place, and with it the recorded chunks
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
