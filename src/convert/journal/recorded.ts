import { emptyChunks, type NumberedChunks, pickChunks } from '../../coordinator/index.js';
import { isLost, markLost, PLACEMENT_BYTES } from '../../hdf5/index.js';
import { type Grid, isAscending } from '../../layout/index.js';
import type { Durability } from '../../options.js';
import type { SourceFile } from '../../sources/index.js';
import { currentBoot } from './boot.js';
import { type AnyChunks, countOf, numberChunks } from './chunk-records.js';
import type { Entry, Journal } from './journal.js';
import {
  type BegunRecord,
  bytesOf,
  type CompleteRecord,
  type ExtentRecord,
  type SyncedRecord,
} from './records.js';

/** One process's share of a conversion, from its `begun` record on. */
interface Run {
  readonly boot: string;
  /** Of the partial file. */
  readonly inode: bigint;
  readonly durability: Durability;
}

const NO_RUN: Run = { boot: '', inode: -1n, durability: 'process' };

type ChunkEntry = Entry & {
  readonly record: AnyChunks;
  readonly run: Run;
};

/** Chunks whose records end between two places of the journal are on the disk, in the file of an inode. */
interface SyncedRange {
  readonly from: number;
  to: number;
  readonly inode: bigint;
}

/** What a journal says of one dataset. */
export class RecordedChunks {
  /** The last extent on record; undefined where it never changed. */
  extent: ExtentRecord | undefined;
  /** The last extent whose data were acknowledged before all had come. */
  acknowledged: ExtentRecord | undefined;
  /** Where in the journal the record of that ends; 0 where no data were acknowledged. */
  acknowledgedAt = 0;
  /** Whether chunks are lost that were on record. */
  hasLost = false;
  /** The files of its source as they were last found to be; undefined where the header's hold. */
  files: readonly SourceFile[] | undefined;
  entries: ChunkEntry[] = [];

  /** Whether data were acknowledged before all had come: they may be nowhere else. */
  get isFlushed(): boolean {
    return this.acknowledgedAt > 0;
  }

  acknowledge(record: ExtentRecord, end: number): void {
    this.acknowledged = record;
    this.acknowledgedAt = end;
  }

  get isBegun(): boolean {
    return this.entries.length > 0 || this.extent !== undefined;
  }

  /** Whether all its data came, of one whose length was not known, and hold. */
  get hasEnded(): boolean {
    return this.extent?.state === 'ended' && !this.hasLost;
  }
}

/** What a journal says, read at once. */
export class Recorded {
  readonly datasets: RecordedChunks[];
  /** Whether any chunk is on record. */
  hasChunks = false;
  complete: CompleteRecord | undefined;
  /** Of the run that was the last. */
  durability: Durability | undefined;
  /**
   * Whether the running system may hold bytes in its cache that it failed to bring to the disk: after such
   * a failure Linux takes them for written, so a later sync does not write them either.
   */
  mayBeUnwritten = false;
  readonly #boot = currentBoot();
  /** Of the partial file that is here now. */
  readonly #inode: bigint | undefined;
  readonly #synced: SyncedRange[] = [];
  /** Before this place of the journal, only what was synced is known to be on the disk. */
  #unsyncedUntil = 0;
  /** Where the first record behind a damaged one ends; infinite where none is damaged. */
  #damagedAt = Number.POSITIVE_INFINITY;
  /** What will be acknowledged by the next sync. */
  #unacknowledged: { readonly record: ExtentRecord; readonly end: number }[] = [];
  #run = NO_RUN;

  private constructor(datasets: number, inode: bigint | undefined) {
    this.datasets = Array.from({ length: datasets }, () => new RecordedChunks());
    this.#inode = inode;
  }

  /**
   * @param datasets how many there are
   * @param inode of the partial file; chunks that were written to another one are not trusted. Default:
   * whatever the file, none is told from another
   */
  static of(journal: Journal, datasets: number, inode?: bigint): Recorded {
    const recorded = new Recorded(datasets, inode);
    for (const entry of journal.records()) recorded.#take(entry);
    return recorded;
  }

  /** Whether records are damaged, and gone. */
  get isDamaged(): boolean {
    return this.isDamagedBefore(Number.POSITIVE_INFINITY);
  }

  /** Whether records that came before a place of the journal are damaged, and gone. */
  isDamagedBefore(place: number): boolean {
    return this.#damagedAt < Number.POSITIVE_INFINITY && this.#damagedAt <= place;
  }

  /**
   * The chunks of a dataset as the last record of each says.
   *
   * @param grid of its chunks, over its extent; chunks outside of it are left out
   */
  chunks(dataset: number, grid: Grid): NumberedChunks {
    return this.#newest(dataset, grid, () => true);
  }

  /** The chunks of a dataset as they were when data of it were last acknowledged; none where they never were. */
  acknowledgedChunks(dataset: number, grid: Grid): NumberedChunks {
    const { acknowledgedAt } = this.datasets[dataset];
    return this.#newest(dataset, grid, (_, end) => end <= acknowledgedAt);
  }

  /**
   * The copies of chunks that were stored before other copies of them.
   *
   * @param before where the records of those end, by the number of the chunk
   */
  earlierChunks(dataset: number, grid: Grid, before: ReadonlyMap<number, number>): NumberedChunks {
    return this.#newest(dataset, grid, (number, end) => end < (before.get(number) ?? 0));
  }

