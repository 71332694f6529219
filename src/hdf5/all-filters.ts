import { deflateSync } from 'node:zlib';
import type { ChunkLayout, Filter } from './chunk-types.js';
import { ChunkCodec } from './codec.js';

/**
 * Encodes a chunk with all filters, including those that would not make it smaller and that ChunkCodec skips.
 *
 * Before a dataset shrinks through a chunk that skips a filter, the chunk must be stored this way. On shrinking,
 * libhdf5 puts fill values behind the cut and writes the chunk with all filters, but if its stored size stays the
 * same, it keeps the old filter mask (seen in 1.10.8): readers would then take filtered bytes for values.
 *
 * @param items the decoded chunk, in the byte order of the file
 * @returns the bytes to store, with filter mask 0
 */
export function encodeWithAllFilters(
  { itemSize, filters }: Pick<ChunkLayout, 'itemSize' | 'filters'>,
  items: Uint8Array,
): Uint8Array {
  return filters.reduce((bytes, filter) => {
    if (filter.kind === 'deflate') return deflateSync(bytes, { level: Math.min(9, filter.level) });
    return encodeWith(filter, filter.kind === 'shuffle' ? itemSize : 1, bytes);
  }, items);
}

/** Encodes bytes as a chunk of one axis, with one filter that is never skipped. */
function encodeWith(filter: Filter, itemSize: number, bytes: Uint8Array): Uint8Array {
  const start = [0];
  const count = [bytes.length / itemSize];
  const fillvalue = new Uint8Array(itemSize);
  const layout = { itemSize, chunk: count, extent: count, fillvalue, filters: [filter] };
  using codec = new ChunkCodec(layout);
  const piece = { start, count, bytes, offset: 0, steps: [itemSize], swap: false };
  return codec.encode([piece], start).bytes;
}
