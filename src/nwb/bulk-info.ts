import type { BulkData } from '../description/index.js';
import type { DType, Maxshape } from '../layout/index.js';

/** Type and shape of bulk data, known before the data are read. A source's info is one. */
export interface BulkInfo {
  readonly dtype: DType;
  /** Lengths of the axes in elements, C order, time first. For an iterator, the lengths at the beginning. */
  readonly shape: readonly number[];
  /** For iterators only: largest length of each axis, null for no limit. */
  readonly maxshape?: Maxshape | undefined;
}

/** Type and shape of each bulk dataset of a description, by the identity of its description. */
export type SourceInfos = ReadonlyMap<BulkData, BulkInfo>;

/** Whether the number of samples is known only once all data have arrived. */
export function growsInTime({ shape, maxshape }: BulkInfo): boolean {
  return maxshape !== undefined && maxshape[0] !== shape[0];
}
