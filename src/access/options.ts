import type { FormatBound } from '../layout/index.js';
import { type ConvertOptions, requireKnown, resolveOptions } from '../options.js';

/** Options of {@link open}. */
export interface AccessOptions extends Pick<ConvertOptions, 'workers' | 'memory'> {
  /** Lower bound of the format of a file that is created. Default: `earliest`. */
  readonly libver?: FormatBound;
}

export type ResolvedAccess = Required<Pick<AccessOptions, 'workers' | 'libver'>> & {
  /** bytes */
  readonly memory: number;
};

const KNOWN: readonly string[] = ['workers', 'memory', 'libver'] satisfies (keyof AccessOptions)[];

/** Checks options and sets their defaults. @throws LayoutError if an option is unknown or invalid */
export function resolveAccess(options: AccessOptions): ResolvedAccess {
  // Conversions accept more options than this.
  requireKnown(options, KNOWN);
  const { workers, memory, libver } = resolveOptions(options);
  return { workers, memory, libver };
}
