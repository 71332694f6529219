import { integerRange } from '../../layout/index.js';
import type { Sample } from './sample.js';
import type { Series } from './series.js';
import { numbersOf, type Statistics } from './statistics.js';

/** Shares of the sample above which a line is worth reading. */
const MANY_NOT_FINITE = 0.01;
const MANY_SATURATED = 0.01;
/** The most channels that are listed by name. */
const LISTED = 5;
/** Fewer samples of a channel may be equal by chance. */
const FEW_ROWS = 64;

/**
 * Warns of an ElectricalSeries with channels that record nothing, values that are not finite, and values at the limits
 * of the type. Other series may well be constant (a line that never switched), or have gaps (lost tracking).
 */
export function channelWarnings(
  { path, isElectrical, data }: Series,
  sample: Sample,
  statistics: Statistics,
): string[] {
  if (!isElectrical) return [];
  const { values, notFinite } = statistics;
  const share = notFinite / values;
  return [
    ...(share > MANY_NOT_FINITE
      ? [`${path}: ${percent(share)} of the sampled values are NaN or infinite`]
      : []),
    ...constantWarnings(path, statistics),
    ...saturationWarnings(path, data.dtype, sample, statistics),
  ];
}

function constantWarnings(path: string, { first, min, max, values }: Statistics): string[] {
  const channels = min.length;
  if (values / channels < FEW_ROWS) return [];
  const constant = [...min.keys()].filter((at) => min[at] === max[at]);
  // A synchronisation channel comes last, and is constant as long as no pulse arrives.
  if (constant.length === 1 && channels > 1 && constant[0] === channels - 1) return [];
  const others = constant.filter((at) => min[at] !== 0).map((at) => first + at);
  const zero = constant.filter((at) => min[at] === 0).map((at) => first + at);
  const parts = [
    zero.length > 0 ? `${countOf(zero, channels)} all zero` : '',
    others.length > 0 ? `${countOf(others, channels)} constant` : '',
  ].filter((part) => part !== '');
  return parts.length > 0 ? [`${path}: in a sample, ${parts.join(', and ')}`] : [];
}

function countOf(found: readonly number[], channels: number): string {
  if (found.length === channels)
    return channels === 1 ? 'the channel is' : `all ${channels} channels are`;
  const names = found.slice(0, LISTED).join(', ') + (found.length > LISTED ? ', …' : '');
  return found.length === 1
    ? `channel ${names} is`
    : `${found.length} of ${channels} channels (${names}) are`;
}

function saturationWarnings(
  path: string,
  dtype: Series['data']['dtype'],
  { blocks }: Sample,
  { min, max, values }: Statistics,
): string[] {
  const [low, high] = integerRange(dtype) ?? [];
  if (low === undefined || high === undefined) return [];
  if (!min.includes(low) && !max.includes(high)) return [];
  // Unused channels of unsigned data are 0, which is no saturation.
  const lowest = low === 0 ? Number.NaN : low;
  let count = 0;
  for (const { items } of blocks) {
    const numbers = numbersOf(items);
    for (let at = 0; at < numbers.length; at++)
      if (numbers[at] === lowest || numbers[at] === high) count++;
  }
  const share = count / values;
  if (share <= MANY_SATURATED) return [];
  return [
    `${path}: ${percent(share)} of the sampled values are ${low} or ${high}, the limits of ${dtype}: the amplifier was saturated, or the dtype is wrong`,
  ];
}

/** A share as messages show it: `1.2 %`. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
