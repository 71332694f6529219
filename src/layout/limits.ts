import { LayoutError } from './errors.js';
import { product } from './hyperslab.js';

/** What HDF5 gives a dataset at most. */
const MAX_AXES = 32;

/** Beyond it numbers are no longer exact: neither ours, nor those in which libhdf5 counts bytes. */
const MAX_ITEMS = Number.MAX_SAFE_INTEGER;

/** @throws LayoutError for an extent of too many axes or items */
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
      received: `the shape [${extent.join(', ')}], of about ${items.toPrecision(3)}`,
    });
}
