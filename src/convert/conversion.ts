import type { WorkReport } from '../coordinator/index.js';
import type { FormatBound } from '../layout/index.js';
import type { ResolvedOptions } from '../options.js';
import type { Output, WorkPlan } from '../plan/index.js';
import type { SeriesSummary } from '../series-summary.js';
import type { Header, Journal, Recorded } from './journal/index.js';

/** One description on its way to one file. Its journal is locked, so that no other process writes the file. */
export interface Conversion {
  readonly output: Output;
  /** Stays locked until the end of the conversion, when it is closed or removed. */
  readonly journal: Journal;
  readonly header: Header;
  readonly options: ResolvedOptions;
  /** When the user started it: a time of `performance.now()`. */
  readonly startedAt: number;
  /** What is on record; only set if the conversion was interrupted. */
  readonly recorded?: Recorded;
}

/** A conversion that was interrupted. Its journal says what is done. */
export interface InterruptedConversion extends Conversion {
  readonly recorded: Recorded;
}

/** What is still to be done, and how the file is completed. */
export interface RemainingWork {
  readonly work: WorkPlan;
  /** What each series looks like; empty if the description is not at hand. */
  readonly series: readonly SeriesSummary[];
  readonly warnings: readonly string[];
  /** Set if no program brings more data, so that the file is completed with the data on record. */
  readonly recovery?: {
    /** Complete the file even if data are known to be missing. */
    readonly allowsGaps: boolean;
  };
}

/** Whether an earlier process began the conversion. */
export function isInterrupted(conversion: Conversion): conversion is InterruptedConversion {
  return conversion.recorded !== undefined;
}

/** What a conversion wrote, and how long that took. */
export interface ConversionReport extends WorkReport {
  readonly libver: FormatBound;
  /**
   * What each series looks like, from a small sample of its data. Empty for `resume` and `recover`, which have no
   * description, and for a file that was already complete.
   */
  readonly series: readonly SeriesSummary[];
  /** Chunks that an interrupted run had written, and that were kept. */
  readonly chunksRestored: number;
  /** Seconds that looking up, checking and placing these chunks took. */
  readonly restoreSeconds: number;
}
