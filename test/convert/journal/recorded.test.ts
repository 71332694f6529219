import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { currentBoot } from '../../../src/convert/journal/boot.js';
import { Journal, Recorded } from '../../../src/convert/journal/index.js';
import { bytesOf, type JournalRecord } from '../../../src/convert/journal/records.js';
import { selectChunks } from '../../../src/coordinator/index.js';
import {
  cellCount,
  cellsPerAxis,
  type Grid,
  ravelIndex,
  unravelIndex,
} from '../../../src/layout/index.js';
import { numRuns } from '../../support/effort.js';
import { tempFolder } from '../../support/recordings.js';
import { bytesOfJournal, claimed, headerOf, withBytes, written } from './journals.js';

/** A grid of 4 x 3 chunks of 3 x 2 items. The extent cuts the last chunks. */
const GRID: Grid = { extent: [11, 5], cell: [3, 2] };
const COUNTS = cellsPerAxis(GRID);

/** A record that a test appends, or a function that makes it from the ends of earlier records. */
type Step =
  | JournalRecord
  | { readonly kind: 'syncedAfter'; readonly step: number; readonly from: number };

/** Inode of the existing partial file. */
const HERE = 7n;

const dataset = fc.nat(1);
/** Index of a chunk, up to one past the grid along each axis. */
const cell = fc.tuple(fc.nat(COUNTS[0]), fc.nat(COUNTS[1]));
const startOf = (index: readonly number[]) => index.map((at, axis) => at * GRID.cell[axis]);
const seed = fc.integer({ min: 0, max: 1e6 });

const slab = fc
  .record({
    dataset,
    cell,
    size: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    part: seed,
    seed,
  })
  .map(({ dataset, cell, size, part, seed }): Step => {
    const all = size[0] * size[1];
    const count = size.map((length, axis) => length * GRID.cell[axis]);
    const done = 1 + (part % all);
    return { kind: 'slab', dataset, start: startOf(cell), count, ...written(done, seed) };
  });

const chunks = fc
  .record({ dataset, cells: fc.array(cell, { minLength: 1, maxLength: 4 }), seed })
  .map(({ dataset, cells, seed }): Step => {
    const starts = cells.flatMap(startOf);
    const rows = cells.map((_, at) => (seed + at) % 12);
    return { kind: 'chunks', dataset, starts, rows, ...written(cells.length, seed) };
  });

const lost = fc
  .record({ dataset, cells: fc.array(cell, { minLength: 1, maxLength: 6 }) })
  .map(({ dataset, cells }): Step => ({ kind: 'lost', dataset, starts: cells.flatMap(startOf) }));

const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: slab },
    { weight: 6, arbitrary: chunks },
    { weight: 3, arbitrary: lost },
    { weight: 1, arbitrary: dataset.map((dataset): Step => ({ kind: 'restarted', dataset })) },
    {
      weight: 2,
      arbitrary: fc
        .record({
          boot: fc.constantFrom(currentBoot(), 'another boot', 'a third'),
          durability: fc.constantFrom('process' as const, 'power' as const),
          inode: fc.constantFrom(HERE, HERE, 8n),
        })
        .map((run): Step => ({ kind: 'begun', ...run })),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.nat(30), fc.nat(30))
        .map(([step, from]): Step => ({ kind: 'syncedAfter', step, from })),
    },
    { weight: 1, arbitrary: fc.constant<Step>({ kind: 'unsynced' }) },
  ),
  { maxLength: 30 },
);

interface Known {
  readonly address: number;
  readonly checksum: bigint;
  readonly rows: number;
  readonly end: number;
  readonly run: { readonly boot: string; readonly durability: string; readonly inode: bigint };
}

/** A simple model: for each chunk, its last record counts. */
class Model {
  readonly datasets = [new Map<number, Known>(), new Map<number, Known>()];
  #run = { boot: '', durability: 'process', inode: -1n };
  readonly #synced: { from: number; until: number; inode: bigint }[] = [];
  #failed = 0;

