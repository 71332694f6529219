import type { DType } from '../../layout/index.js';
import { isPlausibleFloats, isUsualFloat } from './floats.js';
import type { RawBytes } from './raw-bytes.js';
import { itemsOf, type Numbers, shareOf } from './roughness.js';

/** Share of the items that must fit another type: a few may be glitches. */
const NEARLY_ALL = 0.98;
/** Share of the items that must be negative, and positive, so that a rule about signs says something. */
const SOME = 0.05;
const HALF = 0.5;
const FEW = 64;

/**
 * Tests whether the bytes are items of another type than the description says.
 *
 * @returns what is wrong, in words; undefined if nothing is
 */
export function itemTypeProblem(raw: RawBytes): string | undefined {
  const found = otherType(raw);
  if (!found) return undefined;
  return `the data look like ${found}, read as ${raw.dtype}: is dtype '${found}'?`;
}

function otherType(raw: RawBytes): DType | undefined {
  switch (raw.dtype) {
    case 'int16':
    case 'uint16':
      return widerType(raw) ?? otherSign(raw);
    case 'int32':
    case 'uint32':
      return isFloats(raw) ? 'float32' : isPairs(raw) ? 'int16' : undefined;
    case 'float32':
      return integersBehind(raw);
    case 'float64':
      return isNarrower(raw) ? 'float32' : integersBehind(raw);
    default:
      return undefined;
  }
}

/** Items of 16 bits that are halves of wider items. */
function widerType(raw: RawBytes): DType | undefined {
  if (isFloats(raw)) return 'float32';
  return isExtended(raw) ? 'int32' : undefined;
}

/** Whether each second item of 16 bits only repeats the sign of the one before, as the upper half of int32 does. */
function isExtended(raw: RawBytes): boolean {
  let extended = 0;
  let negative = 0;
  let positive = 0;
  let pairs = 0;
  for (const items of read(raw, 'int16')) {
    if (pairs > FEW && extended < HALF * pairs) return false;
    for (let at = 0; at + 1 < items.length; at += 2, pairs++) {
      const low = items[raw.isBigEndian ? at + 1 : at];
      const high = items[raw.isBigEndian ? at : at + 1];
      if (high === (low < 0 ? -1 : 0)) extended++;
      if (low < 0) negative++;
      if (low > 0) positive++;
    }
  }
  return extended > NEARLY_ALL * pairs && negative > SOME * pairs && positive > SOME * pairs;
}

/** Whether the bytes are float32 items of both signs and usual sizes. Integers fill this range with gaps only. */
function isFloats(raw: RawBytes): boolean {
  const floats = read(raw, 'float32');
  // Most data fail at once.
  if (shareOf([floats[0].subarray(0, FEW)], isUsualFloat) < HALF) return false;
  return (
    shareOf(floats, isUsualFloat) > NEARLY_ALL &&
    shareOf(floats, (item) => item > 0) > SOME &&
    shareOf(floats, (item) => item < 0) > SOME &&
    shareOf(floats, (item) => item !== 0) > HALF
  );
}

/**
 * Whether the halves of 32-bit items are int16 items of their own. The upper half of one number changes only if the
 * lower half wraps, so that it jumps; the halves of two numbers change as they like.
 */
function isPairs(raw: RawBytes): boolean {
  // A step of the lower half is as small as this in 3 % of all cases if it is random.
  const near = 1024;
  let extended = 0;
  let changed = 0;
  let changedNear = 0;
  let steps = 0;
  for (const items of read(raw, 'int32'))
    for (let at = 0; at + raw.columns < items.length; at++, steps++) {
      const a = items[at];
      const b = items[at + raw.columns];
      const high = a >> 16;
      if (high === (a << 16 < 0 ? -1 : 0)) extended++;
      if (high === b >> 16) continue;
      changed++;
      const step = Math.abs((b & 0xffff) - (a & 0xffff));
      if (step > 0 && step < near) changedNear++;
    }
  return extended < 0.9 * steps && changed > SOME * steps && changedNear > changed / 4;
}

/** Signed data read as unsigned, or data with their zero at 32768 read as signed: nothing lies in the middle. */
function otherSign(raw: RawBytes): DType | undefined {
  const isSigned = raw.dtype === 'int16';
  // From the lowest item on: both readings then have the gap in the middle.
  const lowest = isSigned ? -(2 ** 15) : 0;
  const items = read(raw, raw.dtype);
  const quarter = 2 ** 14;
  const low = shareOf(items, (item) => item < lowest + quarter);
  if (low <= SOME) return undefined;
  const high = shareOf(items, (item) => item >= lowest + 3 * quarter);
  const isSplit = high > SOME && low + high > NEARLY_ALL;
  return isSplit && isVaried(items, lowest + 2 * quarter)
    ? isSigned
      ? 'uint16'
      : 'int16'
    : undefined;
}

/** Whether there are more values than those of lines that switch between two levels. */
function isVaried(blocks: readonly Numbers[], middle: number): boolean {
  const [low, high] = [new Set<number>(), new Set<number>()];
  for (const items of blocks)
    for (let at = 0; at < items.length; at++) (items[at] < middle ? low : high).add(items[at]);
  return low.size >= 16 && high.size >= 16;
}

/** The type of integers that make no sense as floats. */
function integersBehind(raw: RawBytes): DType | undefined {
  if (isPlausibleFloats(read(raw, raw.dtype), raw.dtype)) return undefined;
  if (raw.dtype === 'float32' && isPlausibleFloat64(raw)) return 'float64';
  return isExtended(raw) ? 'int32' : 'int16';
}

function isPlausibleFloat64(raw: RawBytes): boolean {
  return shareOf(read(raw, 'float64'), isUsualFloat) > NEARLY_ALL;
}

/**
 * Whether the lower halves of float64 items are float32 items. The lower half of a real float64 item has random bits,
 * or few bits, or none.
 */
function isNarrower(raw: RawBytes): boolean {
  const lower = read(raw, 'float32').map((items) =>
    (items as Float32Array).filter((_, at) => at % 2 === (raw.isBigEndian ? 1 : 0)),
  );
  return shareOf(lower, isUsualFloat) > NEARLY_ALL && shareOf(lower, (item) => item !== 0) > HALF;
}

function read({ blocks, isBigEndian }: RawBytes, dtype: DType): Numbers[] {
  return blocks.map((bytes) => itemsOf(bytes, dtype, isBigEndian));
}
