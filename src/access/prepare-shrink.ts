import type { Target } from '../coordinator/index.js';
import {
  ChunkCodec,
  encodeWithAllFilters,
  FileSpace,
  filterMaskOf,
  isStored,
  placementOf,
} from '../hdf5/index.js';
import { cellsWithin, type Hyperslab } from '../layout/index.js';
import { decodeStored } from './reader.js';
import type { Session } from './session.js';

/**
 * Undoes the growth of a dataset after the data that it grew for could not be written. If the extent can't
 * shrink either, for example on a full disk, it stays: the error of the data is the one to report.
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
    // Ignored, because the caller throws the error of the data.
  }
}

/**
 * Stores chunks that a smaller extent will cut through with all filters, even if that makes them longer; see
 * {@link encodeWithAllFilters}. Damaged chunks are found here, while the extent is still the old one. Gathered
 * data must have been flushed.
 *
 * @param shape the extent to come
 * @throws JobError if a chunk to be cut through is damaged
 */
export function prepareShrink(session: Session, target: Target, shape: readonly number[]): void {
  const extent = session.ledger.extent(target.number);
  // libhdf5 itself rewrites the chunks that the new extent cuts through.
  session.checksums.forget(target.number);
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
      const bytes = encodeWithAllFilters(target.layout, items);
      const address = session.file.reserve(bytes.length);
      space.write(bytes, address);
      const placed = placementOf({ address, storedBytes: bytes.length, filterMask: 0 });
      target.dataset.place(cell.start, cell.count, placed);
    }
}

/** For each axis along which the new extent cuts through chunks, a slab that touches exactly those chunks. */
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
