import { statSync } from 'node:fs';
import { type DeflatedBytes, NOTHING_DEFLATED, sumDeflated, sumStages } from '../hdf5/index.js';
import { type DatasetSummary, type PlannedDataset, summarize } from '../plan/index.js';
import { NO_JOB_STAGES } from '../workers/index.js';
import type { WrittenFile } from './run.js';
import type { DatasetStages } from './tallies.js';
import { writtenWarnings } from './warnings.js';

/** A bulk dataset as it was written. */
export interface DatasetReport extends DatasetSummary {
  /** Chunks that skipped compression, because it would not have made them smaller. */
  readonly chunksUnfiltered: number;
  /** Chunks that were not stored, because they hold nothing but the fill value. */
  readonly chunksSkipped: number;
  /** How often a chunk was encoded again, because more of its data came later. */
  readonly chunksRewritten: number;
  /** Bytes of the values that came; less than `rawBytes` for a dataset that was filled in part. */
  readonly receivedBytes: number;
  /** Bytes of the chunks that were written, after compression. */
  readonly storedBytes: number;
  readonly stages: DatasetStages;
  /** How gzip compressed the chunks that this run wrote. */
  readonly deflated: DeflatedBytes;
}

/**
 * Where the time went. For the workers, summed over all of them: the seconds and bytes of each stage, and in
 * `wait` the seconds for which they had nothing to do. For the coordinator: the seconds of `place` and `close`.
 */
export type ReportStages = DatasetStages & { readonly wait: number; readonly close: number };

/** What was written into a file, and how. */
export interface WorkReport {
  /** Path of the file. */
  readonly path: string;
  /** Bytes of the values that came for all bulk datasets, before compression. */
  readonly rawBytes: number;
  /** Bytes of the chunks that were written for all bulk datasets, after compression. */
  readonly storedBytes: number;
  /** Size of the file in bytes. */
  readonly fileBytes: number;
  /** From the call until the file had its final name. */
  readonly seconds: number;
  readonly workers: number;
  /** Bytes that the workers were allowed to use, and the most that they needed according to the plan. */
  readonly memory: { readonly allowed: number; readonly planned: number };
  /** Peak resident memory of the process so far, in bytes. */
  readonly peakRss: number;
  readonly stages: ReportStages;
  /** How gzip compressed the chunks that were written. */
  readonly deflated: DeflatedBytes;
  readonly datasets: readonly DatasetReport[];
  readonly warnings: readonly string[];
}

/** Seconds. */
export interface Times {
  /** Time from the call until the file had its final name. */
  readonly total: number;
  /** Time from the end of the run until the file had its final name. */
  readonly close: number;
}

/** How many workers ran, and how much memory they could use. */
export type Resources = Pick<WorkReport, 'workers' | 'memory'>;

/**
 * Makes the report of a run. The file must be closed, so that its size is final.
 *
 * @param path path of the file
 * @param datasets in the order of the ledger
 */
export function makeReport(
  path: string,
  datasets: readonly PlannedDataset[],
  { workers, memory }: Resources,
  { ledger, targets, timestamps, run }: WrittenFile,
  times: Times,
): WorkReport {
  let stages = NO_JOB_STAGES;
  let deflated = NOTHING_DEFLATED;
  let place = 0;
  for (const tally of ledger.tallies) {
    const { place: placing, ...worked } = tally.stages;
    stages = sumStages(stages, worked);
    deflated = sumDeflated(deflated, tally.deflated);
    place += placing;
  }
  const busy = Object.values(stages).reduce((sum, { seconds }) => sum + seconds, 0);
  return {
    path,
    rawBytes: ledger.progress.bytesPlanned,
    storedBytes: ledger.progress.bytesStored,
    fileBytes: statSync(path).size,
    seconds: times.total,
    workers,
    memory,
    peakRss: process.resourceUsage().maxRSS * 1024,
    stages: { ...stages, place, wait: Math.max(0, workers * run - busy), close: times.close },
    deflated,
    datasets: datasets.map(({ spec }, at) => ({
      ...summarize(spec, ledger.extent(at)),
      ...ledger.tallies[at],
      chunksRewritten: targets.get(at)?.chunksRewritten ?? 0,
      receivedBytes: ledger.progress.datasets[at].bytesRead,
      storedBytes: ledger.progress.datasets[at].bytesStored,
    })),
    warnings: writtenWarnings(datasets, ledger, targets, timestamps),
  };
}