  /** @param isMeant whether a record of a chunk counts, by the chunk's number and where the record ends */
  #newest(
    dataset: number,
    grid: Grid,
    isMeant: (number: number, end: number) => boolean,
  ): NumberedChunks {
    const { entries } = this.datasets[dataset];
    const all = emptyChunks(entries.reduce((sum, { record }) => sum + countOf(record, grid), 0));
    let at = 0;
    for (const { record, end, run } of entries) {
      const count = numberChunks(record, grid, all.numbers.subarray(at));
      if (record.kind === 'lost') {
        markLost(all.placements, at, at + count);
      } else {
        bytesOf(all.placements).set(record.placements, at * PLACEMENT_BYTES);
        bytesOf(all.checksums).set(record.checksums, at * CHECKSUM_BYTES);
      }
      if (this.#isTrusted(end, run)) all.trusted.fill(1, at, at + count);
      if (record.kind === 'chunks') all.rows.set(record.rows, at);
      else all.rows.fill(Number.POSITIVE_INFINITY, at, at + count);
      all.ends.fill(end, at, at + count);
      at += count;
    }
    return pickChunks(all, lastOfEach(all, isMeant));
  }

  #isTrusted(end: number, { boot, inode, durability }: Run): boolean {
    // What is gone may be that a chunk was written anew.
    if (this.isDamaged) return false;
    const isSynced = this.#synced.some(
      (range) => range.from < end && end <= range.to && this.#isHere(range.inode),
    );
    if (isSynced) return true;
    // The system that runs has the bytes, unless it has failed to write them. Where all is synced at short
    // intervals that need not be trusted.
    const isWithSystem = boot === this.#boot && durability === 'process';
    return isWithSystem && end > this.#unsyncedUntil && this.#isHere(inode);
  }

  #isHere(inode: bigint): boolean {
    return this.#inode === undefined || inode === this.#inode;
  }

  #take(entry: Entry): void {
    const { record, end } = entry;
    if (entry.isBehindDamage) this.#damagedAt = Math.min(this.#damagedAt, end);
    switch (record.kind) {
      case 'slab':
      case 'chunks':
      case 'lost':
        this.#takeChunks({ ...entry, record, run: this.#run });
        break;
      case 'extent': {
        const dataset = this.datasets[record.dataset];
        dataset.extent = record;
        if (record.state === 'acknowledged') this.#takeAcknowledged(record, end);
        break;
      }
      case 'sources':
        this.datasets[record.dataset].files = record.files;
        break;
      case 'restarted':
        this.datasets[record.dataset] = new RecordedChunks();
        this.#unacknowledged = this.#unacknowledged.filter(
          (one) => one.record.dataset !== record.dataset,
        );
        break;
      case 'synced':
        this.#takeSynced(record);
        break;
      case 'unsynced':
        this.#unsyncedUntil = end;
        this.mayBeUnwritten ||= this.#run.boot === this.#boot;
        break;
      case 'complete':
        this.complete = record;
        break;
      case 'begun':
        this.#begin(record);
    }
  }

  #begin({ boot, inode, durability }: BegunRecord): void {
    this.#run = { boot, inode, durability };
    // A conversion that is taken up again is not complete any more.
    this.complete = undefined;
    this.durability = durability;
    // It may have ended because a sync failed.
    this.mayBeUnwritten ||= durability === 'power' && boot === this.#boot;
  }

  /** Where syncs are asked for, nothing is acknowledged before the sync that makes it true. */
  #takeAcknowledged(record: ExtentRecord, end: number): void {
    if (this.#run.durability === 'power') this.#unacknowledged.push({ record, end });
    else this.datasets[record.dataset].acknowledge(record, end);
  }

  #takeSynced({ from, until }: SyncedRecord): void {
    const { inode } = this.#run;
    const last = this.#synced.at(-1);
    if (last?.from === from && last.inode === inode) last.to = Math.max(last.to, until);
    else this.#synced.push({ from, to: until, inode });
    for (const { record, end } of this.#unacknowledged)
      if (from < end && end <= until) this.datasets[record.dataset].acknowledge(record, end);
    this.#unacknowledged = this.#unacknowledged.filter(({ end }) => end > until);
  }

  #takeChunks(entry: ChunkEntry): void {
    const isLost = entry.record.kind === 'lost';
    const dataset = this.datasets[entry.record.dataset];
    this.hasChunks ||= !isLost;
    dataset.hasLost ||= isLost;
    dataset.entries.push(entry);
  }
}

const CHECKSUM_BYTES = BigUint64Array.BYTES_PER_ELEMENT;

/** Where the last record that counts is of each chunk, by number, but for those that are lost. */
function lastOfEach(
  { numbers, placements, ends }: NumberedChunks,
  isMeant: (number: number, end: number) => boolean,
): number[] {
  const order: number[] = [];
  for (let at = 0; at < numbers.length; at++)
    if (numbers[at] >= 0 && isMeant(numbers[at], ends[at])) order.push(at);
  if (!isAscending(numbers)) order.sort((a, b) => numbers[a] - numbers[b] || a - b);
  return order.filter(
    (at, place) => numbers[at] !== numbers[order[place + 1]] && !isLost(placements, at),
  );
}
