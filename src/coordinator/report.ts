import { statSync } from 'node:fs';
import { type DeflatedBytes, NOTHING_DEFLATED, sumDeflated, sumStages } from '../hdf5/index.js';
import type { FormatBound } from '../layout/index.js';
import { type DatasetSummary, summarize } from '../plan/summary.js';
import type { PlannedWork } from '../plan/work.js';
import { NO_JOB_STAGES } from '../workers/index.js';
import type { DatasetStages } from './ledger.js';
import type { WrittenFile } from './run.js';
import { writtenWarnings } from './warnings.js';

/** A bulk dataset as it was written. */
export interface DatasetReport extends DatasetSummary {
  /** Chunks that skipped compression, since they would not have shrunk. */
  readonly chunksUnfiltered: number;
  /** Chunks that were left out, since they hold nothing but the fill value. */
  readonly chunksSkipped: number;
  /** Chunks that were encoded again, since more of their data came after they had been. */
  readonly chunksRewritten: number;
  /** Bytes of the values that came: less than `rawBytes` of a sparse dataset. */
  readonly receivedBytes: number;
  /** Bytes of the chunks that were written. */
  readonly storedBytes: number;
  readonly stages: DatasetStages;
  /** What gzip made of the chunks that this run wrote. */
  readonly deflated: DeflatedBytes;
}

/**
 * Where the time went. Of the workers, summed over them: how long each stage took, and the bytes that went
 * through it; `wait` is the seconds for which they had nothing to do. Of the coordinator, seconds: `place`
 * and `close`.
 */
export type ReportStages = DatasetStages & { readonly wait: number; readonly close: number };

/** What was written into a file, and how. */
export interface WorkReport {
  /** The file. */
  readonly path: string;
  /** Bytes of the values that came for all bulk datasets, before compression. */
  readonly rawBytes: number;
  /** Bytes of their chunks that were written. */
  readonly storedBytes: number;
  /** Bytes of the file. */
  readonly fileBytes: number;
  /** From the call to the file with its name. */
  readonly seconds: number;
  readonly workers: number;
  /** Bytes that the workers were allowed to hold, and by plan held at most. */
  readonly memory: { readonly allowed: number; readonly planned: number };
  /** Greatest resident memory of the process until now, bytes. */
  readonly peakRss: number;
  readonly stages: ReportStages;
  /** What gzip made of the chunks that were written. */
  readonly deflated: DeflatedBytes;
  readonly datasets: readonly DatasetReport[];
  readonly warnings: readonly string[];
}

/** What a conversion did. */
export interface ConversionReport extends WorkReport {
  readonly libver: FormatBound;
  /** Chunks that an interrupted run had written. */
  readonly chunksRestored: number;
  /** Seconds in which these were looked up, checked where that was needed, and placed. */
  readonly restoreSeconds: number;
}

export interface Times {
  /** seconds */
  readonly total: number;
  readonly close: number;
}

/** @param allowed bytes of memory */
export function makeReport(
  path: string,
  work: PlannedWork,
  allowed: number,
  { ledger, targets, timestamps, run }: WrittenFile,
  times: Times,
): WorkReport {
  const { datasets, workers } = work;
  let stages = NO_JOB_STAGES;
  let deflated = NOTHING_DEFLATED;
  let place = 0;
  for (const { stages: one, deflated: made } of ledger.tallies) {
    const { place: placing, ...worked } = one;
    stages = sumStages(stages, worked);
    deflated = sumDeflated(deflated, made);
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
    memory: { allowed, planned: work.memory },
    peakRss: process.resourceUsage().maxRSS * 1024,
    stages: { ...stages, place, wait: Math.max(0, workers * run - busy), close: times.close },
    deflated,
    datasets: datasets.map((dataset, at) => ({
      ...summarize(dataset, ledger.extent(at)),
      ...ledger.tallies[at],
      chunksRewritten: targets.get(at)?.chunksRewritten ?? 0,
      receivedBytes: ledger.progress.datasets[at].bytesRead,
      storedBytes: ledger.progress.datasets[at].bytesStored,
    })),
    warnings: writtenWarnings(datasets, ledger, targets, timestamps),
  };
}
