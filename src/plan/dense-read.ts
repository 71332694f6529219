import { copyItems, type Lattice } from '../hdf5/index.js';
import { denseSteps, type Hyperslab, type ItemArray } from '../layout/index.js';
import type { Piece, SourceReader } from '../sources/index.js';

/**
 * Reads a hyperslab of a source as dense items in C order and in the byte order of the host.
 *
 * @param scratch at least `reader.scratchBytes(slab)` bytes
 * @param into receives the items; at least as many as the hyperslab has
 * @throws what the source throws
 */
export async function readDense(
  reader: Pick<SourceReader, 'read'>,
  slab: Hyperslab,
  scratch: Uint8Array,
  into: ItemArray,
): Promise<void> {
  const size = into.BYTES_PER_ELEMENT;
  const steps = denseSteps(slab.count, size);
  const bytes = new Uint8Array(into.buffer as ArrayBuffer, into.byteOffset, into.byteLength);
  for (const piece of await reader.read(slab, scratch)) {
    const offset = piece.start.reduce(
      (sum, first, axis) => sum + (first - slab.start[axis]) * steps[axis],
      0,
    );
    copyItems(latticeOfPiece(piece), { bytes, offset, steps }, piece.count, size, {
      swap: piece.swap,
    });
  }
}

/** Tables of a piece hold byte offsets, which may be negative; tables of a lattice hold indices. */
function latticeOfPiece({ bytes, offset, steps }: Piece): Lattice {
  const tables = steps.map((step) => (typeof step === 'number' ? null : step));
  const lowest = tables.map((table) => table?.reduce((low, at) => Math.min(low, at), 0) ?? 0);
  return {
    bytes,
    offset: offset + lowest.reduce((sum, low) => sum + low, 0),
    steps: steps.map((step) => (typeof step === 'number' ? step : 1)),
    tables: tables.map((table, axis) => table?.map((at) => at - lowest[axis]) ?? null),
  };
}
