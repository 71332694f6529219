import { cellAt, cellsPerAxis, product } from '../layout/index.js';
import { type CheckedChunks, checkChunks } from './check-chunks.js';
import {
  type Header,
  type NumberedChunks,
  type Recorded,
  type Recorder,
  selectChunks,
} from './journal/index.js';
import type { LaidOut } from './lay-out.js';
import type { FilledOptions } from './options.js';
import { withPool } from './pool.js';
import type { RestoredDataset } from './run.js';

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
  /** Datasets of which chunks are lost that were on record. */
  readonly damaged: ReadonlySet<number>;
}

/**
 * The chunks of an interrupted conversion that hold: those on record whose bytes are in the file. Where
 * the system has ended since, or `check` asks for it, they are compared with their checksums. What
 * does not hold goes on record as lost.
 *
 * @param datasets numbers of those whose chunks are wanted
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
  const damaged = new Set<number>();
  for (const dataset of datasets) {
    const { laidOut } = header.datasets[dataset];
    const { extent, chunks } = interrupted.isLast
      ? lastChunks(recorded, dataset, laidOut)
      : allChunks(recorded, dataset, laidOut);
    restored.set(dataset, { extent, chunks });
    lost.set(dataset, new Set(chunks.numbers.filter((_, at) => endOf(chunks, at) > bytes)));
  }
  await findDamaged(interrupted, restored, lost, options);
  for (const [dataset, { extent, chunks }] of restored) {
    const gone = lost.get(dataset) as Set<number>;
    if (gone.size > 0 || recorded.datasets[dataset].hasLost) damaged.add(dataset);
    if (gone.size === 0) continue;
    const grid = { extent, cell: header.datasets[dataset].laidOut.layout.chunk };
    recorder.lost(
      dataset,
      [...gone].map((number) => cellAt(grid, number).start),
    );
    const kept = selectChunks(chunks, (at) => !gone.has(chunks.numbers[at]));
    restored.set(dataset, { extent, chunks: kept });
  }
  return { datasets: restored, damaged };
}

function allChunks(
  recorded: Recorded,
  dataset: number,
  { shape, layout }: LaidOut,
): RestoredDataset {
  const extent = recorded.datasets[dataset].extent?.extent ?? shape;
  return { extent, chunks: recorded.chunks(dataset, { extent, cell: layout.chunk }) };
}

/**
 * The extent on record may be ahead of the chunks: rows that were still in memory are gone. It ends with
 * the last row of chunks that came, or with what was acknowledged.
 */
export function lastChunks(recorded: Recorded, dataset: number, laidOut: LaidOut): RestoredDataset {
  const { extent, chunks } = allChunks(recorded, dataset, laidOut);
  const { maxshape, layout } = laidOut;
  if (maxshape[0] !== null) return { extent, chunks };
  const last = chunks.numbers.at(-1);
  const inRow = product(cellsPerAxis({ extent, cell: layout.chunk }).slice(1));
  const came = last === undefined ? 0 : (Math.floor(last / inRow) + 1) * layout.chunk[0];
  const acknowledged = recorded.datasets[dataset].acknowledged?.extent[0] ?? 0;
  const begun = laidOut.shape[0];
  const rows = Math.min(extent[0], Math.max(came, acknowledged, begun));
  // Chunks are numbered row by row: their numbers stay.
  return { extent: extent.with(0, rows), chunks };
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
  const suspect: CheckedChunks[] = [];
  for (const [dataset, { chunks }] of restored) {
    const { path: name, layout } = header.datasets[dataset].laidOut;
    const gone = lost.get(dataset) as Set<number>;
    const wanted = selectChunks(
      chunks,
      (at) =>
        (check || chunks.trusted[at] === 0) &&
        chunks.placements[3 * at] >= 0 &&
        !gone.has(chunks.numbers[at]),
    );
    if (wanted.numbers.length > 0) suspect.push({ dataset, name, layout, ...wanted });
  }
  if (suspect.length === 0) return;
  const plan = { filename, token: 0n, datasets: [] };
  await withPool(plan, workers, signal, (pool) =>
    checkChunks(pool, suspect, {
      decode: false,
      onFailed: ({ dataset, number }) => lost.get(dataset)?.add(number),
    }),
  );
}
