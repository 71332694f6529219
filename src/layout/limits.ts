import { LayoutError } from './errors.js';
import { product, shapeText } from './hyperslab.js';

/** HDF5's limit for the rank of a dataset. */
const MAX_AXES = 32;

/** Larger counts are not exact in JavaScript, and libhdf5 could no longer count their bytes. */
const MAX_ITEMS = Number.MAX_SAFE_INTEGER;

/** @throws LayoutError for an extent of more than 32 axes or 2^53 - 1 items */
export function checkExtentLimits(extent: readonly number[], name: string): void {
  if (extent.length > MAX_AXES)
    throw new LayoutError({
      name,
      expected: `at most ${MAX_AXES} axes`,
      received: `${extent.length}`,
    });
  const items = product(extent);
  if (items > MAX_ITEMS)
    throw new LayoutError({
      name,
      expected: `at most 2^53 - 1 items`,
      received: `the shape ${shapeText(extent)}, of about ${items.toPrecision(3)}`,
    });
}
