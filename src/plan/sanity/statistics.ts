import type { ItemArray } from '../../layout/index.js';
import type { Sample } from './sample.js';
import type { Series } from './series.js';

/** The stored values of a sample, per index of axis 1 (a channel of a recording). NaN values are left out. */
export interface Statistics {
  /** Index of the first channel; not 0 for the middle of wide data. */
  readonly first: number;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly sum: Float64Array;
  readonly sumOfSquares: Float64Array;
  /** Number of all values, and of those that are NaN or infinite. */
  readonly values: number;
  readonly notFinite: number;
}

/** The values of a sample in the unit of the series. */
export interface Amounts {
  readonly min: number;
  readonly max: number;
  readonly rms: number;
}

export function statisticsOf({ blocks }: Sample): Statistics {
  const [{ slab }] = blocks;
  const channels = slab.count[1] ?? 1;
  const found = {
    first: slab.start[1] ?? 0,
    min: new Float64Array(channels).fill(Number.POSITIVE_INFINITY),
    max: new Float64Array(channels).fill(Number.NEGATIVE_INFINITY),
    sum: new Float64Array(channels),
    sumOfSquares: new Float64Array(channels),
  };
  let values = 0;
  let notFinite = 0;
  for (const { slab, items } of blocks) {
    values += items.length;
    const inner = items.length / slab.count[0] / channels;
    notFinite += addItems(numbersOf(items), channels, inner, found);
  }
  return { ...found, values, notFinite };
}

/** @returns number of values that are not finite */
function addItems(
  items: ArrayLike<number>,
  channels: number,
  inner: number,
  { min, max, sum, sumOfSquares }: Pick<Statistics, 'min' | 'max' | 'sum' | 'sumOfSquares'>,
): number {
  let notFinite = 0;
  for (let at = 0; at < items.length; )
    for (let channel = 0; channel < channels; channel++)
      for (let k = 0; k < inner; k++, at++) {
        const value = items[at];
        // False for NaN and both infinities.
        if (!(value - value === 0)) {
          notFinite++;
          continue;
        }
        if (value < min[channel]) min[channel] = value;
        if (value > max[channel]) max[channel] = value;
        sum[channel] += value;
        sumOfSquares[channel] += value * value;
      }
  return notFinite;
}

/** 64-bit integers become float64, which is exact enough for statistics. */
export function numbersOf(items: ItemArray): Exclude<ItemArray, BigInt64Array | BigUint64Array> {
  return items instanceof BigInt64Array || items instanceof BigUint64Array
    ? Float64Array.from(items as BigInt64Array, Number)
    : items;
}

/** Mean of the stored values; NaN if no value is finite. */
export function meanOf({ sum, values, notFinite }: Statistics): number {
  return sum.reduce((total, one) => total + one, 0) / (values - notFinite);
}

/** @returns undefined if no value is finite */
export function amountsOf(series: Series, statistics: Statistics): Amounts | undefined {
  const { first, min, max, sum, sumOfSquares, values, notFinite } = statistics;
  const { conversion, offset, channelConversion } = series;
  const finite = values - notFinite;
  if (finite === 0) return undefined;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let squares = finite * offset * offset;
  for (let at = 0; at < min.length; at++) {
    if (min[at] > max[at]) continue;
    const factor = conversion * (channelConversion?.[first + at] ?? 1);
    const [least, most] = factor < 0 ? [max[at], min[at]] : [min[at], max[at]];
    low = Math.min(low, factor * least + offset);
    high = Math.max(high, factor * most + offset);
    squares += factor * (factor * sumOfSquares[at] + 2 * offset * sum[at]);
  }
  return { min: low, max: high, rms: Math.sqrt(Math.max(0, squares) / finite) };
}
