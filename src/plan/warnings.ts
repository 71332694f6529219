import { formatBytes, possibleChunks, tableBytes } from '../layout/index.js';
import type { LaidOut } from './new-dataset.js';

/** A table of this size is nothing beside the data that need it. */
const MOST_TABLE = 64 * 1024 * 1024;

/** Of sparse datasets whose chunk index would be a table of all chunks that are possible. */
export function indexWarnings({ path, shape, maxshape, layout, index }: LaidOut): string[] {
  if (!layout.skipFill || !index) return [];
  const chunks = possibleChunks({ shape, chunk: layout.chunk, maxshape });
  const bytes = tableBytes(index, chunks, layout.filters.length > 0);
  if (bytes <= MOST_TABLE) return [];
  return [
    `${path}: with libver 'v110' the file holds a table of all ${chunks} possible chunks, up to ` +
      `${formatBytes(bytes)}: take libver 'earliest', larger chunks, or a second unlimited axis in maxshape`,
  ];
}
