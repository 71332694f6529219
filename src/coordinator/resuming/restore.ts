import { cellAt, cellsPerAxis, product } from '../../layout/index.js';
import { JobError } from '../errors.js';
import {
  type Header,
  type NumberedChunks,
  type Recorded,
  type Recorder,
  selectChunks,
} from '../journal/index.js';
import type { LaidOut } from '../lay-out.js';
import type { FilledOptions } from '../options.js';
import { type WorkerPool, withPool } from '../pool.js';
import type { RestoredDataset } from '../run.js';
import { type CheckedChunks, checkChunks } from '../verifying/check-chunks.js';

export type RestoreOptions = Pick<FilledOptions, 'workers' | 'signal' | 'check'>;

/** An interrupted conversion, as its journal has it. */
export interface Interrupted {
  readonly header: Header;
  readonly recorded: Recorded;
  /** The file that holds the chunks, and how many bytes of it there are. */
  readonly filename: string;
  readonly bytes: number;
  /** Whether nothing more comes, so that growing data end with what is on record. */
  readonly isLast: boolean;
}

/** What holds of an interrupted conversion, and what does not. */
export interface Restored {
  /** By the dataset's number. */
  readonly datasets: Map<number, RestoredDataset>;
  /** How many chunks are lost that were on record, by the dataset's number; only of those that lost any. */
  readonly lost: ReadonlyMap<number, number>;
}

/**
 * The chunks of an interrupted conversion that hold: those on record whose bytes are in the file. Where
 * the system has ended since, or `check` asks for it, they are compared with their checksums. What
 * does not hold goes on record as lost, so that it is written anew; unless nothing more comes.
 *
 * @param datasets numbers of those whose chunks are wanted
 * @throws JobError where a chunk can't be read: that says nothing of what it holds
 */
export async function restore(
  interrupted: Interrupted,
  datasets: readonly number[],
  recorder: Recorder,
  options: RestoreOptions,
): Promise<Restored> {
  const { header, recorded, bytes } = interrupted;
  const restored = new Map<number, RestoredDataset>();
  const lost = new Map<number, Set<number>>();
  for (const dataset of datasets) {
    const { laidOut } = header.datasets[dataset];
    const { extent, chunks } = isLast(interrupted, dataset)
      ? lastChunks(recorded, dataset, laidOut)
      : allChunks(recorded, dataset, laidOut);
    restored.set(dataset, { extent, chunks });
    lost.set(dataset, new Set(chunks.numbers.filter((_, at) => endOf(chunks, at) > bytes)));
  }
  await findDamaged(interrupted, restored, lost, options);
  for (const [dataset, { extent, chunks }] of restored) {
    const gone = lost.get(dataset) as Set<number>;
    if (gone.size === 0) continue;
    const grid = { extent, cell: header.datasets[dataset].laidOut.layout.chunk };
    const starts = [...gone].map((number) => cellAt(grid, number).start);
    if (!isLast(interrupted, dataset)) recorder.lost(dataset, starts);
    const kept = selectChunks(chunks, (at) => !gone.has(chunks.numbers[at]));
    restored.set(dataset, { extent, chunks: kept });
  }
  const counts = [...lost].map(([dataset, { size }]) => [dataset, size] as const);
  return { datasets: restored, lost: new Map(counts.filter(([, size]) => size > 0)) };
}

function allChunks(
  recorded: Recorded,
  dataset: number,
  { shape, layout }: LaidOut,
): RestoredDataset {
  const extent = recorded.datasets[dataset].extent?.extent ?? shape;
  return { extent, chunks: recorded.chunks(dataset, { extent, cell: layout.chunk }) };
}

/** Whether no more of its data come, so that it ends with what is on record. */
function isLast({ header, isLast }: Interrupted, dataset: number): boolean {
  return isLast && header.datasets[dataset].data.kind === 'blocks';
}

/**
 * The extent on record may be ahead of the chunks: rows that were still in memory are gone. Of a stream
 * that was acknowledged it ends with that, or with the last row behind it that came as a whole; of
 * others, whose data may come in any order, with the last row of chunks of which any came.
 */
