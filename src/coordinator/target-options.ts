import type { Dataset } from '../hdf5/index.js';
import type { LaidOut } from '../plan/new-dataset.js';
import type { TargetOptions } from './gather/index.js';

/** A laid-out dataset as a target for gathered data. */
export function targetOptions(number: number, dataset: Dataset, laidOut: LaidOut): TargetOptions {
  const { path, dtype, layout, maxshape, bigEndian, isNew } = laidOut;
  const { chunk, filters, fillvalue, skipFill = false } = layout;
  return {
    number,
    path,
    dataset,
    dtype,
    chunk,
    maxshape,
    filters,
    fillvalue,
    skipFill,
    swap: bigEndian,
    fresh: isNew,
  };
}
