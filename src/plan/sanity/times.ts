import {
  joinTimestamps,
  summarizeTimestamps,
  type TimestampSummary,
  timestampWarnings,
} from '../../sources/index.js';
import { percent } from './channels.js';
import type { Sample } from './sample.js';
import type { Series } from './series.js';
import { numbersOf } from './statistics.js';

/** Share of the sampled timestamps. Event times may repeat, because lines switch together; samples may not. */
const MANY_REPEATED = 0.01;

/** Fewer whole numbers may be times of events in seconds. */
const FEW = 64;

/** What a sample of timestamps says. */
export interface SampledTimes {
  /** From the first timestamp to the last one; null if they are not finite, or fall. */
  readonly seconds: number | null;
  /** Timestamps that are hardly those of a recording. */
  readonly warnings: readonly string[];
  /** Faults that a conversion looks for in all timestamps, when it writes them. */
  readonly faults: readonly string[];
}

export function sampledTimes(series: Series, { blocks }: Sample, path: string): SampledTimes {
  let repeated = 0;
  let steps = 0;
  let sampled = 0;
  let whole = 0;
  let summary: TimestampSummary | undefined;
  for (const { slab, items } of blocks) {
    const values = numbersOf(items);
    for (let at = 1; at < values.length; at++, steps++)
      if (values[at] === values[at - 1]) repeated++;
    for (let at = 0; at < values.length; at++) if (Number.isInteger(values[at])) whole++;
    sampled += values.length;
    const block = summarizeTimestamps(values, slab.start[0]);
    summary = summary ? joinTimestamps(summary, block) : block;
  }
  const last = summary?.last ?? Number.NaN;
  const duration = last - (summary?.first ?? Number.NaN);
  return {
    seconds: duration >= 0 ? duration : null,
    warnings: series.isElectrical
      ? recordingWarnings(path, { repeated, steps, whole, sampled })
      : [],
    faults: summary ? timestampWarnings(path, sampled, summary) : [],
  };
}

/** Counts of sampled timestamps. */
interface Counts {
  readonly repeated: number;
  readonly steps: number;
  readonly whole: number;
  readonly sampled: number;
}

function recordingWarnings(path: string, { repeated, steps, whole, sampled }: Counts): string[] {
  if (sampled < FEW) return [];
  if (whole === sampled)
    return [
      `${path}: all sampled timestamps are whole numbers: are they in samples or milliseconds, not in seconds?`,
    ];
  if (repeated <= MANY_REPEATED * steps) return [];
  const share = percent(repeated / steps);
  return [`${path}: ${share} of the sampled timestamps repeat the one before: are they rounded?`];
}