  take(record: JournalRecord, end: number): void {
    if (record.kind === 'begun') this.#run = record;
    else if (record.kind === 'unsynced') this.#failed = end;
    else if (record.kind === 'synced') this.#synced.push({ ...record, inode: this.#run.inode });
    else if (record.kind === 'restarted') this.datasets[record.dataset].clear();
    else if (record.kind === 'lost')
      for (const number of this.#numbers(record.starts))
        this.datasets[record.dataset].delete(number);
    else if (record.kind === 'slab' || record.kind === 'chunks') {
      const numbers = record.kind === 'slab' ? this.#within(record) : this.#numbers(record.starts);
      const placements = new Float64Array(Uint8Array.from(record.placements).buffer);
      const checksums = new BigUint64Array(Uint8Array.from(record.checksums).buffer);
      for (const [at, number] of numbers.entries())
        if (number >= 0 && at < checksums.length)
          this.datasets[record.dataset].set(number, {
            address: placements[3 * at],
            checksum: checksums[at],
            rows: record.kind === 'chunks' ? record.rows[at] : Number.POSITIVE_INFINITY,
            end,
            run: this.#run,
          });
    }
  }

  rows(dataset: number) {
    return [...this.datasets[dataset]]
      .sort(([a], [b]) => a - b)
      .map(([number, { end, run, ...known }]) => {
        const isOnDisk = this.#synced.some(
          ({ from, until, inode }) => from < end && end <= until && inode === HERE,
        );
        const isWithSystem =
          run.boot === currentBoot() && run.durability === 'process' && run.inode === HERE;
        const trusted = isOnDisk || (isWithSystem && end > this.#failed) ? 1 : 0;
        return { number, ...known, trusted };
      });
  }

  #number(start: readonly number[]): number {
    const index = start.map((at, axis) => at / GRID.cell[axis]);
    return index.every((at, axis) => at < COUNTS[axis]) ? ravelIndex(index, COUNTS) : -1;
  }

  #numbers(starts: readonly number[]): number[] {
    return Array.from({ length: starts.length / 2 }, (_, at) =>
      this.#number(starts.slice(2 * at, 2 * at + 2)),
    );
  }

  #within({
    start,
    count,
  }: {
    readonly start: readonly number[];
    readonly count: readonly number[];
  }) {
    const size = count.map((length, axis) => length / GRID.cell[axis]);
    return Array.from({ length: size[0] * size[1] }, (_, at) =>
      this.#number(
        unravelIndex(at, size).map((index, axis) => start[axis] + index * GRID.cell[axis]),
      ),
    );
  }
}

const rowsOf = (recorded: Recorded, dataset: number) => {
  const { numbers, placements, checksums, trusted, rows } = recorded.chunks(dataset, GRID);
  return Array.from(numbers, (number, at) => ({
    number,
    address: placements[3 * at],
    checksum: checksums[at],
    rows: rows[at],
    trusted: trusted[at],
  }));
};

test('the last record of each chunk counts', () => {
  const path = join(tempFolder(), 'a.nwb.journal');
  fc.assert(
    fc.property(steps, (all) => {
      const journal = Journal.claim(path);
      try {
        journal.begin(headerOf());
        const model = new Model();
        const ends: number[] = [];
        for (const step of all) {
          const record: JournalRecord =
            step.kind === 'syncedAfter'
              ? {
                  kind: 'synced',
                  from: ends[step.from] ?? 0,
                  until: ends[step.step] ?? journal.size,
                }
              : step;
          journal.append(record);
          ends.push(journal.size);
          model.take(record, journal.size);
        }
        const recorded = Recorded.of(journal, 2, HERE);
        for (const dataset of [0, 1])
          expect(rowsOf(recorded, dataset)).toEqual(model.rows(dataset));
      } finally {
        journal.close();
      }
    }),
    { numRuns: numRuns(100) },
  );
});

/** Reads a journal with these records. */
function recordedOf(...records: readonly JournalRecord[]): Recorded {
  const journal = claimed();
  journal.begin(headerOf());
  for (const record of records) journal.append(record);
  return Recorded.of(journal, 2);
}

const ONE: JournalRecord = { kind: 'chunks', dataset: 0, starts: [0, 0], rows: [3], ...written(1) };
const ended = { kind: 'extent', dataset: 1, extent: [9, 5], state: 'ended' } as const;

