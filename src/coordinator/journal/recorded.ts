import { cellsPerAxis, type Grid, ravelIndex } from '../../layout/index.js';
import { ascend } from '../ascend.js';
import { currentBoot } from './boot.js';
import type { Entry, Journal } from './journal.js';
import {
  bytesOf,
  type ChunksRecord,
  type CompleteRecord,
  type Durability,
  type ExtentRecord,
  type LostRecord,
  type SlabRecord,
} from './records.js';

/** Chunks of a dataset, by their numbers in C order of the chunk grid, which ascend. */
export interface NumberedChunks {
  readonly numbers: Float64Array;
  /** Three numbers a chunk: address (-1 where it was not stored), stored bytes, filter mask. */
  readonly placements: Float64Array;
  readonly checksums: BigUint64Array;
  /** 1 where its bytes are known to have come to the disk, or to the system at least. */
  readonly trusted: Uint8Array;
  /** Of data that grow the rows that there were when it was taken to be written, else infinite. */
  readonly rows: Float64Array;
}

type ChunkEntry = Entry & {
  readonly record: SlabRecord | ChunksRecord | LostRecord;
  readonly boot: string;
};

/** What a journal says of one dataset. */
export class RecordedChunks {
  /** The last extent on record; undefined where it never changed. */
  extent: ExtentRecord | undefined;
  /** The last extent of which all data are on record. */
  acknowledged: ExtentRecord | undefined;
  /** Whether some data were acknowledged before all had come: they may be nowhere else. */
  isFlushed = false;
  /** Whether chunks are lost that were on record. */
  hasLost = false;
  entries: ChunkEntry[] = [];

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
  /** Whether records are damaged, and gone. */
  isDamaged = false;
  #synced = 0;
  /** What lies between two addresses may not have come to the disk, though it was synced since. */
  readonly #unsynced: { readonly from: number; readonly to: number }[] = [];

  private constructor(datasets: number) {
    this.datasets = Array.from({ length: datasets }, () => new RecordedChunks());
  }

  /** @param datasets how many there are */
  static of(journal: Journal, datasets: number): Recorded {
    const recorded = new Recorded(datasets);
    let boot = '';
    for (const entry of journal.records()) {
      if (entry.record.kind === 'begun') boot = entry.record.boot;
      recorded.#take(entry, boot);
    }
    return recorded;
  }

  /**
   * The chunks of a dataset as the last record of each says.
   *
   * @param grid of its chunks, over its extent; chunks outside of it are left out
   */
  chunks(dataset: number, grid: Grid): NumberedChunks {
    const { entries } = this.datasets[dataset];
    const here = currentBoot();
    const all = emptyChunks(entries.reduce((sum, { record }) => sum + countOf(record, grid), 0));
    let at = 0;
    for (const { record, end, boot } of entries) {
      const count = numberChunks(record, grid, all.numbers.subarray(at));
      if (record.kind === 'lost') {
        all.placements.fill(LOST, 3 * at, 3 * (at + count));
      } else {
        bytesOf(all.placements).set(record.placements, at * PLACEMENT_BYTES);
        bytesOf(all.checksums).set(record.checksums, at * CHECKSUM_BYTES);
      }
      if (this.#isTrusted(end, boot === here)) all.trusted.fill(1, at, at + count);
      if (record.kind === 'chunks') all.rows.set(record.rows, at);
      else all.rows.fill(Number.POSITIVE_INFINITY, at, at + count);
      at += count;
    }
    return pick(all, lastOfEach(all));
  }

  /** @param isRecent whether it was written since the machine began to run */
  #isTrusted(end: number, isRecent: boolean): boolean {
    // What is gone may be that a chunk was written anew.
    if (this.isDamaged) return false;
    if (this.#unsynced.some(({ from, to }) => end > from && end <= to)) return false;
    return isRecent || end <= this.#synced;
  }

  #take(entry: Entry, boot: string): void {
    const { record, end } = entry;
    this.isDamaged ||= entry.isBehindDamage;
    switch (record.kind) {
      case 'slab':
      case 'chunks':
      case 'lost':
        this.#takeChunks({ ...entry, record, boot });
        break;
      case 'extent': {
        const dataset = this.datasets[record.dataset];
        dataset.extent = record;
        if (record.state !== 'growing') dataset.acknowledged = record;
        dataset.isFlushed ||= record.state === 'acknowledged';
        break;
      }
      case 'restarted':
        this.datasets[record.dataset] = new RecordedChunks();
        break;
      case 'synced':
        this.#synced = record.until;
        break;
      case 'unsynced':
        this.#unsynced.push({ from: this.#synced, to: end });
        break;
      case 'complete':
        this.complete = record;
        break;
      case 'begun':
        // A conversion that is taken up again is not complete any more.
        this.complete = undefined;
        this.durability = record.durability;
    }
  }
  #takeChunks(entry: ChunkEntry): void {
    const isLost = entry.record.kind === 'lost';
    const dataset = this.datasets[entry.record.dataset];
    this.hasChunks ||= !isLost;
    dataset.hasLost ||= isLost;
    dataset.entries.push(entry);
  }
}

