import type { FormatBound } from '../layout/index.js';
import { type ConvertOptions, requireKnown, resolveOptions } from '../options.js';

/** How an open file is read and written. */
export interface AccessOptions extends Pick<ConvertOptions, 'workers' | 'memory'> {
  /** Of a file that is made: lower bound of its format. Default: `earliest`. */
  readonly libver?: FormatBound;
}

export type ResolvedAccess = Required<Pick<AccessOptions, 'workers' | 'libver'>> & {
  /** bytes */
  readonly memory: number;
};

const KNOWN: readonly string[] = ['workers', 'memory', 'libver'] satisfies (keyof AccessOptions)[];

/** @throws LayoutError for an option that is not known, or whose value can't be used */
export function resolveAccess(options: AccessOptions): ResolvedAccess {
  // Those of a conversion are more.
  requireKnown(options, KNOWN);
  const { workers, memory, libver } = resolveOptions(options);
  return { workers, memory, libver };
}
