import { ChunkCodec, type Dataset } from '../../src/hdf5/index.js';

/**
 * Reads a dataset of numbers from its stored chunks, and decodes them without libhdf5.
 *
 * @returns its items in C order, as bytes
 */
export function decodeChunks(dataset: Dataset): Uint8Array {
  const { shape, chunks, itemSize, filters, fillvalue } = dataset;
  if (!chunks || !fillvalue || typeof filters === 'string') throw new Error('not to be decoded');
  const { buffer, byteOffset, byteLength } = fillvalue as Int8Array;
  const fill = new Uint8Array(buffer, byteOffset, byteLength);
  const codec = new ChunkCodec({
    itemSize,
    chunk: chunks,
    extent: shape,
    fillvalue: fill,
    filters,
  });
  const result = new Uint8Array(shape.reduce((size, length) => size * length, itemSize));
  for (const start of indices(shape, chunks)) {
    const stored = dataset.readChunk(start);
    const items = stored && codec.decode(stored.bytes, stored.filterMask);
    for (const within of indices(
      chunks,
      chunks.map(() => 1),
    )) {
      const at = start.map((first, axis) => first + within[axis]);
      if (at.some((index, axis) => index >= shape[axis])) continue;
      const from = flat(within, chunks) * itemSize;
      result.set(items?.subarray(from, from + itemSize) ?? fill, flat(at, shape) * itemSize);
    }
  }
  return result;
}

/** Corners of the cells of a grid, in C order. */
function indices(extent: readonly number[], cell: readonly number[]): number[][] {
  return extent.reduce<number[][]>(
    (corners, length, axis) =>
      corners.flatMap((corner) =>
        Array.from({ length: Math.ceil(length / cell[axis]) }, (_, index) => [
          ...corner,
          index * cell[axis],
        ]),
      ),
    [[]],
  );
}

const flat = (index: readonly number[], shape: readonly number[]) =>
  index.reduce((sum, at, axis) => sum * shape[axis] + at, 0);
