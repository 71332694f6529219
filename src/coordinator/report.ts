import { statSync } from 'node:fs';
import { type DeflatedBytes, NOTHING_DEFLATED, sumDeflated, sumStages } from '../hdf5/index.js';
import { type DatasetSummary, type PlannedDataset, summarize } from '../plan/index.js';
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

export interface Times {
  /** seconds */
  readonly total: number;
  readonly close: number;
}

/** How many workers ran, and in how much memory. */
export type Resources = Pick<WorkReport, 'workers' | 'memory'>;

/**
 * @param path of the file
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
