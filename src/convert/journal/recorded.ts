import type { NumberedChunks } from '../../coordinator/index.js';
import type { Grid } from '../../layout/index.js';
import type { Durability } from '../../options.js';
import { currentBoot } from './boot.js';
import type { Entry, Journal } from './journal.js';
import { type ChunkEntry, newestChunks, RecordedChunks, type Run } from './recorded-chunks.js';
import type { BegunRecord, CompleteRecord, ExtentRecord, SyncedRecord } from './records.js';

/** Stands for the run of records before the first `begun` record. */
const NO_RUN: Run = { boot: '', inode: -1n, durability: 'process' };

/** Says that chunks whose records end within a range of the journal are on the disk, in the file with an inode. */
interface SyncedRange {
  /** Exclusive. */
  readonly from: number;
  /** Inclusive. */
  to: number;
  readonly inode: bigint;
}

/** What all records of a journal say together. */
export class Recorded {
  readonly datasets: RecordedChunks[];
  /** Whether any chunk is on record. */
  hasChunks = false;
  complete: CompleteRecord | undefined;
  /** Of the last run. */
  durability: Durability | undefined;
  /**
   * Whether the cache of the running system may hold bytes that it failed to sync. After such a failure, Linux
   * considers these bytes written, so a later sync does not write them either.
   */
  mayBeUnwritten = false;
  readonly #boot = currentBoot();
  /**
   * Inode of the current partial file: chunks written to another file are not trusted. If undefined, files are not
   * told apart.
   */
  readonly #inode: bigint | undefined;
  readonly #synced: SyncedRange[] = [];
  /** Up to this position of the journal, only chunks that were synced are known to be on the disk. */
  #unsyncedUntil = 0;
  /** Where the first record after a damaged one ends; infinite if no record is damaged. */
  #damagedAt = Number.POSITIVE_INFINITY;
  /** Extents that count as acknowledged once a sync covers their records. */
  #unacknowledged: { readonly record: ExtentRecord; readonly end: number }[] = [];
  #run = NO_RUN;

  private constructor(datasets: number, inode: bigint | undefined) {
    this.datasets = Array.from({ length: datasets }, () => new RecordedChunks());
    this.#inode = inode;
  }

  /**
   * Reads a journal.
   *
   * @param datasets number of datasets in its header
   * @param inode inode of the partial file; chunks that were written into another file are not trusted. Default: the
   * file is not distinguished from others
   */
  static of(journal: Journal, datasets: number, inode?: bigint): Recorded {
    const recorded = new Recorded(datasets, inode);
    for (const entry of journal.records()) recorded.#take(entry);
    return recorded;
  }

  /** Whether records are lost, because they were damaged. */
  get isDamaged(): boolean {
    return this.isDamagedBefore(Number.POSITIVE_INFINITY);
  }

  /** Whether records before a position of the journal are lost, because they were damaged. */
  isDamagedBefore(position: number): boolean {
    return this.#damagedAt < Number.POSITIVE_INFINITY && this.#damagedAt <= position;
  }

  /**
   * The chunks of a dataset, each as its last record describes it.
   *
   * @param grid the grid of the dataset's chunks, over its extent; chunks outside of the grid are left out
   */
  chunks(dataset: number, grid: Grid): NumberedChunks {
    return this.#newest(dataset, grid, () => true);
  }

  /** The chunks of a dataset as they were at its last acknowledgement; none if nothing was acknowledged. */
  acknowledgedChunks(dataset: number, grid: Grid): NumberedChunks {
    const { acknowledgedAt } = this.datasets[dataset];
    return this.#newest(dataset, grid, (_, end) => end <= acknowledgedAt);
  }

  /**
   * The newest earlier copies of chunks.
   *
   * @param before where in the journal the record of the later copy ends, by the number of the chunk
   */
  earlierChunks(dataset: number, grid: Grid, before: ReadonlyMap<number, number>): NumberedChunks {
    return this.#newest(dataset, grid, (number, end) => end < (before.get(number) ?? 0));
  }

  /** @param isMeant whether a record counts, by the chunk's number and where the record ends */
  #newest(
    dataset: number,
    grid: Grid,
    isMeant: (number: number, end: number) => boolean,
  ): NumberedChunks {
    const isTrusted = ({ end, run }: ChunkEntry) => this.#isTrusted(end, run);
    return newestChunks(this.datasets[dataset].entries, grid, isMeant, isTrusted);
  }

  #isTrusted(end: number, { boot, inode, durability }: Run): boolean {
    // A lost record may have said that a chunk was written again.
    if (this.isDamaged) return false;
    const isSynced = this.#synced.some(
      (range) => range.from < end && end <= range.to && this.#isHere(range.inode),
    );
    if (isSynced) return true;
    // The running system has the bytes in its cache, unless it failed to sync them. With durability `power` this is
    // not relied on, because everything is synced at short intervals.
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
    // A conversion that was resumed is not complete any more.
    this.complete = undefined;
    this.durability = durability;
    // The run may have ended because a sync failed.
    this.mayBeUnwritten ||= durability === 'power' && boot === this.#boot;
  }

  /** With durability `power`, an extent counts as acknowledged only once a sync covers its record. */
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
