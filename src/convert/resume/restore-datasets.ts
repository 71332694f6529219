import { type RestoredDataset, rejectWriters } from '../../coordinator/index.js';
import { ResumeError } from '../../errors.js';
import type { Problem } from '../../hyperslab-error.js';
import { cellCount } from '../../layout/index.js';
import { isSourced, isStreamed, type PlannedDataset } from '../../plan/index.js';
import { optionName, surface } from '../../surface.js';
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
 * Restores what an earlier run left, if there was one. If all data of a stream had come, they are not requested again;
 * if only a part had come, the stream starts again from its beginning.
 *
 * @param left the partial file
 * @throws ResumeError if chunks are lost that will not be written again, or if a source holds other values than
 * before; JobError if a chunk or source can't be read
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
  // Refuses before the conversion writes anything but records of lost chunks.
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
  // If a stream starts again, its old chunks are still on record but were not compared, so no sync may cover them.
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

/** The error for a program that sends data again that had all arrived before the interruption. */
export function alreadyComplete(output: string, path: string): ResumeError {
  const message = `all data of ${path} were written before the interruption; do not send any again`;
  return new ResumeError({ path: output, problems: [{ path, message }] });
}

/** @throws ResumeError if chunks are lost that will not be written again */
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
    // Workers read a source again, and a program sends data again that were never acknowledged.
    const comesAgain = isSourced(dataset) || (isStreamed(dataset) && !isFlushed);
    if (!comesAgain && (lost.has(at) || hasLost))
      problems.push({
        path,
        message: `chunks of ${path} are damaged, and their data can't be read again`,
      });
  }
  if (problems.length === 0) return;
  const remedy = recovery
    ? `pass ${optionName('incomplete')} to complete the file without them`
    : `if your program can provide the data again, let it call convert() with the option resume; otherwise ${surface().recover(output.path)} to keep what is left`;
  throw new ResumeError({ path: output.path, problems, remedy });
}

/** @param outcome what happens to the data of damaged records */
function damageWarnings({ output, recorded }: InterruptedConversion, outcome: string): string[] {
  if (!recorded.isDamaged) return [];
  return [`${output.journal}: records were damaged; the data they described ${outcome}`];
}

/** The restored parts of a conversion that was never interrupted. */
const NOTHING = {
  datasetsRestored: new Map<number, RestoredDataset>(),
  chunks: 0,
  seconds: 0,
  missing: [],
  warnings: [],
};

/** Texts about datasets whose data had not all come: all of them, and those about data missing in the file. */
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

/** The most rows within the extent that a chunk lacks, because they came after the chunk was stored. */
function earlyRows({ extent, chunks }: RestoredDataset, chunk: readonly number[]): number {
  const inRow = cellCount({ extent: extent.with(0, 1), cell: chunk });
  let most = 0;
  for (const [at, number] of chunks.numbers.entries()) {
    const end = Math.min(extent[0], (Math.floor(number / inRow) + 1) * chunk[0]);
    most = Math.max(most, end - chunks.rows[at]);
  }
  return most;
}
