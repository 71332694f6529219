import { itemSize } from '../../layout/index.js';
import type { RawBytes } from './raw-bytes.js';
import {
  itemsOf,
  medianStep,
  type Numbers,
  type RoughnessOptions,
  roughness,
} from './roughness.js';

/**
 * Numbers of channels that probes, amplifiers and arrays write: powers of two, Neuropixels (384, and 276 for phase 3A
 * option 4), each with and without a channel for synchronisation; 96 for a Utah array, 272 with the analogue inputs of
 * its amplifier; 1024 for high-density arrays.
 */
const USUAL = [
  4, 8, 16, 17, 24, 32, 33, 35, 48, 64, 65, 96, 97, 128, 129, 136, 144, 160, 192, 256, 257, 272,
  276, 277, 384, 385, 512, 768, 770, 1024, 1025, 1536,
];
/** The true number differs from a wrong one by a channel or two, or by a factor. */
const NEAR = [-8, -4, -3, -2, -1, 1, 2, 3, 4, 8];
const FACTORS = [0.5, 2, 3, 4, 5];
const MOST = 16;
/** How much smoother the data must be than with the number given, and than with the next numbers. */
const SMOOTHER = 0.92;
const PEAK = 0.92;
/** Multiples of the true number are at most this much rougher. */
const NEARLY = 1.25;
/** If the given number of channels is a peak by this factor, it is right, even if others are better. */
const FLAT = 0.97;
/** Larger steps are cut to this many times the median step. */
const LARGE_STEP = 4;
/** How much smoother neighbours must be than the items of a column in data that are stored by column. */
const CLOSER = 0.7;
/** Tones, which few channels can carry, have peaks wherever their period fits. */
const LEAST_COLUMNS = 16;
const LEAST_ROWS = 8;

/**
 * Compares samples of a channel that would be neighbours with other numbers of channels. They differ least with the
 * true number: their autocorrelation has a peak there.
 *
 * @param isElectrical whether the data are a recording of electrodes, which has no pure tones
 * @returns what is wrong, in words; undefined if nothing is
 */
export function channelCountProblem(raw: RawBytes, isElectrical: boolean): string | undefined {
  const { columns, rank, dtype, isBigEndian, blocks } = raw;
  if (rank !== 2 || columns < (isElectrical ? 2 : LEAST_COLUMNS)) return undefined;
  const items = blocks.map((bytes) => itemsOf(bytes, dtype, isBigEndian));
  if (items.every(({ length }) => length < LEAST_ROWS * columns)) return undefined;
  // An artefact is alike on all channels, and would outweigh everything else.
  const most = LARGE_STEP * medianStep(items, columns) || Number.POSITIVE_INFINITY;
  const at = memoized(items, { most });
  // A column stored in one piece makes the next item smooth, and the number of columns says nothing.
  if (raw.isByColumn) return isInterleaved(raw, at) ? orderText('C') : undefined;
  if (at(columns) < FLAT * Math.min(at(columns - 1), at(columns + 1))) return undefined;
  // Channels that share noise, because they share a converter, look like neighbours in time, but not in the next row.
  const inNextRow = memoized(items, { most, row: columns });
  const better = betterCount(raw, items, [at, inNextRow]);
  // Data stored by column have weak peaks where the columns begin, but neighbours are smoother by far.
  if (isTransposed(items, at, columns, most) && !(better && at(better) < 1.5 * at(1)))
    return orderText('F');
  if (better === undefined) return undefined;
  return `the data are ${times(at(columns) / at(better))} smoother with ${better} columns than with ${columns}: ${better} columns would fit`;
}

function orderText(order: 'C' | 'F'): string {
  return order === 'F'
    ? "neighbouring items belong to one channel, not to neighbouring channels: is order 'F', with all samples of a channel after each other?"
    : "items of a channel are not next to each other: is order 'C', with all channels of a sample after each other?";
}

type RoughnessAt = (lag: number) => number;

function memoized(items: readonly Numbers[], options: RoughnessOptions): RoughnessAt {
  const known = new Map<number, number>();
  return (lag) => {
    const value = known.get(lag) ?? roughness(items, lag, options);
    known.set(lag, value);
    return value;
  };
}

function betterCount(
  { columns, length, dtype }: RawBytes,
  items: readonly Numbers[],
  measures: readonly RoughnessAt[],
): number | undefined {
  const [at] = measures;
  const longest = Math.max(...items.map((block) => block.length)) / LEAST_ROWS;
  const candidates = [
    ...NEAR.map((more) => columns + more),
    ...FACTORS.map((factor) => columns * factor),
    ...USUAL,
  ].filter(
    (count) =>
      Number.isInteger(count) &&
      count > 3 &&
      count <= Math.min(longest, MOST * columns) &&
      count !== columns &&
      length % (count * itemSize(dtype)) === 0,
  );
  const peaks = [...new Set(candidates)]
    .filter((count) => measures.every((rough) => isBetter(rough, count, columns)))
    .sort((a, b) => a - b);
  const smoothest = Math.min(...peaks.map(at));
  // Multiples of the true number are nearly as smooth.
  return peaks.find((count) => at(count) <= smoothest * NEARLY);
}

function isBetter(rough: RoughnessAt, count: number, columns: number): boolean {
  const neighbours = Math.min(rough(count - 1), rough(count + 1));
  return rough(count) < SMOOTHER * rough(columns) && rough(count) < PEAK * neighbours;
}

/** Whether neighbours are far smoother than the items of a column, and rows have no end: the data are stored by column. */
function isTransposed(
  items: readonly Numbers[],
  at: RoughnessAt,
  columns: number,
  most: number,
): boolean {
  const [next, below] = [at(1), at(columns)];
  if (!(next < CLOSER * below) || at(columns - 1) > below) return false;
  let ends = 0;
  let count = 0;
  for (const block of items)
    for (let i = columns - 1; i + 1 < block.length; i += columns, count++)
      ends += Math.min(most, Math.abs(block[i + 1] - block[i]));
  // Channels that are alike make neighbours smooth, but not the step from the last channel to the first.
  return ends / count < next + 0.4 * (below - next);
}

function isInterleaved({ columns, length, dtype }: RawBytes, at: RoughnessAt): boolean {
  // In few rows, an item is as far from the next column as from the next sample would be in order C.
  if (length / itemSize(dtype) < 2 * columns * columns) return false;
  const isPeak = at(columns) < PEAK * Math.min(at(columns - 1), at(columns + 1));
  return columns > 3 && isPeak && at(columns) < 1.1 * at(1);
}

function times(factor: number): string {
  return `${factor < 10 ? factor.toFixed(1) : factor.toFixed(0)} times`;
}