describe('a journal', () => {
  test('without records has no chunks', () => {
    const recorded = recordedOf();
    expect(recorded.hasChunks).toBe(false);
    expect(recorded.complete).toBeUndefined();
    expect(recorded.chunks(0, GRID).numbers).toHaveLength(0);
    expect(recorded.datasets.map(({ isBegun, hasEnded }) => [isBegun, hasEnded])).toEqual([
      [false, false],
      [false, false],
    ]);
  });

  test('has the last extent of a dataset, and the last acknowledged one', () => {
    const growing = (rows: number) =>
      ({ kind: 'extent', dataset: 1, extent: [rows, 5], state: 'growing' }) as const;
    const acknowledged = { ...growing(6), state: 'acknowledged' } as const;
    const recorded = recordedOf(growing(3), acknowledged, growing(8));
    expect(recorded.datasets[1]).toMatchObject({
      extent: growing(8),
      acknowledged,
      isBegun: true,
      hasEnded: false,
    });
    expect(recordedOf(growing(3), ended).datasets[1]).toMatchObject({
      acknowledged: undefined,
      isFlushed: false,
      hasEnded: true,
    });
  });

  test('has only later records of a dataset that was restarted', () => {
    const recorded = recordedOf(ended, ONE, { kind: 'restarted', dataset: 1 });
    expect(recorded.datasets[1]).toMatchObject({ isBegun: false, hasEnded: false });
    expect(recorded.datasets[0].isBegun).toBe(true);
    expect(recorded.hasChunks).toBe(true);
  });

  test('is complete until its conversion is resumed', () => {
    const complete = { kind: 'complete', inode: 5n, mtimeNs: 6n } as const;
    const begun = { kind: 'begun', boot: '', durability: 'process', inode: HERE } as const;
    expect(recordedOf(begun, ONE, complete).complete).toEqual(complete);
    expect(recordedOf(begun, ONE, complete, begun).complete).toBeUndefined();
  });

  test('with records of lost chunks only has no chunks', () => {
    const recorded = recordedOf({ kind: 'lost', dataset: 0, starts: [0, 0] });
    expect(recorded.hasChunks).toBe(false);
    expect(recorded.chunks(0, GRID).numbers).toHaveLength(0);
  });
});

test('chunks are in the order of their numbers, and can be picked by index', () => {
  const starts = [9, 4, 0, 0, 3, 2];
  const recorded = recordedOf({
    kind: 'chunks',
    dataset: 0,
    starts,
    rows: [11, 2, 5],
    ...written(3),
  });
  const chunks = recorded.chunks(0, GRID);
  expect([...chunks.numbers]).toEqual([0, 4, 11]);
  expect(cellCount(GRID)).toBe(12);
  const { placements, checksums } = written(3);
  const addresses = new Float64Array(placements.slice().buffer);
  const sums = new BigUint64Array(checksums.slice().buffer);
  const picked = selectChunks(chunks, (at) => chunks.numbers[at] !== 4);
  expect([...picked.numbers]).toEqual([0, 11]);
  expect(Buffer.from(bytesOf(picked.placements))).toEqual(
    Buffer.from(bytesOf(Float64Array.of(...addresses.slice(3, 6), ...addresses.slice(0, 3)))),
  );
  expect([...picked.checksums]).toEqual([sums[1], sums[0]]);
  expect([...picked.rows]).toEqual([2, 11]);
  expect(picked.trusted).toHaveLength(2);
});

describe('a damaged journal', () => {
  const begun = {
    kind: 'begun',
    boot: currentBoot(),
    durability: 'process',
    inode: HERE,
  } as const;
  const acknowledged = { ...ended, dataset: 0, state: 'acknowledged' } as const;
  const records: readonly JournalRecord[] = [begun, ONE, acknowledged, ONE];
  const { bytes, ends } = bytesOfJournal(records);

  /** Reads a journal in which a byte before the end of a record has changed. */
  const recordedWith = (hurt: number | undefined) => {
    const other = Buffer.from(bytes);
    if (hurt !== undefined) other[ends[hurt] - 1] ^= 1;
    return withBytes(join(tempFolder(), 'a.nwb.journal'), other, (journal) =>
      Recorded.of(journal, 2),
    );
  };

  test('has the records after the damage, but no chunk is trusted', () => {
    const whole = recordedWith(undefined);
    expect(whole.isDamaged).toBe(false);
    expect([...whole.chunks(0, GRID).trusted]).toEqual([1]);
    for (const hurt of [1, 2]) {
      const recorded = recordedWith(hurt);
      expect(recorded.isDamaged).toBe(true);
      expect([...recorded.chunks(0, GRID).trusted]).toEqual([0]);
      expect(recorded.datasets[0].isFlushed).toBe(hurt === 1);
    }
  });

  test('counts as cut short if the damage is at its end', () => {
    const recorded = recordedWith(records.length - 1);
    expect(recorded.isDamaged).toBe(false);
    expect([...recorded.chunks(0, GRID).trusted]).toEqual([1]);
  });
});

