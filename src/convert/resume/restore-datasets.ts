import { type RestoredDataset, rejectWriters } from '../../coordinator/index.js';
import { ResumeError } from '../../errors.js';
import type { Problem } from '../../hyperslab-error.js';
import { cellCount } from '../../layout/index.js';
import { isSourced, isStreamed, type PlannedDataset } from '../../plan/index.js';
import {
  type Conversion,
  type InterruptedConversion,
  isInterrupted,
  type RemainingWork,
} from '../conversion.js';
import type { Recorder } from '../journal/index.js';
import { compareSources } from './compare-sources.js';
import type { LeftFile } from './intact-chunks.js';
import { type RestoredChunks, restoreChunks } from './restore-chunks.js';

/** The datasets of a conversion as they are to be completed, and how far an earlier run came. */
export interface RestoredConversion {
  readonly datasets: readonly PlannedDataset[];
  /** What an earlier run left, by the dataset's number. */
  readonly datasetsRestored: ReadonlyMap<number, RestoredDataset>;
  /** Chunks that an earlier run left. */
  readonly chunks: number;
  /** Seconds that restoring them took. */
  readonly seconds: number;
  /** What is known to be missing in the completed file, one line each. */
  readonly missing: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Restores what an earlier run left, if there was one. Data of the program that had all come are not requested
 * again; data that had come in part start again from the beginning.
 *
 * @param left the partial file
 * @throws ResumeError if something is lost that only a program can bring again, or that nobody will bring
 * again, or if a source holds other values than before
 */
export async function restoreDatasets(
  conversion: Conversion,
  remaining: RemainingWork,
  left: LeftFile,
  recorder: Recorder,
): Promise<RestoredConversion> {
  const begin = performance.now();
  const { work, recovery } = remaining;
  if (!isInterrupted(conversion)) return { ...NOTHING, datasets: work.datasets };
  const { output, header, recorded } = conversion;
  const isWanted = (at: number) => !isStreamed(work.datasets[at]) || recorded.datasets[at].hasEnded;
  const wanted = [...work.datasets.keys()].filter(isWanted);
  const found = await restoreChunks(conversion, left, wanted, recorder, recovery !== undefined);
  // All losses are known before anything is recorded as lost, or written.
  refuseLosses(conversion, remaining, found);
  await compareSources(conversion, work.datasets, found.datasets, recorder);
  const datasetsRestored = new Map(found.datasets);
  const datasets = work.datasets.map((dataset, at): PlannedDataset => {
    if (!isStreamed(dataset)) return dataset;
    const { spec } = header.datasets[at];
    if (datasetsRestored.has(at) && !found.lost.has(at)) {
      rejectWriters(dataset.data.blocks, alreadyComplete(output.path, spec.path));
      return { spec, data: { kind: 'written' } };
    }
    datasetsRestored.delete(at);
    if (recorded.datasets[at].isBegun) recorder.restarted(at);
    return dataset;
  });
  // Data that come again were not compared, and their old chunks stay on record until they come.
  if (!recovery && !datasets.some(isStreamed)) recorder.compared();
  return {
    datasets,
    datasetsRestored,
    chunks: [...datasetsRestored.values()].reduce((sum, one) => sum + one.chunks.numbers.length, 0),
    seconds: (performance.now() - begin) / 1000,
    ...(recovery
      ? recoveryWarnings(conversion, work.datasets, found)
      : { missing: [], warnings: damageWarnings(conversion, 'were written again') }),
  };
}

/** The error for a program that offers data again which had all come before the interruption. */
export function alreadyComplete(output: string, path: string): ResumeError {
  const message = `all data of ${path} were written before the interruption; no more can be taken`;
  return new ResumeError({ path: output, problems: [{ path, message }] });
}

/** @throws ResumeError for losses that nobody makes good */
function refuseLosses(
  { output, recorded }: InterruptedConversion,
  { work, recovery }: RemainingWork,
  { lost }: RestoredChunks,
): void {
  if (recovery?.allowsGaps) return;
  const isDamaged = recorded.datasets.some(
    ({ acknowledgedAt }) => acknowledgedAt > 0 && recorded.isDamagedBefore(acknowledgedAt),
  );
  const problems: Problem[] = [];
  if (recovery && isDamaged)
    problems.push({
      path: output.journal,
      message: `records in ${output.journal} are damaged`,
    });
  for (const [at, dataset] of work.datasets.entries()) {
    const { path } = dataset.spec;
    const { isFlushed, hasLost } = recorded.datasets[at];
    // Workers read a source again, and a program brings data again that it was not told are safe.
    const isMadeGood = isSourced(dataset) || (isStreamed(dataset) && !isFlushed);
    if (!isMadeGood && (lost.has(at) || hasLost))
      problems.push({
        path,
        message: `chunks of ${path} are damaged, and their data can't be read again`,
      });
  }
  if (problems.length === 0) return;
  const remedy = recovery
    ? 'pass incomplete to complete the file without them'
    : 'if your program can provide the data again, call convert() with the option resume; otherwise recover what is left';
  throw new ResumeError({ path: output.path, problems, remedy });
}

/** @param outcome what became of the data that damaged records held */
function damageWarnings({ output, recorded }: InterruptedConversion, outcome: string): string[] {
  if (!recorded.isDamaged) return [];
  return [`${output.journal}: records were damaged; the data they described ${outcome}`];
}

/** What a conversion has to restore that was never interrupted. */
const NOTHING = {
  datasetsRestored: new Map<number, RestoredDataset>(),
  chunks: 0,
  seconds: 0,
  missing: [],
  warnings: [],
};

/** Warns about datasets whose data had not all come. */
function recoveryWarnings(
  conversion: InterruptedConversion,
  planned: readonly PlannedDataset[],
  { datasets, damaged }: RestoredChunks,
): Pick<RestoredConversion, 'missing' | 'warnings'> {
  const { header, recorded } = conversion;
  const ends: string[] = [];
  const missing: string[] = [];
  for (const [at, { extent, chunks }] of datasets) {
    const { path, layout } = header.datasets[at].spec;
    if (isSourced(planned[at])) continue;
    if (recorded.datasets[at].hasEnded && !damaged.has(at)) continue;
    const { acknowledged } = recorded.datasets[at];
    if (header.datasets[at].data.kind === 'stream')
      ends.push(
        `${path}: the data are incomplete; ${acknowledged?.extent[0] ?? 0} of ${extent[0]} rows were acknowledged`,
      );
    const all = cellCount({ extent, cell: layout.chunk });
    const gone = all - chunks.numbers.length;
    if (gone > 0)
      missing.push(`${path}: ${gone} of ${all} chunks are missing and read as the fill value`);
    const early = earlyRows({ extent, chunks }, layout.chunk);
    if (early > 0)
      missing.push(
        `${path}: ${early} rows are missing from chunks that were stored incomplete, and read as the fill value`,
      );
  }
  const records = damageWarnings(conversion, 'are missing, unless they were received again');
  return { missing, warnings: [...records, ...ends, ...missing] };
}

/** Counts the rows within the extent that had not come when their chunks were stored. */
function earlyRows({ extent, chunks }: RestoredDataset, chunk: readonly number[]): number {
  const inRow = cellCount({ extent: extent.with(0, 1), cell: chunk });
  let most = 0;
  for (const [at, number] of chunks.numbers.entries()) {
    const end = Math.min(extent[0], (Math.floor(number / inRow) + 1) * chunk[0]);
    most = Math.max(most, end - chunks.rows[at]);
  }
  return most;
}