function lastChunks(recorded: Recorded, dataset: number, laidOut: LaidOut): RestoredDataset {
  const { extent, chunks } = allChunks(recorded, dataset, laidOut);
  const { maxshape, layout } = laidOut;
  if (maxshape[0] !== null) return { extent, chunks };
  const { acknowledged, isFlushed, hasEnded } = recorded.datasets[dataset];
  const inRow = product(cellsPerAxis({ extent, cell: layout.chunk }).slice(1));
  const known = Math.max(acknowledged?.extent[0] ?? 0, laidOut.shape[0]);
  const came =
    isFlushed && !hasEnded
      ? wholeRows(chunks, { inRow, length: layout.chunk[0], known })
      : (Math.floor((chunks.numbers.at(-1) ?? -1) / inRow) + 1) * layout.chunk[0];
  const rows = Math.min(extent[0], Math.max(came, known));
  const chunkRows = Math.ceil(rows / layout.chunk[0]);
  // Chunks are numbered row by row: their numbers stay.
  const within = selectChunks(chunks, (at) => chunks.numbers[at] < chunkRows * inRow);
  return { extent: extent.with(0, rows), chunks: within };
}

/** How many rows there are without a gap behind those that are known: all chunks of theirs came, full. */
function wholeRows(
  { numbers, rows }: NumberedChunks,
  { inRow, length, known }: { inRow: number; length: number; known: number },
): number {
  const first = Math.floor(known / length);
  let at = numbers.findIndex((number) => number >= first * inRow);
  if (at < 0) return known;
  for (let row = first; ; row++) {
    // As many as there were when the first of its chunks went on record.
    let came = (row + 1) * length;
    for (let column = 0; column < inRow; column++, at++) {
      if (numbers[at] !== row * inRow + column) return row * length;
      came = Math.min(came, rows[at]);
    }
    if (came < (row + 1) * length) return came;
  }
}

/** Where the bytes of a chunk end; 0 of one that was not stored. */
function endOf({ placements }: NumberedChunks, at: number): number {
  return placements[3 * at] < 0 ? 0 : placements[3 * at] + placements[3 * at + 1];
}

/** Adds the chunks to `lost` that fail their checksums, of those that can't be trusted without. */
async function findDamaged(
  { header, filename }: Interrupted,
  restored: ReadonlyMap<number, RestoredDataset>,
  lost: ReadonlyMap<number, Set<number>>,
  { workers, signal, check }: RestoreOptions,
): Promise<void> {
  const select = (isSuspect: (chunks: NumberedChunks, at: number) => boolean) =>
    [...restored].flatMap(([dataset, { chunks }]): CheckedChunks[] => {
      const { path: name, layout } = header.datasets[dataset].laidOut;
      const gone = lost.get(dataset) as Set<number>;
      const wanted = selectChunks(
        chunks,
        (at) =>
          chunks.placements[3 * at] >= 0 && !gone.has(chunks.numbers[at]) && isSuspect(chunks, at),
      );
      return wanted.numbers.length > 0 ? [{ dataset, name, layout, ...wanted }] : [];
    });
  let failed = 0;
  const compare = (pool: WorkerPool, suspect: readonly CheckedChunks[]) =>
    checkChunks(pool, suspect, {
      decode: false,
      onFailed: ({ dataset, number, problem, isUnreadable }) => {
        if (isUnreadable) throw unreadable(header, restored, dataset, number, problem);
        lost.get(dataset)?.add(number);
        failed++;
      },
    });
  const first = select(({ numbers, trusted }, at) => {
    const isSample = at % Math.ceil(numbers.length / SAMPLES) === 0;
    return check || trusted[at] === 0 || isSample;
  });
  if (first.length === 0) return;
  const plan = { filename, token: 0n, datasets: [] };
  await withPool(plan, workers, signal, async (pool) => {
    await compare(pool, first);
    if (failed > 0 && !check)
      await compare(
        pool,
        select(() => true),
      );
  });
}

/** Chunks of a dataset that are looked at in any case: the file may be another than the journal's. */
const SAMPLES = 4;

function unreadable(
  { datasets }: Header,
  restored: ReadonlyMap<number, RestoredDataset>,
  dataset: number,
  number: number,
  problem: string,
): JobError {
  const { path, layout } = datasets[dataset].laidOut;
  const { extent } = restored.get(dataset) as RestoredDataset;
  const slab = cellAt({ extent, cell: layout.chunk }, number);
  return new JobError(path, slab, new Error(`the stored chunk can't be read: ${problem}`));
}
