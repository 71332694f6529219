import type { DType } from './dtype.js';

/** The smallest and the largest number that an integer type holds; undefined for float types. */
export function integerRange(dtype: DType): readonly [number, number] | undefined {
  const match = /^(u?)int(\d+)$/.exec(dtype);
  if (!match) return undefined;
  const bits = Number(match[2]);
  // Above 2^53, JavaScript's numbers are multiples of a power of two: the largest below 2^63 is 2^63 - 1024.
  const ulp = (power: number) => (power > 53 ? 2 ** (power - 53) : 1);
  if (match[1] === 'u') return [0, 2 ** bits - ulp(bits)];
  return [-(2 ** (bits - 1)), 2 ** (bits - 1) - ulp(bits - 1)];
}

/**
 * Whether `dtype` can hold a number. Float types may round it, but not to infinity; integer types must hold it
 * exactly.
 */
export function numberFits(value: number, dtype: DType): boolean {
  const range = integerRange(dtype);
  if (!range) return dtype !== 'float32' || fitsFloat32(value);
  return Number.isInteger(value) && value >= range[0] && value <= range[1];
}

/** Whether a number does not overflow as float32; NaN and infinities fit, too. */
export function fitsFloat32(value: number): boolean {
  return Number.isFinite(Math.fround(value)) || !Number.isFinite(value);
}
