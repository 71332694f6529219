import {
  joinChunks,
  type NumberedChunks,
  selectChunks,
  type WorkerPool,
  withPool,
} from '../../coordinator/index.js';
import { JobError } from '../../errors.js';
import { addressOf, isStored, storedBytesOf } from '../../hdf5/index.js';
import { cellAt, type Grid } from '../../layout/index.js';
import { type CheckedChunks, checkChunks } from '../../verify/index.js';
import type { InterruptedConversion } from '../conversion.js';

/** The partial file as the interrupted conversion left it, open to be written. */
export interface LeftFile {
  readonly filename: string;
  /** Its size when it was opened, in bytes. */
  readonly bytes: number;
  /** See `File.token`. */
  readonly token: bigint;
}

/** The chunks of a dataset whose bytes are in the file as they were written. */
export interface IntactChunks {
  readonly extent: readonly number[];
  /** For each chunk, the newest intact copy. */
  readonly chunks: NumberedChunks;
  /** Numbers of the chunks whose newest copy is damaged. */
  readonly damaged: ReadonlySet<number>;
}

/** Numbers of chunks, by the number of their dataset. */
type ChunksOf = ReadonlyMap<number, ReadonlySet<number>>;

/**
 * Finds the newest intact copy of each chunk. A chunk that was written before it was full may have been stored several
 * times, at different addresses: after a power failure, its last copy may be torn while an earlier one is intact.
 *
 * Copies that can't be trusted, or all copies with the option `check`, are compared with their checksums. If
 * the system may have failed to write out its cache, intact copies are written again.
 *
 * @param datasets numbers of the datasets
 * @throws JobError if a chunk can't be read, so that nobody knows whether it is damaged
 */
export async function findIntactChunks(
  conversion: InterruptedConversion,
  left: LeftFile,
  datasets: readonly number[],
): Promise<Map<number, IntactChunks>> {
  const { recorded } = conversion;
  const grids = new Map(datasets.map((dataset) => [dataset, gridOf(conversion, dataset)]));
  const parts = new Map(datasets.map((dataset): [number, NumberedChunks[]] => [dataset, []]));
  let damaged: ChunksOf | undefined;
  let copies = new Map([...grids].map(([at, grid]) => [at, recorded.chunks(at, grid)]));
  while (copies.size > 0) {
    const failed = await compareCopies(conversion, left, copies, damaged === undefined);
    for (const [at, chunks] of copies) {
      const isIntact = (chunk: number) => !failed.get(at)?.has(chunks.numbers[chunk]);
      parts.get(at)?.push(selectChunks(chunks, isIntact));
    }
    damaged ??= failed;
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
        damaged: damaged?.get(at) ?? new Set(),
      },
    ]),
  );
}

/** The chunk grid of a dataset, over the last extent on record. */
function gridOf({ header, recorded }: InterruptedConversion, dataset: number): Grid {
  const { shape, layout } = header.datasets[dataset].spec;
  return { extent: recorded.datasets[dataset].extent?.extent ?? shape, cell: layout.chunk };
}

/** About this many chunks of each dataset are always compared, because the file may not belong to the journal. */
const SAMPLES = 4;

/**
 * Compares one copy of each chunk with its checksum, if necessary.
 *
 * @param isNewest whether these are the newest copies; only those are trusted if they are known to be safe
 * @returns the damaged chunks, by the dataset's number; datasets without damage are left out
 */
async function compareCopies(
  conversion: InterruptedConversion,
  { filename, bytes, token }: LeftFile,
  copies: ReadonlyMap<number, NumberedChunks>,
  isNewest: boolean,
): Promise<ChunksOf> {
  const { recorded, options } = conversion;
  const { workers, signal, check } = options;
  const failed = new Map<number, Set<number>>();
  const fail = (dataset: number, number: number) => {
    failed.set(dataset, (failed.get(dataset) ?? new Set()).add(number));
  };
  for (const [dataset, chunks] of copies)
    for (const [at, number] of chunks.numbers.entries())
      if (endOf(chunks, at) > bytes) fail(dataset, number);
  let differing = 0;
  const compare = (pool: WorkerPool, wanted: readonly CheckedChunks[]) =>
    checkChunks(pool, wanted, {
      decode: false,
      rewrite: recorded.mayBeUnwritten,
      onFailed: ({ dataset, number, problem, isUnreadable }) => {
        if (isUnreadable) throw unreadable(conversion, dataset, number, problem);
        fail(dataset, number);
        differing++;
      },
    });
  const isSuspect = ({ numbers, trusted }: NumberedChunks, at: number) =>
    check || !isNewest || trusted[at] === 0 || at % Math.ceil(numbers.length / SAMPLES) === 0;
  const first = wantedOf(conversion, copies, failed, isSuspect);
  if (first.length === 0) return failed;
  await withPool({ filename, token }, workers, signal, async (pool) => {
    await compare(pool, first);
    // A damaged chunk that was trusted leaves no reason to trust the others.
    if (differing > 0 && isNewest && !check)
      await compare(
        pool,
        wantedOf(conversion, copies, failed, (...one) => !isSuspect(...one)),
      );
  });
  return failed;
}

/** The stored chunks among the copies that have not failed, and that `isMeant` chooses. */
function wantedOf(
  { header }: InterruptedConversion,
  copies: ReadonlyMap<number, NumberedChunks>,
  failed: ChunksOf,
  isMeant: (chunks: NumberedChunks, at: number) => boolean,
): CheckedChunks[] {
  return [...copies].flatMap(([dataset, chunks]): CheckedChunks[] => {
    const { path: name, layout } = header.datasets[dataset].spec;
    const known = failed.get(dataset);
    const wanted = selectChunks(
      chunks,
      (at) =>
        isStored(chunks.placements, at) && !known?.has(chunks.numbers[at]) && isMeant(chunks, at),
    );
    return wanted.numbers.length > 0 ? [{ dataset, name, layout, ...wanted }] : [];
  });
}

/** Where in the journal the records of some chunks end, by the chunk's number. */
function endsOf(
  { numbers, ends }: NumberedChunks,
  wanted: ReadonlySet<number>,
): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (const [at, number] of numbers.entries()) if (wanted.has(number)) found.set(number, ends[at]);
  return found;
}

/** Where in the file a chunk ends; 0 for a chunk that is not stored. */
function endOf({ placements }: NumberedChunks, at: number): number {
  if (!isStored(placements, at)) return 0;
  return addressOf(placements, at) + storedBytesOf(placements, at);
}

function unreadable(
  conversion: InterruptedConversion,
  dataset: number,
  number: number,
  problem: string,
): JobError {
  const slab = cellAt(gridOf(conversion, dataset), number);
  const { path } = conversion.header.datasets[dataset].spec;
  return new JobError(
    { dataset: path, hyperslab: slab },
    { cause: new Error(`the stored chunk can't be read: ${problem}`) },
  );
}
