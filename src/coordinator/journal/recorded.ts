import { cellsPerAxis, type Grid, ravelIndex, unravelIndex } from '../../layout/index.js';
import { currentBoot } from './boot.js';
import type { Entry, Journal } from './journal.js';
import {
  type ChunksRecord,
  type CompleteRecord,
  checksumsOf,
  type ExtentRecord,
  type LostRecord,
  placementsOf,
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
  #synced = 0;

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
    const counts = cellsPerAxis(grid);
    const numbers: number[] = [];
    const placements: Float64Array[] = [];
    const checksums: BigUint64Array[] = [];
    const trusted: number[] = [];
    const here = currentBoot();
    for (const { record, end, boot } of this.datasets[dataset].entries) {
      const sure = boot === here || end <= this.#synced ? 1 : 0;
      const first = numbers.length;
      for (const number of numbersOf(record, grid, counts)) {
        numbers.push(number);
        trusted.push(sure);
      }
      const count = numbers.length - first;
      placements.push(record.kind === 'lost' ? nowhere(count) : placementsOf(record.placements));
      checksums.push(
        record.kind === 'lost' ? new BigUint64Array(count) : checksumsOf(record.checksums),
      );
    }
    const all = {
      numbers: Float64Array.from(numbers),
      placements: joined(Float64Array, placements),
      checksums: joined(BigUint64Array, checksums),
      trusted: Uint8Array.from(trusted),
    };
    return pick(all, lastOfEach(all));
  }

  #take(entry: Entry, boot: string): void {
    const { record } = entry;
    switch (record.kind) {
      case 'slab':
      case 'chunks':
      case 'lost':
        this.hasChunks ||= record.kind !== 'lost';
        this.datasets[record.dataset].hasLost ||= record.kind === 'lost';
        this.datasets[record.dataset].entries.push({ ...entry, record, boot });
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
      case 'complete':
        this.complete = record;
        break;
      case 'begun':
        // A conversion that is taken up again is not complete any more.
        this.complete = undefined;
    }
  }
}

/** Without those that hold, or held, nothing. */
export function selectChunks(
  chunks: NumberedChunks,
  keep: (at: number) => boolean,
): NumberedChunks {
  const kept: number[] = [];
  for (let at = 0; at < chunks.numbers.length; at++) if (keep(at)) kept.push(at);
  return pick(chunks, kept);
}

/** Numbers of the chunks of a record in its order; -1 for one outside of the grid. */
function* numbersOf(
  record: SlabRecord | ChunksRecord | LostRecord,
  grid: Grid,
  counts: readonly number[],
): Generator<number, void, undefined> {
  const rank = counts.length;
  const numberOf = (cell: readonly number[]) =>
    cell.every((index, axis) => index < counts[axis]) ? ravelIndex(cell, counts) : -1;
  if (record.kind === 'slab') {
    const within = cellsPerAxis({ extent: record.count, cell: grid.cell });
    const first = record.start.map((start, axis) => start / grid.cell[axis]);
    const total = record.placements.length / 24;
    for (let at = 0; at < total; at++)
      yield numberOf(unravelIndex(at, within).map((index, axis) => first[axis] + index));
    return;
  }
  for (let at = 0; at < record.starts.length; at += rank)
    yield numberOf(grid.cell.map((length, axis) => record.starts[at + axis] / length));
}

/** Of chunks that nothing is known of. */
const LOST = -2;

function nowhere(chunks: number): Float64Array {
  return new Float64Array(3 * chunks).fill(LOST);
}

/** Where the last record of each chunk is, by number, but for those that are lost. */
function lastOfEach({ numbers, placements }: Omit<NumberedChunks, 'trusted'>): number[] {
  const order = Array.from(numbers.keys());
  if (!ascend(numbers)) order.sort((a, b) => numbers[a] - numbers[b] || a - b);
  return order.filter(
    (at, place) =>
      numbers[at] >= 0 && numbers[at] !== numbers[order[place + 1]] && placements[3 * at] !== LOST,
  );
}

function ascend(numbers: Float64Array): boolean {
  return numbers.every((number, at) => at === 0 || numbers[at - 1] < number);
}

function pick(chunks: NumberedChunks, from: readonly number[]): NumberedChunks {
  const placements = new Float64Array(3 * from.length);
  for (const [to, at] of from.entries())
    placements.set(chunks.placements.subarray(3 * at, 3 * at + 3), 3 * to);
  return {
    numbers: Float64Array.from(from, (at) => chunks.numbers[at]),
    placements,
    checksums: BigUint64Array.from(from, (at) => chunks.checksums[at]),
    trusted: Uint8Array.from(from, (at) => chunks.trusted[at]),
  };
}

function joined<T extends Float64Array | BigUint64Array>(
  Type: new (length: number) => T,
  parts: readonly T[],
): T {
  const whole = new Type(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    (whole as Float64Array).set(part as Float64Array, at);
    at += part.length;
  }
  return whole;
}
