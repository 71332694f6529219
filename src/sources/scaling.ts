import type { SourceSpec } from './spec.js';

/** How the values of a source become float64. */
export interface ScalingSpec {
  /** A factor, or a fraction such as `1/30000`. Default: 1 */
  readonly scale?: number | string | undefined;
  /** Added after the scaling. Default: 0 */
  readonly offset?: number | undefined;
}

/** A source whose values are converted to float64. A description says it beside the source. */
export interface ScaledSpec extends ScalingSpec {
  type: 'scaled';
  source: SourceSpec;
}

/** What workers open. */
export type ReadableSpec = SourceSpec | ScaledSpec;

export type Scaling = (value: number) => number;

/** A fraction of two numbers, of which {@link isScale} refuses 0. */
export const FRACTION = /^\s*(\d+(?:\.\d+)?)\s*\/\s*(\d+(?:\.\d+)?)\s*$/;

/** The numerator and the denominator of a fraction of two numbers above 0; undefined for another text. */
function fractionOf(text: string): readonly [number, number] | undefined {
  const [, numerator, denominator] = FRACTION.exec(text)?.map(Number) ?? [];
  const isValid = [numerator, denominator].every((one) => one > 0 && Number.isFinite(one));
  return isValid ? [numerator, denominator] : undefined;
}

/** Whether a scale can be used: a number above 0, or a fraction of two of them. */
export function isScale(scale: number | string): boolean {
  return typeof scale === 'number' ? scale > 0 : fractionOf(scale) !== undefined;
}

/**
 * The conversion of a value. It is computed in float64, each step rounded to the nearest number, as numpy does:
 *
 * - a number as scale: `value * scale + offset`;
 * - a fraction: `value * numerator / denominator + offset`.
 *
 * 1/30000 has no exact float64, so a product with it can be off by one unit in the last place (5 * (1/30000) is not
 * 5 / 30000). As a fraction, it gives the float64 nearest to each quotient. Integers beyond 2^53 are rounded to the
 * nearest float64 first.
 */
export function scaling({ scale = 1, offset = 0 }: ScalingSpec): Scaling {
  const fraction = typeof scale === 'string' ? fractionOf(scale) : undefined;
  if (fraction) {
    const [numerator, denominator] = fraction;
    return (value) => (value * numerator) / denominator + offset;
  }
  const factor = Number(scale);
  return (value) => value * factor + offset;
}
