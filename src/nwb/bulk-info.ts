import type { BulkData } from '../description/index.js';
import type { DType, Maxshape } from '../layout/index.js';

/** What is known of bulk data before they are read. What a source tells of itself is one. */
export interface BulkInfo {
  readonly dtype: DType;
  /** Lengths of the axes, in elements, C order; time first. Of an iterator those at the beginning. */
  readonly shape: readonly number[];
  /** Of iterators only: what the lengths may become, null without bound. */
  readonly maxshape?: Maxshape | undefined;
}

/** What the bulk datasets of a description were found to hold, by identity. */
export type SourceInfos = ReadonlyMap<BulkData, BulkInfo>;

/** Is the number of samples known only when all have come? */
export function growsInTime({ shape, maxshape }: BulkInfo): boolean {
  return maxshape !== undefined && maxshape[0] !== shape[0];
}
