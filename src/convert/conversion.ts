import type { WorkReport } from '../coordinator/index.js';
import type { FormatBound } from '../layout/index.js';
import type { ResolvedOptions } from '../options.js';
import type { Output, WorkPlan } from '../plan/index.js';
import type { Header, Journal, Recorded } from './journal/index.js';

/** One description on its way to one file. Its journal is locked, so that no other process writes the file. */
export interface Conversion {
  readonly output: Output;
  /** Closed or removed at the end of the conversion. */
  readonly journal: Journal;
  readonly header: Header;
  readonly options: ResolvedOptions;
  /** When the user asked for it: a time of `performance.now()`. */
  readonly startedAt: number;
}

/** A conversion of which an earlier process left a partial file and a journal. */
export interface InterruptedConversion extends Conversion {
  readonly recorded: Recorded;
}

/** What is still to be done, and how the file is completed. */
export interface RemainingWork {
  readonly work: WorkPlan;
  readonly warnings: readonly string[];
  /** Set if no more data come, and the file is completed with the data on record. */
  readonly recovery?: {
    /** Complete the file even if data are known to be missing. */
    readonly allowsGaps: boolean;
  };
}

export function isInterrupted(conversion: Conversion): conversion is InterruptedConversion {
  return 'recorded' in conversion;
}

/** What a conversion did. */
export interface ConversionReport extends WorkReport {
  readonly libver: FormatBound;
  /** Chunks that an interrupted run had written. */
  readonly chunksRestored: number;
  /** Seconds in which these chunks were looked up, checked if necessary, and placed. */
  readonly restoreSeconds: number;
}
