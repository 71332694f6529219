import { type WorkerPool, withPool } from '../../coordinator/pool.js';
import { JobError } from '../../errors.js';
import { cellAt, type Grid } from '../../layout/index.js';
import type { FilledOptions } from '../../options.js';
import { type CheckedChunks, checkChunks } from '../../verify/check-chunks.js';
import {
  type Header,
  joinChunks,
  type NumberedChunks,
  type Recorded,
  selectChunks,
} from '../journal/index.js';

export type CompareOptions = Pick<FilledOptions, 'workers' | 'signal' | 'check'>;

/** What is on record of an interrupted conversion, and the file that it is about. */
export interface OnRecord {
  readonly header: Header;
  readonly recorded: Recorded;
  /** The partial file, and how many bytes of it there were. */
  readonly filename: string;
  readonly bytes: number;
  /** Of the open file; see `File.token`. */
  readonly token: bigint;
}

/** The chunks of a dataset whose bytes are in the file as they were written. */
export interface HoldingChunks {
  readonly extent: readonly number[];
  /** Of each chunk the newest copy that holds. */
  readonly chunks: NumberedChunks;
  /** Chunks whose newest copy does not hold, by number. */
  readonly fallen: ReadonlySet<number>;
}

/** Numbers of chunks, by the number of their dataset. */
type ChunksOf = ReadonlyMap<number, ReadonlySet<number>>;

/**
 * Finds the newest copy of each chunk that holds. A chunk that was not full may have been stored several
 * times, at different places: when the machine lost its power, the last copy may be torn and the one before
 * intact.
 *
 * Copies that can't be trusted, or all with `check`, are compared with their checksums. Where the system may
 * have failed to write what its cache holds, those that fit are written again.
 *
 * @param datasets their numbers
 * @throws JobError where a chunk can't be read: that says nothing of what it holds
 */
export async function findHolding(
  onRecord: OnRecord,
  datasets: readonly number[],
  options: CompareOptions,
): Promise<Map<number, HoldingChunks>> {
  const { recorded } = onRecord;
  const grids = new Map(datasets.map((dataset) => [dataset, gridOf(onRecord, dataset)]));
  const parts = new Map(datasets.map((dataset): [number, NumberedChunks[]] => [dataset, []]));
  let fallen: ChunksOf | undefined;
  let copies = new Map([...grids].map(([at, grid]) => [at, recorded.chunks(at, grid)]));
  while (copies.size > 0) {
    const failed = await compareCopies(onRecord, copies, fallen === undefined, options);
    for (const [at, chunks] of copies) {
      const isHolding = (chunk: number) => !failed.get(at)?.has(chunks.numbers[chunk]);
      parts.get(at)?.push(selectChunks(chunks, isHolding));
    }
    fallen ??= failed;
    const earlier = [...failed].map(([at, numbers]) => {
      const before = endsOf(copies.get(at) as NumberedChunks, numbers);
      return [at, recorded.earlierChunks(at, grids.get(at) as Grid, before)] as const;
    });
    copies = new Map(earlier.filter(([, { numbers }]) => numbers.length > 0));
  }
  return new Map(
    [...grids].map(([at, { extent }]) => [
      at,
      {
        extent,
        chunks: joinChunks(parts.get(at) as NumberedChunks[]),
        fallen: fallen?.get(at) ?? new Set(),
      },
    ]),
  );
}

/** The chunk grid of a dataset, over the last extent that is on record. */
function gridOf({ header, recorded }: OnRecord, dataset: number): Grid {
  const { shape, layout } = header.datasets[dataset].laidOut;
  return { extent: recorded.datasets[dataset].extent?.extent ?? shape, cell: layout.chunk };
}

/** Chunks of a dataset that are looked at in any case: the file may be another than the journal's. */
const SAMPLES = 4;

/**
 * Compares one copy of each chunk with its checksum, where it has to be.
 *
 * @param isNewest whether the copies are the last ones, of which those are trusted that are known to be safe
 * @returns those that do not hold, by the dataset's number; only of datasets that have any
 */
async function compareCopies(
  onRecord: OnRecord,
  copies: ReadonlyMap<number, NumberedChunks>,
  isNewest: boolean,
  { workers, signal, check }: CompareOptions,
): Promise<ChunksOf> {
  const failed = new Map<number, Set<number>>();
  const fail = (dataset: number, number: number) => {
    failed.set(dataset, (failed.get(dataset) ?? new Set()).add(number));
  };
  for (const [dataset, chunks] of copies)
    for (const [at, number] of chunks.numbers.entries())
      if (endOf(chunks, at) > onRecord.bytes) fail(dataset, number);
  let differing = 0;
  const compare = (pool: WorkerPool, wanted: readonly CheckedChunks[]) =>
    checkChunks(pool, wanted, {
      decode: false,
      rewrite: onRecord.recorded.mayBeUnwritten,
      onFailed: ({ dataset, number, problem, isUnreadable }) => {
        if (isUnreadable) throw unreadable(onRecord, dataset, number, problem);
        fail(dataset, number);
        differing++;
      },
    });
  const isSuspect = ({ numbers, trusted }: NumberedChunks, at: number) =>
    check || !isNewest || trusted[at] === 0 || at % Math.ceil(numbers.length / SAMPLES) === 0;
  const first = wantedOf(onRecord, copies, failed, isSuspect);
  if (first.length === 0) return failed;
  const plan = { filename: onRecord.filename, token: onRecord.token, datasets: [] };
  await withPool(plan, workers, signal, async (pool) => {
    await compare(pool, first);
    // One that was trusted in vain leaves no reason to trust the others.
    if (differing > 0 && isNewest && !check)
      await compare(
        pool,
        wantedOf(onRecord, copies, failed, (...one) => !isSuspect(...one)),
      );
  });
  return failed;
}

/** The stored chunks of copies that have not failed and are meant. */
function wantedOf(
  { header }: OnRecord,
  copies: ReadonlyMap<number, NumberedChunks>,
  failed: ChunksOf,
  isMeant: (chunks: NumberedChunks, at: number) => boolean,
): CheckedChunks[] {
  return [...copies].flatMap(([dataset, chunks]): CheckedChunks[] => {
    const { path: name, layout } = header.datasets[dataset].laidOut;
    const known = failed.get(dataset);
    const wanted = selectChunks(
      chunks,
      (at) =>
        chunks.placements[3 * at] >= 0 && !known?.has(chunks.numbers[at]) && isMeant(chunks, at),
    );
    return wanted.numbers.length > 0 ? [{ dataset, name, layout, ...wanted }] : [];
  });
}

/** Where the records of some chunks end in the journal, by the chunk's number. */
function endsOf(
  { numbers, ends }: NumberedChunks,
  wanted: ReadonlySet<number>,
): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (const [at, number] of numbers.entries()) if (wanted.has(number)) found.set(number, ends[at]);
  return found;
}

/** Where the bytes of a chunk end; 0 of one that was not stored. */
function endOf({ placements }: NumberedChunks, at: number): number {
  return placements[3 * at] < 0 ? 0 : placements[3 * at] + placements[3 * at + 1];
}

function unreadable(
  onRecord: OnRecord,
  dataset: number,
  number: number,
  problem: string,
): JobError {
  const slab = cellAt(gridOf(onRecord, dataset), number);
  const { path } = onRecord.header.datasets[dataset].laidOut;
  return new JobError(path, slab, new Error(`the stored chunk can't be read: ${problem}`));
}
