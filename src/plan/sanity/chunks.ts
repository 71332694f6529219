import { formatBytes, product } from '../../layout/index.js';
import type { DatasetSpec } from '../dataset-spec.js';

/** Below, a chunk's place in the index costs readers more than its data. */
const SMALL = 16 * 1024;
const MANY_SMALL = 1_000;
/** A reader decodes a whole chunk for one value, and HDF5's cache of 1 MiB holds none of them. */
const LARGE = 64 * 1024 * 1024;
/** Listing this many chunks takes a reader seconds. A terabyte needs as many of the usual size. */
const TOO_MANY = 100_000;
const USUAL = 1024 * 1024;

/** Warns of chunks that make a file slow to write and read. */
export function chunkWarnings({ path, layout, chunkCount }: DatasetSpec): string[] {
  const bytes = product(layout.chunk) * layout.itemSize;
  const seen = `${path}: chunks of [${layout.chunk.join(', ')}] have ${formatBytes(bytes)}`;
  if (bytes > LARGE)
    return [`${seen}; readers decode a whole chunk for one value: choose chunks of 1 to 16 MiB`];
  const isSmall = bytes < SMALL && chunkCount > MANY_SMALL;
  if (!isSmall && !(bytes < USUAL && chunkCount > TOO_MANY)) return [];
  return [
    `${seen}, and there are ${chunkCount}; each one costs time to write and read: choose chunks of 1 to 16 MiB`,
  ];
}
