import type { DType } from './dtype.js';

/** Least and greatest value of an integer type; none for float types. */
export function integerRange(dtype: DType): readonly [number, number] | undefined {
  const match = /^(u?)int(\d+)$/.exec(dtype);
  if (!match) return undefined;
  const bits = Number(match[2]);
  // Above 2^53 numbers are multiples of a power of two: the greatest one below 2^63 is 2^63 - 1024.
  const ulp = (power: number) => (power > 53 ? 2 ** (power - 53) : 1);
  if (match[1] === 'u') return [0, 2 ** bits - ulp(bits)];
  return [-(2 ** (bits - 1)), 2 ** (bits - 1) - ulp(bits - 1)];
}

/**
 * Can `dtype` hold this number? Float types hold numbers rounded, but none that would become infinite;
 * integers only their own.
 */
export function numberFits(value: number, dtype: DType): boolean {
  const range = integerRange(dtype);
  if (!range) return dtype !== 'float32' || fitsFloat32(value);
  return Number.isInteger(value) && value >= range[0] && value <= range[1];
}

/** Is a finite number still finite as float32? */
export function fitsFloat32(value: number): boolean {
  return Number.isFinite(Math.fround(value)) || !Number.isFinite(value);
}
