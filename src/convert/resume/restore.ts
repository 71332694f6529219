import type { RestoredDataset } from '../../coordinator/run.js';
import { cellAt, cellsPerAxis, type Grid, product } from '../../layout/index.js';
import type { LaidOut } from '../../plan/new-dataset.js';
import { type NumberedChunks, type Recorder, selectChunks } from '../journal/index.js';
import {
  type CompareOptions,
  findHolding,
  type HoldingChunks,
  type OnRecord,
} from './intact-chunks.js';

/** An interrupted conversion. */
export interface Interrupted extends OnRecord {
  /** Whether nothing more comes, so that growing data end with what is on record. */
  readonly isLast: boolean;
}

/** What holds of an interrupted conversion, and what does not. */
export interface Restored {
  /** By the dataset's number. */
  readonly datasets: Map<number, RestoredDataset>;
  /**
   * Datasets that lack something which was on record and nobody has promised to bring again: when nothing
   * more comes, something that was acknowledged.
   */
  readonly lost: ReadonlySet<number>;
  /** Datasets of which some chunk is not there as it was stored last. */
  readonly fallen: ReadonlySet<number>;
}

/**
 * The chunks of an interrupted conversion that hold: see {@link findHolding}. For datasets that are read from
 * sources, what does not hold goes on record as lost, so that it is written anew.
 *
 * @param datasets numbers of those whose chunks are wanted
 * @throws JobError where a chunk can't be read: that says nothing of what it holds
 */
export async function restore(
  interrupted: Interrupted,
  datasets: readonly number[],
  recorder: Recorder,
  options: CompareOptions,
): Promise<Restored> {
  const { header } = interrupted;
  const restored = new Map<number, RestoredDataset>();
  const lost = new Set<number>();
  const fallen = new Set<number>();
  for (const [dataset, holding] of await findHolding(interrupted, datasets, options)) {
    const { laidOut, data } = header.datasets[dataset];
    if (holding.fallen.size > 0) fallen.add(dataset);
    if (data.kind === 'source') {
      if (recordFallen(recorder, dataset, laidOut, holding)) lost.add(dataset);
      restored.set(dataset, holding);
    } else if (interrupted.isLast) {
      if (lacksPromised(interrupted, dataset, holding)) lost.add(dataset);
      restored.set(dataset, lastChunks(interrupted, dataset, holding));
    } else {
      // An earlier copy of a chunk lacks what came after it.
      if (holding.fallen.size > 0) lost.add(dataset);
      restored.set(dataset, holding);
    }
  }
  return { datasets: restored, lost, fallen };
}

/**
 * Puts on record which copies of a source's chunks hold: each has the same values.
 *
 * @returns whether there are chunks of which none does
 */
function recordFallen(
  recorder: Recorder,
  dataset: number,
  { layout }: LaidOut,
  { extent, chunks, fallen }: HoldingChunks,
): boolean {
  if (fallen.size === 0) return false;
  const grid = { extent, cell: layout.chunk };
  const startOf = (number: number) => cellAt(grid, number).start;
  const earlier = selectChunks(chunks, (at) => fallen.has(chunks.numbers[at]));
  const found = new Set(earlier.numbers);
  const lost = [...fallen].filter((number) => !found.has(number));
  if (lost.length > 0) recorder.lost(dataset, lost.map(startOf));
  const starts = Array.from(earlier.numbers, (number, at) => ({
    start: startOf(number),
    rows: earlier.rows[at],
  }));
  if (starts.length > 0) recorder.chunks(dataset, starts, earlier);
  return lost.length > 0;
}

/**
 * Whether a chunk is not there as it was when data were last acknowledged, nor any later copy of it. Of data
 * that had all come, and of which none were acknowledged before, every chunk counts.
 */
function lacksPromised(
  { header, recorded }: Interrupted,
  dataset: number,
  { extent, chunks, fallen }: HoldingChunks,
): boolean {
  const { hasEnded, isFlushed } = recorded.datasets[dataset];
  if (!isFlushed) return hasEnded && fallen.size > 0;
  const grid: Grid = { extent, cell: header.datasets[dataset].laidOut.layout.chunk };
  const acknowledged = recorded.acknowledgedChunks(dataset, grid);
  // Both ascend by number.
  let at = 0;
  for (const [one, number] of acknowledged.numbers.entries()) {
    while (at < chunks.numbers.length && chunks.numbers[at] < number) at++;
    if (chunks.numbers[at] !== number || chunks.ends[at] < acknowledged.ends[one]) return true;
  }
  return false;
}

/**
 * The extent on record may be ahead of the chunks: rows that were still in memory are gone. Of a stream
 * that was acknowledged it ends with that, or with the last row behind it that came as a whole; of
 * others, whose data may come in any order, with the last row of chunks of which any came.
 */
function lastChunks(
  { header, recorded }: Interrupted,
  dataset: number,
  { extent, chunks, fallen }: HoldingChunks,
): RestoredDataset {
  const { maxshape, layout, shape } = header.datasets[dataset].laidOut;
  if (maxshape[0] !== null) return { extent, chunks };
  const { acknowledged, isFlushed, hasEnded } = recorded.datasets[dataset];
  const isWhole = hasEnded && fallen.size === 0;
  const inRow = product(cellsPerAxis({ extent, cell: layout.chunk }).slice(1));
  const known = Math.max(isWhole ? extent[0] : (acknowledged?.extent[0] ?? 0), shape[0]);
  const came =
    isFlushed && !isWhole
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
