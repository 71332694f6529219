import { emptyChunks, type NumberedChunks, pickChunks } from '../../coordinator/index.js';
import { isLost, markLost, PLACEMENT_BYTES } from '../../hdf5/index.js';
import { type Grid, isAscending } from '../../layout/index.js';
import type { Durability } from '../../options.js';
import type { SourceFile } from '../../sources/index.js';
import { type AnyChunks, countOf, numberChunks } from './chunk-records.js';
import type { Entry } from './journal.js';
import { bytesOf, type ExtentRecord } from './records.js';

/** One process's share of a conversion, from its `begun` record on. */
export interface Run {
  readonly boot: string;
  /** Of the partial file. */
  readonly inode: bigint;
  readonly durability: Durability;
}

/** A record of chunks, and the run that wrote it. */
export type ChunkEntry = Entry & {
  readonly record: AnyChunks;
  readonly run: Run;
};

/** What a journal says about one dataset. */
export class RecordedChunks {
  /** The last extent on record; undefined if the extent never changed. */
  extent: ExtentRecord | undefined;
  /** The last extent whose data were acknowledged before all data had come. */
  acknowledged: ExtentRecord | undefined;
  /** Where in the journal the record of this extent ends; 0 if no data were acknowledged. */
  acknowledgedAt = 0;
  /** Whether chunks that were on record are lost. */
  hasLost = false;
  /** The files of the source, if a resume found them with other times; undefined if those of the header hold. */
  files: readonly SourceFile[] | undefined;
  entries: ChunkEntry[] = [];

  /** Whether data were acknowledged before all data had come: they may exist nowhere else. */
  get isFlushed(): boolean {
    return this.acknowledgedAt > 0;
  }

  /** @param end where in the journal the record ends */
  acknowledge(record: ExtentRecord, end: number): void {
    this.acknowledged = record;
    this.acknowledgedAt = end;
  }

  /** Whether any data are on record. */
  get isBegun(): boolean {
    return this.entries.length > 0 || this.extent !== undefined;
  }

  /** For a stream: whether all its data had come, and none of its chunks are lost. */
  get hasEnded(): boolean {
    return this.extent?.state === 'ended' && !this.hasLost;
  }
}

const CHECKSUM_BYTES = BigUint64Array.BYTES_PER_ELEMENT;

/**
 * The chunks of records, each as the last record that counts describes it. Chunks that this record says are lost
 * are left out.
 *
 * @param entries in the order of the journal
 * @param grid the grid of the dataset's chunks; chunks outside of it are left out
 * @param isMeant whether a record counts, by the chunk's number and where the record ends
 */
export function newestChunks(
  entries: readonly ChunkEntry[],
  grid: Grid,
  isMeant: (number: number, end: number) => boolean,
  isTrusted: (entry: ChunkEntry) => boolean,
): NumberedChunks {
  const all = emptyChunks(entries.reduce((sum, { record }) => sum + countOf(record, grid), 0));
  let at = 0;
  for (const entry of entries) {
    const { record, end } = entry;
    const count = numberChunks(record, grid, all.numbers.subarray(at));
    if (record.kind === 'lost') {
      markLost(all.placements, at, at + count);
    } else {
      bytesOf(all.placements).set(record.placements, at * PLACEMENT_BYTES);
      bytesOf(all.checksums).set(record.checksums, at * CHECKSUM_BYTES);
    }
    if (isTrusted(entry)) all.trusted.fill(1, at, at + count);
    if (record.kind === 'chunks') all.rows.set(record.rows, at);
    else all.rows.fill(Number.POSITIVE_INFINITY, at, at + count);
    all.ends.fill(end, at, at + count);
    at += count;
  }
  return pickChunks(all, lastOfEach(all, isMeant));
}

/** Indices of the last record that counts for each chunk, by the chunk's number, without those that are lost. */
function lastOfEach(
  { numbers, placements, ends }: NumberedChunks,
  isMeant: (number: number, end: number) => boolean,
): number[] {
  const order: number[] = [];
  for (let at = 0; at < numbers.length; at++)
    if (numbers[at] >= 0 && isMeant(numbers[at], ends[at])) order.push(at);
  if (!isAscending(numbers)) order.sort((a, b) => numbers[a] - numbers[b] || a - b);
  return order.filter(
    (at, index) => numbers[at] !== numbers[order[index + 1]] && !isLost(placements, at),
  );
}
