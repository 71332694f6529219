import type { DType } from '../../layout/index.js';
import type { Numbers } from './roughness.js';

/**
 * Powers of ten between which measured amounts lie, in any unit: a femtotesla is 1e-15 T, the speed of light 3e8 m/s.
 * Probabilities may be smaller. Random bits exceed the bounds in 22 % of float32 items, and 50 % of float64 items.
 */
const LIMIT = { float32: 1e30, float64: 1e150 };
/** Shares of a sample. In real data, huge and tiny values don't come together, and neither are many. */
const SOME = 0.01;
const MANY_HUGE = 0.2;
const MANY_TINY = 0.5;
/** Smaller float32 items have leading zeros, as integers below 2^23 have when they are read as float32. */
const DENORMAL = 2 ** -126;

/** Whether floats can be measured values. NaN is one: data may have gaps. */
export function isPlausibleFloats(blocks: readonly Numbers[], dtype: DType): boolean {
  const limit = LIMIT[dtype === 'float32' ? 'float32' : 'float64'];
  let huge = 0;
  let tiny = 0;
  let denormal = 0;
  let count = 0;
  for (const items of blocks)
    for (let at = 0; at < items.length; at++) {
      const size = Math.abs(items[at]);
      if (!Number.isNaN(size)) count++;
      if (size > limit) huge++;
      else if (size > 0 && size < 1 / limit) tiny++;
      if (size > 0 && size < DENORMAL) denormal++;
    }
  const isMixed = huge > SOME * count && tiny > SOME * count;
  const isDenormal = dtype === 'float32' && denormal > MANY_TINY * count;
  return !isMixed && !isDenormal && huge <= MANY_HUGE * count;
}

/** Whether a float has the size of an amount in a common unit, or is 0. */
export function isUsualFloat(item: number): boolean {
  const size = Math.abs(item);
  return item === 0 || (size > 1e-12 && size < 1e9);
}
