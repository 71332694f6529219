import { fileURLToPath } from 'node:url';
import { runPython } from '../support/python.js';

const SCRIPT = fileURLToPath(new URL('series.py', import.meta.url));

/** A series as PyNWB reads it. */
export interface SeenSeries {
  readonly shape: readonly number[];
  readonly maxshape: readonly (number | null)[];
  readonly chunks: readonly number[];
  readonly dtype: string;
  readonly compression: string | null;
  /** Greatest difference from the expected values; null if type or shape differ. */
  readonly error: number | null;
  /** Errors of pynwb.validate. */
  readonly validation: readonly string[];
}

/** @param expected the expected values; see series.py */
export async function seenSeries(
  path: string,
  name: string,
  ...expected: readonly string[]
): Promise<SeenSeries> {
  return (await runPython(SCRIPT, [path, name, ...expected])) as SeenSeries;
}