/** For a journal with one chunk per record: whether each chunk is trusted. */
function trustOf(...steps: readonly (JournalRecord | 'chunk' | 'sync')[]): number[] {
  const journal = claimed();
  journal.begin(headerOf());
  let begin = 0;
  let row = 0;
  for (const step of steps) {
    if (step === 'chunk') journal.append({ ...ONE, starts: [3 * row++, 0] } as JournalRecord);
    else if (step === 'sync') journal.append({ kind: 'synced', from: begin, until: journal.size });
    else journal.append(step);
    if (typeof step !== 'string' && step.kind === 'begun') begin = journal.size;
  }
  return [...Recorded.of(journal, 2, HERE).chunks(0, GRID).trusted];
}

describe('chunks are trusted', () => {
  const run = (fields: Partial<JournalRecord>) =>
    ({
      kind: 'begun',
      boot: currentBoot(),
      durability: 'process',
      inode: HERE,
      ...fields,
    }) as JournalRecord;
  const here = run({});
  const power = run({ durability: 'power' });
  const unsynced = { kind: 'unsynced' } as const;

  test('if the running system has them in its cache, unless it failed to sync them', () => {
    expect(trustOf(here, 'chunk', unsynced, here, 'chunk')).toEqual([0, 1]);
    expect(trustOf(here, 'chunk', 'sync', 'chunk', unsynced)).toEqual([1, 0]);
  });

  test('only once they are synced, with durability power', () => {
    expect(trustOf(power, 'chunk', 'sync', 'chunk')).toEqual([1, 0]);
  });

  test('only if the run that wrote them has synced them', () => {
    const before = run({ boot: 'another boot', durability: 'power' });
    expect(trustOf(before, 'chunk', 'sync', 'chunk', power, 'chunk', 'sync')).toEqual([1, 0, 1]);
  });

  test('only if they were written into the existing file, not another one of its name', () => {
    const elsewhere = run({ inode: 8n });
    expect(trustOf(elsewhere, 'chunk', 'sync', here, 'chunk')).toEqual([0, 1]);
  });
});

describe('an acknowledgement', () => {
  const begun = (durability: 'process' | 'power') =>
    ({ kind: 'begun', boot: currentBoot(), durability, inode: HERE }) as const;
  const rows = (count: number) =>
    ({ kind: 'extent', dataset: 0, extent: [count, 5], state: 'acknowledged' }) as const;
  const synced = { kind: 'synced', from: 0, until: 1e9 } as const;
  const early = { kind: 'synced', from: 0, until: 1 } as const;

  test.each<[number | undefined, JournalRecord[]]>([
    [3, [begun('process'), rows(3)]],
    [undefined, [begun('power'), rows(3)]],
    [undefined, [begun('power'), rows(3), early]],
    [3, [begun('power'), rows(3), synced]],
    [3, [begun('power'), rows(3), synced, rows(7)]],
    [3, [begun('process'), rows(3), begun('power'), rows(7)]],
  ])('of %s rows counts once a sync covers it', (count, records) => {
    const [{ acknowledged, isFlushed }] = recordedOf(...records).datasets;
    expect(acknowledged?.extent[0]).toBe(count);
    expect(isFlushed).toBe(count !== undefined);
  });
});

describe('chunks that were stored several times', () => {
  const copy = (address: number, number = 0): JournalRecord => ({
    kind: 'chunks',
    dataset: 0,
    starts: [3 * number, 0],
    rows: [address],
    placements: bytesOf(Float64Array.of(address, 64, 0)),
    checksums: bytesOf(BigUint64Array.of(BigInt(address))),
  });
  const acknowledge = {
    kind: 'extent',
    dataset: 0,
    extent: [11, 5],
    state: 'acknowledged',
  } as const;

  test('have earlier copies that can be found, and acknowledged ones', () => {
    const journal = claimed();
    journal.begin(headerOf());
    for (const record of [copy(1), copy(2), acknowledge, copy(3), copy(9, 1)])
      journal.append(record);
    const recorded = Recorded.of(journal, 2);
    const addresses = ({ placements }: { placements: Float64Array }) =>
      [...placements].filter((_, at) => at % 3 === 0);
    const before = new Map<number, number>();
    for (const expected of [[3, 9], [2], [1], []]) {
      const chunks =
        before.size === 0 ? recorded.chunks(0, GRID) : recorded.earlierChunks(0, GRID, before);
      expect(addresses(chunks)).toEqual(expected);
      for (const [at, number] of chunks.numbers.entries()) before.set(number, chunks.ends[at]);
    }
    expect(addresses(recorded.acknowledgedChunks(0, GRID))).toEqual([2]);
  });
});
