import {
  type NumberedChunks,
  type RestoredDataset,
  selectChunks,
} from '../../coordinator/index.js';
import { cellAt, cellsPerAxis, type Grid, product } from '../../layout/index.js';
import type { DatasetSpec } from '../../plan/index.js';
import type { InterruptedConversion } from '../conversion.js';
import type { Recorder } from '../journal/index.js';
import { findIntactChunks, type IntactChunks, type LeftFile } from './intact-chunks.js';

/** The intact chunks of an interrupted conversion, and which datasets have lost chunks, by the dataset's number. */
export interface RestoredChunks {
  readonly datasets: Map<number, RestoredDataset>;
  /**
   * Datasets that lack chunks which were on record. If no more data come, a stream counts only if it lacks acknowledged
   * chunks, or chunks although all its data had come.
   */
  readonly lost: ReadonlySet<number>;
  /** Datasets in which the newest copy of some chunk is damaged. */
  readonly damaged: ReadonlySet<number>;
}

/**
 * Finds the intact chunks of an interrupted conversion; see {@link findIntactChunks}. If a dataset is read from a
 * source, its damaged chunks are recorded as lost, so that they are written again.
 *
 * @param datasets numbers of the datasets whose chunks are wanted
 * @param endsHere whether no more data come, so that growing datasets end with the data on record
 * @throws JobError if a chunk can't be read, so that nobody knows whether it is damaged
 */
export async function restoreChunks(
  conversion: InterruptedConversion,
  left: LeftFile,
  datasets: readonly number[],
  recorder: Recorder,
  endsHere: boolean,
): Promise<RestoredChunks> {
  const { header } = conversion;
  const restored = new Map<number, RestoredDataset>();
  const lost = new Set<number>();
  const damaged = new Set<number>();
  for (const [dataset, intact] of await findIntactChunks(conversion, left, datasets)) {
    const { spec, data } = header.datasets[dataset];
    if (intact.damaged.size > 0) damaged.add(dataset);
    if (data.kind === 'source') {
      if (recordDamage(recorder, dataset, spec, intact)) lost.add(dataset);
      restored.set(dataset, intact);
    } else if (endsHere) {
      if (lacksPromised(conversion, dataset, intact)) lost.add(dataset);
      restored.set(dataset, lastChunks(conversion, dataset, intact));
    } else {
      // An earlier copy of a chunk lacks the data that came after it.
      if (intact.damaged.size > 0) lost.add(dataset);
      restored.set(dataset, intact);
    }
  }
  return { datasets: restored, lost, damaged };
}

/**
 * Records which copies of a source's chunks are intact, and which chunks are lost. An earlier copy is as good as the
 * newest, because a source always gives the same values.
 *
 * @returns whether there are chunks without an intact copy
 */
function recordDamage(
  recorder: Recorder,
  dataset: number,
  { layout }: DatasetSpec,
  { extent, chunks, damaged }: IntactChunks,
): boolean {
  if (damaged.size === 0) return false;
  const grid = { extent, cell: layout.chunk };
  const startOf = (number: number) => cellAt(grid, number).start;
  const earlier = selectChunks(chunks, (at) => damaged.has(chunks.numbers[at]));
  const found = new Set(earlier.numbers);
  const lost = [...damaged].filter((number) => !found.has(number));
  if (lost.length > 0) recorder.lost(dataset, lost.map(startOf));
  const starts = Array.from(earlier.numbers, (number, at) => ({
    start: startOf(number),
    rows: earlier.rows[at],
  }));
  if (starts.length > 0) recorder.chunks(dataset, starts, earlier);
  return lost.length > 0;
}

/**
 * Whether acknowledged data are missing: for some chunk that was on record at the last acknowledgement, neither that
 * copy nor a later one is intact. If nothing was acknowledged but all data had come, any damaged chunk counts.
 */
function lacksPromised(
  { header, recorded }: InterruptedConversion,
  dataset: number,
  { extent, chunks, damaged }: IntactChunks,
): boolean {
  const { hasEnded, isFlushed } = recorded.datasets[dataset];
  if (!isFlushed) return hasEnded && damaged.size > 0;
  const grid: Grid = { extent, cell: header.datasets[dataset].spec.layout.chunk };
  const acknowledged = recorded.acknowledgedChunks(dataset, grid);
  // Both lists ascend by number.
  let at = 0;
  for (const [one, number] of acknowledged.numbers.entries()) {
    while (at < chunks.numbers.length && chunks.numbers[at] < number) at++;
    if (chunks.numbers[at] !== number || chunks.ends[at] < acknowledged.ends[one]) return true;
  }
  return false;
}

/**
 * The chunks of a dataset that ends here, and its extent. The extent on record may be ahead of the chunks,
 * because rows that were still in memory are gone. A stream with acknowledged rows ends with these rows, or with the
 * last complete row after them. Other data, which may come in any order, end with the last row of chunks that has a
 * chunk on record.
 */
function lastChunks(
  { header, recorded }: InterruptedConversion,
  dataset: number,
  { extent, chunks, damaged }: IntactChunks,
): RestoredDataset {
  const { maxshape, layout, shape } = header.datasets[dataset].spec;
  if (maxshape[0] !== null) return { extent, chunks };
  const { acknowledged, isFlushed, hasEnded } = recorded.datasets[dataset];
  const isWhole = hasEnded && damaged.size === 0;
  const inRow = product(cellsPerAxis({ extent, cell: layout.chunk }).slice(1));
  const known = Math.max(isWhole ? extent[0] : (acknowledged?.extent[0] ?? 0), shape[0]);
  const came =
    isFlushed && !isWhole
      ? wholeRows(chunks, { inRow, length: layout.chunk[0], known })
      : (Math.floor((chunks.numbers.at(-1) ?? -1) / inRow) + 1) * layout.chunk[0];
  const rows = Math.min(extent[0], Math.max(came, known));
  const chunkRows = Math.ceil(rows / layout.chunk[0]);
  // Chunks are numbered row by row, so a smaller extent does not change their numbers.
  const within = selectChunks(chunks, (at) => chunks.numbers[at] < chunkRows * inRow);
  return { extent: extent.with(0, rows), chunks: within };
}

/** The number of rows from the start that are complete, given that the first `known` rows are. */
function wholeRows(
  { numbers, rows }: NumberedChunks,
  { inRow, length, known }: { inRow: number; length: number; known: number },
): number {
  const first = Math.floor(known / length);
  let at = numbers.findIndex((number) => number >= first * inRow);
  if (at < 0) return known;
  for (let row = first; ; row++) {
    // A row of chunks holds only the rows that had come when its first chunk was sealed.
    let came = (row + 1) * length;
    for (let column = 0; column < inRow; column++, at++) {
      if (numbers[at] !== row * inRow + column) return row * length;
      came = Math.min(came, rows[at]);
    }
    if (came < (row + 1) * length) return came;
  }
}