/** The chunks for which `keep`, asked for each of them, says so. */
export function selectChunks(
  chunks: NumberedChunks,
  keep: (at: number) => boolean,
): NumberedChunks {
  const kept: number[] = [];
  for (let at = 0; at < chunks.numbers.length; at++) if (keep(at)) kept.push(at);
  return pick(chunks, kept);
}

const PLACEMENT_BYTES = 3 * Float64Array.BYTES_PER_ELEMENT;
const CHECKSUM_BYTES = BigUint64Array.BYTES_PER_ELEMENT;

/** In place of an address: nothing is known of the chunk any more. */
const LOST = -2;

type AnyChunks = ChunkEntry['record'];

function countOf(record: AnyChunks, { cell }: Grid): number {
  if (record.kind === 'slab') return record.placements.length / PLACEMENT_BYTES;
  return record.starts.length / cell.length;
}

/**
 * Writes the numbers of the chunks of a record in its order, -1 for one outside of the grid.
 *
 * @returns how many there are
 */
function numberChunks(record: AnyChunks, grid: Grid, numbers: Float64Array): number {
  const { cell } = grid;
  const counts = cellsPerAxis(grid);
  const count = countOf(record, grid);
  const numberOf = (at: readonly number[]) =>
    at.every((index, axis) => index < counts[axis]) ? ravelIndex(at, counts) : -1;
  if (record.kind !== 'slab') {
    for (let at = 0; at < count; at++)
      numbers[at] = numberOf(
        cell.map((length, axis) => record.starts[at * cell.length + axis] / length),
      );
    return count;
  }
  const first = record.start.map((start, axis) => start / cell[axis]);
  const end = record.count.map((length, axis) => first[axis] + Math.ceil(length / cell[axis]));
  const chunk = [...first];
  for (let at = 0; at < count; at++) {
    numbers[at] = numberOf(chunk);
    let axis = cell.length - 1;
    while (axis > 0 && ++chunk[axis] === end[axis]) chunk[axis] = first[axis--];
    if (axis === 0) chunk[0]++;
  }
  return count;
}

/** Where the last record of each chunk is, by number, but for those that are lost. */
function lastOfEach({ numbers, placements }: Omit<NumberedChunks, 'trusted'>): number[] {
  const order = Array.from(numbers, (_, at) => at);
  if (!ascend(numbers)) order.sort((a, b) => numbers[a] - numbers[b] || a - b);
  return order.filter(
    (at, place) =>
      numbers[at] >= 0 && numbers[at] !== numbers[order[place + 1]] && placements[3 * at] !== LOST,
  );
}

function pick(chunks: NumberedChunks, from: readonly number[]): NumberedChunks {
  if (from.length === chunks.numbers.length && ascend(chunks.numbers)) return chunks;
  const picked = emptyChunks(from.length);
  for (const [to, at] of from.entries()) {
    picked.numbers[to] = chunks.numbers[at];
    for (let part = 0; part < 3; part++)
      picked.placements[3 * to + part] = chunks.placements[3 * at + part];
    picked.checksums[to] = chunks.checksums[at];
    picked.trusted[to] = chunks.trusted[at];
    picked.rows[to] = chunks.rows[at];
  }
  return picked;
}

function emptyChunks(count: number): NumberedChunks {
  return {
    numbers: new Float64Array(count),
    placements: new Float64Array(3 * count),
    checksums: new BigUint64Array(count),
    trusted: new Uint8Array(count),
    rows: new Float64Array(count),
  };
}
