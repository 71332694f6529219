import type { SeriesSummary } from '../index.js';
import { threeDigits } from '../wording.js';
import { formatCount, formatSeconds, formatShape, table } from './format.js';

/** One line per series: duration, channels, range and root mean square. Empty if there are no series. */
export function seriesText(series: readonly SeriesSummary[]): string {
  return table(
    series.map((one) => [one.path, durationText(one), channelsText(one), amountsText(one)]),
    'lrrl',
  );
}

const DAY = 24 * 3600;

function durationText({ seconds }: SeriesSummary): string {
  if (seconds === null) return 'unknown duration';
  if (seconds >= 2 * DAY) return `${(seconds / DAY).toFixed(1)} days`;
  // Two decimals would show nothing of a millisecond.
  return seconds > 0 && seconds < 0.01 ? `${threeDigits(seconds)} s` : formatSeconds(seconds);
}

function channelsText({ sampleShape, channels }: SeriesSummary): string {
  return sampleShape.length > 1 ? formatShape(sampleShape) : formatCount(channels, 'channel');
}

function amountsText({ min, max, rms, unit }: SeriesSummary): string {
  if (min === null || max === null || rms === null) return `in ${unit}, not sampled`;
  return `${amount(min, unit)} to ${amount(max, unit)}, RMS ${amount(rms, unit)}`;
}

const PREFIXES = [
  ['', 1],
  ['m', 1e-3],
  ['µ', 1e-6],
  ['n', 1e-9],
] as const;

/** `-1.23 mV` for volts, whose values of recordings have many zeros; `-1.23 m/s` for other units. */
function amount(value: number, unit: string): string {
  if (unit !== 'volts') return `${threeDigits(value)} ${unit}`;
  if (value === 0) return '0 V';
  const [prefix, factor] = PREFIXES.find(([, one]) => Math.abs(value) >= one) ?? ['', 1];
  return `${threeDigits(value / factor)} ${prefix}V`;
}
