import type { WorkReport } from '../coordinator/index.js';
import type { FormatBound } from '../layout/index.js';

/** What a conversion did. */
export interface ConversionReport extends WorkReport {
  readonly libver: FormatBound;
  /** Chunks that an interrupted run had written. */
  readonly chunksRestored: number;
  /** Seconds in which these chunks were looked up, checked if necessary, and placed. */
  readonly restoreSeconds: number;
}
