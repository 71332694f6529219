import type { FormatBound } from '../layout/index.js';
import { optionNames, requireKnown } from '../option-error.js';
import { type ConvertOptions, resolveOptions } from '../options.js';

/** Options of {@link open}. */
export interface AccessOptions extends Pick<ConvertOptions, 'workers' | 'memory'> {
  /** Lower bound of the format of a file that is created. Default: `earliest`. */
  readonly libver?: FormatBound;
}

export type ResolvedAccess = Required<Pick<AccessOptions, 'workers' | 'libver'>> & {
  /** bytes */
  readonly memory: number;
};

const ACCESS_OPTIONS = optionNames<AccessOptions>({ workers: 1, memory: 1, libver: 1 });

/** @throws OptionError for an option that is not known, or whose value can't be used */
export function resolveAccess(options: AccessOptions): ResolvedAccess {
  // Conversions accept more options than this.
  requireKnown(options, ACCESS_OPTIONS);
  const { workers, memory, libver } = resolveOptions(options);
  return { workers, memory, libver };
}
