import { itemSize } from '../../layout/index.js';
import { isPlausibleFloats, isUsualFloat } from './floats.js';
import type { RawBytes } from './raw-bytes.js';
import { itemsOf, type Numbers, roughness, shareOf } from './roughness.js';

/** Another reading counts as better if the data are smoother by this factor. Real wrong readings differ by 50 or more. */
const SMOOTHER = 8;
/** Lines and codes change seldom, or have few values; swapping them says nothing. Electrodes have no lines. */
const LEAST_CHANGES = 0.1;
const LEAST_VALUES = { electrodes: 8, others: 256 };
/** Share of float items that must be usual amounts in the right reading. */
const NEARLY_ALL = 0.9;

/** Steps of wrong readings are larger, because the lowest byte is read as a higher one. */
const SMOOTH = 64;

/** Another way to read the items: with the other byte order, or beginning some bytes later. */
interface Reading {
  readonly swap: boolean;
  readonly shift: number;
}

/**
 * Compares the data as read with the data in the other byte order, and beginning a few bytes later.
 *
 * @param isElectrical whether the data are a recording of electrodes
 * @returns what is wrong, in words; undefined if nothing is
 */
export function byteOrderProblem(raw: RawBytes, isElectrical: boolean): string | undefined {
  const size = itemSize(raw.dtype);
  if (size === 1) return undefined;
  const best = raw.dtype.startsWith('float')
    ? plausibleReading(raw)
    : smoothestReading(raw, LEAST_VALUES[isElectrical ? 'electrodes' : 'others']);
  if (!best) return undefined;
  const order = raw.isBigEndian !== best.swap ? 'big' : 'little';
  if (best.shift === 0)
    return `with the bytes in ${order}-endian order, the data are smooth: is endian '${order}'?`;
  const offset = raw.offset + best.shift;
  const swapped = best.swap ? `, endian '${order}'` : '';
  return `from byte ${offset} of ${raw.path} on, the data are smooth: is offset ${offset}${swapped}?`;
}

/** Items between two samples of a channel. */
function lagOf({ isByColumn, columns }: RawBytes): number {
  return isByColumn ? 1 : columns;
}

function smoothestReading(raw: RawBytes, leastValues: number): Reading | undefined {
  const lag = lagOf(raw);
  const asRead = read(raw, { swap: false, shift: 0 });
  const rough = roughness(asRead, lag);
  if (!(rough > SMOOTH) || !isSignal(asRead, lag, leastValues)) return undefined;
  let best: Reading | undefined;
  let smoothest = rough / SMOOTHER;
  for (const reading of otherReadings(itemSize(raw.dtype))) {
    const other = roughness(read(raw, reading), lag);
    if (!(other < smoothest)) continue;
    smoothest = other;
    best = reading;
  }
  return best;
}

function plausibleReading(raw: RawBytes): Reading | undefined {
  if (isPlausibleFloats(read(raw, { swap: false, shift: 0 }), raw.dtype)) return undefined;
  let best: Reading | undefined;
  let smoothest = Number.POSITIVE_INFINITY;
  // In several readings the exponents come from the right bytes, but the data are smooth in one.
  for (const reading of otherReadings(itemSize(raw.dtype))) {
    const blocks = read(raw, reading);
    const rough = roughness(blocks, lagOf(raw));
    if (!(rough < smoothest) || !isPlausibleFloats(blocks, raw.dtype)) continue;
    if (shareOf(blocks, isUsualFloat) < NEARLY_ALL) continue;
    smoothest = rough;
    best = reading;
  }
  return best;
}

function otherReadings(size: number): Reading[] {
  const shifts = Array.from({ length: size }, (_, shift) => shift);
  return [false, true].flatMap((swap) => shifts.map((shift) => ({ swap, shift }))).slice(1);
}

function read({ blocks, dtype, isBigEndian }: RawBytes, { swap, shift }: Reading): Numbers[] {
  return blocks.map((bytes) => itemsOf(bytes, dtype, isBigEndian !== swap, shift));
}

/**
 * Whether the items change and vary like a signal. Data that are shifted to the upper bytes (8 bits in 16) are not
 * judged: their lowest byte is constant, and every other reading is smoother.
 */
function isSignal(blocks: readonly Numbers[], lag: number, leastValues: number): boolean {
  const values = new Set<number>();
  let lowBits = 0;
  const [{ 0: first }] = blocks;
  let changes = 0;
  let count = 0;
  for (const items of blocks)
    for (let at = 0; at + lag < items.length; at++, count++) {
      if (items[at] !== items[at + lag]) changes++;
      lowBits |= items[at] ^ first;
      if (values.size < leastValues) values.add(items[at]);
    }
  const isVaried = values.size >= leastValues && (lowBits & 0xff) !== 0;
  return isVaried && changes >= LEAST_CHANGES * count;
}
