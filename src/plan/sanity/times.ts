import {
  joinTimestamps,
  summarizeTimestamps,
  type TimestampSummary,
  timestampWarnings,
} from '../../sources/index.js';
import type { Sample } from './sample.js';
import type { Series } from './series.js';
import { numbersOf } from './statistics.js';

/** Event times may repeat, because lines switch together; samples of a recording follow each other. */
const MANY_REPEATED = 0.01;

/** What a sample of timestamps says. */
export interface SampledTimes {
  /** From the first timestamp to the last one; null if they are not finite, or fall. */
  readonly seconds: number | null;
  /** Whether neighbouring timestamps are equal more often than they should. */
  readonly warnings: readonly string[];
  /** Faults that a conversion looks for in all timestamps, when it writes them. */
  readonly faults: readonly string[];
}

export function sampledTimes(series: Series, { blocks }: Sample, path: string): SampledTimes {
  let repeated = 0;
  let steps = 0;
  let sampled = 0;
  let summary: TimestampSummary | undefined;
  for (const { slab, items } of blocks) {
    const values = numbersOf(items);
    for (let at = 1; at < values.length; at++, steps++)
      if (values[at] === values[at - 1]) repeated++;
    sampled += values.length;
    const block = summarizeTimestamps(values, slab.start[0]);
    summary = summary ? joinTimestamps(summary, block) : block;
  }
  const isRepeated = series.isElectrical && repeated > MANY_REPEATED * steps;
  const share = ((100 * repeated) / steps).toFixed(1);
  const last = summary?.last ?? Number.NaN;
  const duration = last - (summary?.first ?? Number.NaN);
  return {
    seconds: duration >= 0 ? duration : null,
    warnings: isRepeated
      ? [`${path}: ${share} % of the sampled timestamps repeat the one before: are they rounded?`]
      : [],
    faults: summary ? timestampWarnings(path, sampled, summary) : [],
  };
}
