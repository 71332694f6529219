import { deflateSync } from 'node:zlib';
import type { Target } from '../coordinator/index.js';
import {
  ChunkCodec,
  FileSpace,
  type Filter,
  filterMaskOf,
  isStored,
  placementOf,
} from '../hdf5/index.js';
import { cellsWithin, denseSteps, type Hyperslab } from '../layout/index.js';
import { decodeStored } from './reader.js';
import type { Session } from './session.js';

/**
 * Takes an extent back that data were to need which could not be written. What can't be cut off, since the
 * disk is full, stays: the error of the data is the one to report.
 *
 * @param extent that the dataset had before
 */
export async function takeBack(
  session: Session,
  target: Target,
  extent: readonly number[],
): Promise<void> {
  const { gatherer, ledger } = session;
  try {
    await gatherer.cut(target, extent);
    if (ledger.takeBack(target.number, extent)) return;
    ledger.settle();
    prepareShrink(session, target, extent);
    ledger.resize(target.number, extent);
    ledger.settle();
  } catch {
    // Told by whoever asks for the extent.
  }
}

/**
 * Prepares the chunks that a smaller extent cuts through. libhdf5 puts fill values behind the cut and
 * writes such a chunk with all filters, but forgets to say so where its stored size stays the same
 * (seen in 1.10.8): of one that had skipped a filter, readers then take the filtered bytes for values.
 * So those are stored with all filters before, even where that makes them longer. A chunk that is damaged
 * is found here: libhdf5 would find it when the extent is another one already.
 *
 * @param shape the extent to come; what was gathered has been flushed
 * @throws JobError for a chunk that is damaged
 */
export function prepareShrink(session: Session, target: Target, shape: readonly number[]): void {
  const extent = session.ledger.extent(target.number);
  using space = new FileSpace(session.file.token);
  using codec = new ChunkCodec(target.layout);
  for (const cut of cutSlabs(extent, shape, target.chunk))
    for (const cell of cellsWithin({ extent, cell: target.chunk }, cut)) {
      const placement = target.dataset.locate(cell.start, cell.count);
      if (!isStored(placement, 0)) continue;
      const stored = target.dataset.readChunk(cell.start);
      if (!stored) continue;
      const items = decodeStored(session, target, cell.start, () =>
        codec.decode(stored.bytes, stored.filterMask),
      );
      if (filterMaskOf(placement, 0) === 0) continue;
      const bytes = withAllFilters(target, items);
      const address = session.file.reserve(bytes.length);
      space.write(bytes, address);
      const placed = placementOf({ address, storedBytes: bytes.length, filterMask: 0 });
      target.dataset.place(cell.start, cell.count, placed);
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
