import { abandonWriters } from '../../coordinator/gather/index.js';
import type { RestoredDataset } from '../../coordinator/run.js';
import { ResumeError } from '../../errors.js';
import { cellCount } from '../../layout/index.js';
import type { FilledOptions } from '../../options.js';
import { isGathered, isSourced, type PreparedDataset } from '../../plan/work.js';
import type { Recorded, Recorder } from '../journal/index.js';
import type { Undertaking } from '../write-file.js';
import { compareSources } from './compare-sources.js';
import { type Interrupted, type Restored, restore } from './restore.js';

/** The datasets of a conversion as they are to be completed, and what is there of them. */
export interface TakenUpDatasets {
  readonly datasets: readonly PreparedDataset[];
  /** By the dataset's number. */
  readonly restored: ReadonlyMap<number, RestoredDataset>;
  /** How many chunks are there. */
  readonly chunks: number;
  readonly seconds: number;
  /** What is known to be missing, and that nobody brings, one line each. */
  readonly missing: readonly string[];
  readonly warnings: readonly string[];
}

type Resumed = Undertaking & { readonly recorded: Recorded };

/**
 * Takes up what is on record, if anything is. Data of the program that had all come are not asked for
 * again; those that had begun come from their beginning.
 *
 * @param partial how many bytes of the partial file there were, and its token
 * @throws ResumeError where something is lost that only a program can bring, or that nobody is to bring, and
 * where a source holds other values than it did
 */
export async function takeUpDatasets(
  undertaking: Undertaking,
  partial: Pick<Interrupted, 'bytes' | 'token'>,
  recorder: Recorder,
  options: FilledOptions,
): Promise<TakenUpDatasets> {
  const begin = performance.now();
  const { output, header, work, recorded, last } = undertaking;
  if (!recorded)
    return { datasets: work.datasets, restored: new Map(), chunks: 0, seconds: 0, ...NOTHING };
  const resumed = { ...undertaking, recorded };
  const isWanted = (at: number) => {
    const dataset = work.datasets[at];
    return !isGathered(dataset) || recorded.datasets[at].hasEnded;
  };
  const wanted = [...work.datasets.keys()].filter(isWanted);
  const interrupted = {
    header,
    recorded,
    filename: output.partial,
    ...partial,
    isLast: last !== undefined,
  };
  const found = await restore(interrupted, wanted, recorder, options);
  // All are looked at before anything is given up.
  refuseLosses(resumed, found);
  await compareSources(resumed, found.datasets, recorder, options);
  const restored = new Map(found.datasets);
  const datasets = work.datasets.map((dataset, at): PreparedDataset => {
    if (!isGathered(dataset)) return dataset;
    const { laidOut } = header.datasets[at];
    if (restored.has(at) && !found.lost.has(at)) {
      abandonWriters(dataset.blocks, allCame(output.path, laidOut.path));
      return { ...laidOut, isWritten: true };
    }
    restored.delete(at);
    if (recorded.datasets[at].isBegun) recorder.restarted(at);
    return dataset;
  });
  // What comes again was not compared, and stays on record until it comes.
  if (!last && !datasets.some(isGathered)) recorder.compared();
  return {
    datasets,
    restored,
    chunks: [...restored.values()].reduce((sum, { chunks }) => sum + chunks.numbers.length, 0),
    seconds: (performance.now() - begin) / 1000,
    ...(last ? lastWarnings(resumed, found) : { missing: [], warnings: damageWarnings(resumed) }),
  };
}

/** What is told to those who bring data again that are not wanted. */
export function allCame(output: string, path: string): ResumeError {
  return new ResumeError(output, [`data of ${path} again, which had all come`]);
}

/** @throws ResumeError for losses that nobody makes good */
function refuseLosses({ output, work, recorded, last }: Resumed, { lost }: Restored): void {
  if (last?.isIncomplete) return;
  const isDamaged = recorded.datasets.some(
    ({ acknowledgedAt }) => acknowledgedAt > 0 && recorded.isDamagedBefore(acknowledgedAt),
  );
  const problems = last && isDamaged ? [`damaged records in ${output.journal}`] : [];
  for (const [at, dataset] of work.datasets.entries()) {
    const { isFlushed, hasLost } = recorded.datasets[at];
    // A worker reads them again, or the program brings them.
    const isMadeGood = isSourced(dataset) || (isGathered(dataset) && !isFlushed);
    if (!isMadeGood && (lost.has(at) || hasLost))
      problems.push(`damaged chunks of ${dataset.path}, which nobody brings again`);
  }
  if (problems.length === 0) return;
  const advice = last
    ? 'allow that the file is incomplete (option incomplete)'
    : "resume it with convert()'s option resume where a program can bring them, or recover what is left";
  throw new ResumeError(output.path, [...problems, advice]);
}

function damageWarnings({ output, recorded, last }: Resumed): string[] {
  if (!recorded.isDamaged) return [];
  const held = last ? 'is missing, unless it came again' : 'was written anew';
  return [`${output.journal}: records were damaged; what they held ${held}`];
}

const NOTHING = { missing: [], warnings: [] };

/** Of datasets whose data had not all come. */
function lastWarnings(
  resumed: Resumed,
  { datasets, fallen }: Restored,
): Pick<TakenUpDatasets, 'missing' | 'warnings'> {
  const { header, recorded, work } = resumed;
  const ends: string[] = [];
  const missing: string[] = [];
  for (const [at, { extent, chunks }] of datasets) {
    const { path, layout } = header.datasets[at].laidOut;
    if (isSourced(work.datasets[at])) continue;
    if (recorded.datasets[at].hasEnded && !fallen.has(at)) continue;
    const { acknowledged } = recorded.datasets[at];
    if (header.datasets[at].data.kind === 'blocks')
      ends.push(
        `${path}: the data had not all come; of ${extent[0]} rows ${acknowledged?.extent[0] ?? 0} were acknowledged`,
      );
    const all = cellCount({ extent, cell: layout.chunk });
    const gone = all - chunks.numbers.length;
    if (gone > 0)
      missing.push(`${path}: of ${all} chunks ${gone} did not come, and read as the fill value`);
    const early = earlyRows({ extent, chunks }, layout.chunk);
    if (early > 0)
      missing.push(
        `${path}: ${early} rows of chunks that were stored before all of them had come read as the fill value`,
      );
  }
  return { missing, warnings: [...damageWarnings(resumed), ...ends, ...missing] };
}

/** Rows within the extent that had not come when the chunks that hold them were stored. */
function earlyRows({ extent, chunks }: RestoredDataset, chunk: readonly number[]): number {
  const inRow = cellCount({ extent: extent.with(0, 1), cell: chunk });
  let most = 0;
  for (const [at, number] of chunks.numbers.entries()) {
    const end = Math.min(extent[0], (Math.floor(number / inRow) + 1) * chunk[0]);
    most = Math.max(most, end - chunks.rows[at]);
  }
  return most;
}
