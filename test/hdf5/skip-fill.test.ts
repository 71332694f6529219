import { statSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  asPlacements,
  ChunkCodec,
  type ChunkLayout,
  ChunkWriter,
  type DatasetOptions,
  type File,
} from '../../src/hdf5/index.js';
import { numRuns } from '../support/effort.js';
import { chunkStarts, dense, expectedChunk, tiled } from './chunk-model.js';
import { withFile } from './temporary.js';

const layout: ChunkLayout = {
  itemSize: 2,
  chunk: [4, 2],
  extent: [10, 5],
  fillvalue: Uint8Array.of(7, 0),
  filters: [{ kind: 'shuffle' }, { kind: 'deflate', level: 4 }, { kind: 'fletcher32' }],
  skipFill: true,
};
const whole = { start: [0, 0], count: [10, 5] };
const NONE = [-1, 0, 0];

const create = (file: File, options: Partial<DatasetOptions> = {}) =>
  file.createDataset('data', {
    ...{ dtype: 'uint16', shape: layout.extent, chunks: layout.chunk },
    ...{ filters: layout.filters, fillvalue: Uint16Array.of(7), ...options },
  });

/** The dataset as one piece: 7 everywhere except in the elements that are given by their indexes. */
function piece(others: readonly (readonly [number, number])[], shared = false) {
  const memory = shared ? new SharedArrayBuffer(100) : new ArrayBuffer(100);
  const values = new Uint16Array(memory).fill(7);
  for (const [row, column] of others) values[row * 5 + column] = 1000 + row;
  return { values, piece: dense({ layout, data: new Uint8Array(memory) }) };
}

describe('skipFill', () => {
  test.each([false, true])('skipFill skips chunks of fill values (shared memory: %s)', (shared) => {
    withFile((file) => {
      const { values, piece: one } = piece(
        [
          [5, 1],
          [9, 4],
        ],
        shared,
      );
      const data = create(file);
      using writer = new ChunkWriter(file.token, layout);
      const { placements, checksums } = writer.write([one], whole);
      const stored = [...chunkStarts(layout)].filter((_, k) => placements[3 * k] !== -1);
      expect(stored).toEqual([
        [4, 0],
        [8, 4],
      ]);
      expect([...placements.subarray(0, 3)]).toEqual(NONE);
      const summed = [...checksums].map((sum) => sum !== 0n);
      expect(summed).toEqual([...checksums].map((_, k) => placements[3 * k] !== -1));
      data.place(whole.start, whole.count, placements);
      expect([...data.locate(whole.start, whole.count)]).toEqual([...placements]);
      expect(data.read().data).toEqual(Uint16Array.from(values));
    });
  });

  test('a skipped chunk takes no space in the file', () => {
    withFile((file, path) => {
      const data = create(file);
      file.flush();
      const before = [statSync(path).size, file.reserve(0)];
      using writer = new ChunkWriter(file.token, layout);
      const { placements } = writer.write([piece([]).piece], whole);
      expect([...placements]).toEqual(Array(9).fill(NONE).flat());
      data.place(whole.start, whole.count, placements);
      expect([statSync(path).size, file.reserve(0)]).toEqual(before);
      expect(data.storedBytes).toBe(0);
      expect(data.read().data).toEqual(new Uint16Array(50).fill(7));
    });
  });

  test('skipFill is off by default and does not affect a codec', () => {
    withFile((file) => {
      const { skipFill: _, ...rest } = layout;
      using writer = new ChunkWriter(file.token, rest);
      const { placements } = writer.write([piece([]).piece], whole);
      expect(placements.filter((address) => address < 0).length).toBe(0);
      const codec = (layout: ChunkLayout) =>
        new ChunkCodec(layout).encode([piece([]).piece], [0, 0]);
      expect(codec(layout)).toEqual(codec(rest));
    });
  });

  test('skipFill compares bytes: a negative zero is not the fill value 0', () => {
    withFile((file) => {
      const line: ChunkLayout = {
        ...{ itemSize: 8, chunk: [2], extent: [4], fillvalue: new Uint8Array(8) },
        ...{ filters: [], skipFill: true },
      };
      const data = new Uint8Array(Float64Array.of(0, 0, 0, -0).buffer);
      using writer = new ChunkWriter(file.token, line);
      const { placements } = writer.write([dense({ layout: line, data })], {
        start: [0],
        count: [4],
      });
      expect([...placements.subarray(0, 3)]).toEqual(NONE);
      expect(placements[3]).toBeGreaterThan(0);
    });
  });

  test('skipFill skips exactly the chunks of fill values, whatever the pieces', () => {
    withFile((file) => {
      fc.assert(
        fc.property(tiled, (scene) => {
          const { itemSize, extent } = scene.layout;
          // The first byte limits the choice for the others, so that some chunks hold one value only.
          const fillvalue = scene.data.slice(0, itemSize);
          const layout = { ...scene.layout, fillvalue, skipFill: true };
          using writer = new ChunkWriter(file.token, layout);
          const slab = { start: extent.map(() => 0), count: extent };
          const { placements } = writer.write(scene.pieces, slab);
          for (const [k, start] of [...chunkStarts(layout)].entries()) {
            const chunk = expectedChunk({ layout, data: scene.data }, start);
            const plain = chunk.every((byte, at) => byte === fillvalue[at % itemSize]);
            expect(placements[3 * k] === -1).toBe(plain);
          }
        }),
        { numRuns: numRuns(100) },
      );
    });
  });

  test('placing a skipped chunk leaves the chunk as it is', () => {
    withFile((file) => {
      const data = create(file, { filters: [] });
      data.write(Uint16Array.from({ length: 50 }, (_, k) => k));
      const before = [...data.locate(whole.start, whole.count)];
      const mixed = Float64Array.from(Array(9).fill(NONE).flat());
      data.place(whole.start, whole.count, asPlacements(mixed));
      expect([...data.locate(whole.start, whole.count)]).toEqual(before);
      expect(data.read().data).toEqual(Uint16Array.from({ length: 50 }, (_, k) => k));
    });
  });
});
