import { type ConvertOptions, fillOptions, requireKnown } from '../coordinator/index.js';
import type { FormatBound } from '../layout/index.js';

/** How an open file is read and written. */
export interface AccessOptions extends Pick<ConvertOptions, 'workers' | 'memory'> {
  /** Of a file that is made: lower bound of its format. Default: `earliest`. */
  readonly libver?: FormatBound;
}

export type FilledAccess = Required<Pick<AccessOptions, 'workers' | 'libver'>> & {
  /** bytes */
  readonly memory: number;
};

const KNOWN: readonly string[] = ['workers', 'memory', 'libver'] satisfies (keyof AccessOptions)[];

/** @throws LayoutError for an option that is not known, or whose value can't be used */
export function fillAccess(options: AccessOptions): FilledAccess {
  // Those of a conversion are more.
  requireKnown(options, KNOWN);
  const { workers, memory, libver } = fillOptions(options);
  return { workers, memory, libver };
}
