import { deflateSync } from 'node:zlib';
import type { Target } from '../coordinator/engine.js';
import { ChunkCodec, FileSpace, type Filter } from '../hdf5/index.js';
import { cellsWithin, denseSteps, type Hyperslab } from '../layout/index.js';
import type { Session } from './session.js';

/**
 * Prepares the chunks that a smaller extent cuts through. libhdf5 puts fill values behind the cut and
 * writes such a chunk with all filters, but forgets to say so where its stored size stays the same
 * (seen in 1.10.8): of one that had skipped a filter, readers then take the filtered bytes for values.
 * So those are stored with all filters before, even where that makes them longer.
 *
 * @param shape the extent to come; what was gathered has been flushed
 */
export function prepareShrink(session: Session, target: Target, shape: readonly number[]): void {
  const extent = session.ledger.extent(target.number);
  using space = new FileSpace(session.file.token);
  using codec = new ChunkCodec(target.layout);
  for (const cut of cutSlabs(extent, shape, target.chunk))
    for (const cell of cellsWithin({ extent, cell: target.chunk }, cut)) {
      const [address, , mask] = target.dataset.locate(cell.start, cell.count);
      if (address < 0 || mask === 0) continue;
      const stored = target.dataset.readChunk(cell.start);
      if (!stored) continue;
      const bytes = withAllFilters(target, codec.decode(stored.bytes, stored.filterMask));
      const place = session.file.reserve(bytes.length);
      space.write(bytes, place);
      target.dataset.place(cell.start, cell.count, Float64Array.of(place, bytes.length, 0));
    }
}

/** Where along each axis that shrinks a chunk is cut, if one is. */
function* cutSlabs(
  extent: readonly number[],
  shape: readonly number[],
  chunk: readonly number[],
): Generator<Hyperslab> {
  for (const [axis, length] of shape.entries()) {
    if (length >= extent[axis] || length % chunk[axis] === 0) continue;
    const start = extent.map(() => 0).with(axis, length - (length % chunk[axis]));
    const count = shape.map((most, at) => Math.min(most, extent[at])).with(axis, 1);
    yield { start, count };
  }
}

function withAllFilters({ layout, chunk, itemSize }: Target, items: Uint8Array): Uint8Array {
  const shuffled = (bytes: Uint8Array, filter: Filter) => {
    using codec = new ChunkCodec({ ...layout, filters: [filter] });
    const start = chunk.map(() => 0);
    const steps = denseSteps(chunk, itemSize);
    return codec.encode([{ start, count: chunk, bytes, offset: 0, steps, swap: false }], start)
      .bytes;
  };
  const summed = (bytes: Uint8Array, filter: Filter) => {
    const extent = [bytes.length];
    const fillvalue = new Uint8Array(1);
    using codec = new ChunkCodec({
      itemSize: 1,
      chunk: extent,
      extent,
      fillvalue,
      filters: [filter],
    });
    const piece = { start: [0], count: extent, bytes, offset: 0, steps: [1], swap: false };
    return codec.encode([piece], [0]).bytes;
  };
  return layout.filters.reduce((bytes, filter) => {
    if (filter.kind === 'deflate') return deflateSync(bytes, { level: Math.min(9, filter.level) });
    return filter.kind === 'shuffle' ? shuffled(bytes, filter) : summed(bytes, filter);
  }, items);
}
