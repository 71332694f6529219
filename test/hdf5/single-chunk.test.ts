import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ChunkCodec,
  type ChunkLayout,
  ChunkWriter,
  encoderBytes,
  type Filter,
} from '../../src/hdf5/index.js';
import { numRuns } from '../support/effort.js';
import { dense, filter } from './chunk-model.js';
import { withFile } from './temporary.js';

describe('a single chunk', () => {
  const alone = (filters: readonly Filter[]): ChunkLayout => ({
    ...{ itemSize: 2, chunk: [64, 32], extent: [64, 32], fillvalue: new Uint8Array(2), filters },
  });
  const data = Uint8Array.from({ length: 4096 }, (_, k) => (k * k) >> 9);

  test('a chunk that covers the extent is written like any other', () => {
    withFile((file) => {
      fc.assert(
        fc.property(fc.array(filter, { maxLength: 4 }), (filters) => {
          const layout = alone(filters);
          using writer = new ChunkWriter(file.token, layout);
          const { placements } = writer.write([dense({ layout, data })], {
            start: [0, 0],
            count: [64, 32],
          });
          expect(placements.length).toBe(3);
          expect(writer.bytesHeld).toBeLessThanOrEqual(encoderBytes(layout));
        }),
        { numRuns: numRuns(50) },
      );
      const layout = alone([{ kind: 'shuffle' }, { kind: 'deflate', level: 1 }]);
      const dataset = file.createDataset('data', {
        ...{ dtype: 'uint16', shape: [128, 32], chunks: [64, 32], filters: layout.filters },
      });
      using writer = new ChunkWriter(file.token, layout);
      const slab = { start: [0, 0], count: [64, 32] };
      const { placements } = writer.write([dense({ layout, data })], slab);
      dataset.place([64, 0], slab.count, placements);
      const { data: read } = dataset.read({ start: [64, 0], count: slab.count });
      expect(read).toEqual(new Uint16Array(data.buffer));
    });
  });

  test('a dense chunk is filtered without being copied', () => {
    /** Bytes that a codec holds after a chunk of one piece, or of two pieces that meet at a row. */
    const held = (filters: readonly Filter[], row: number) => {
      const layout = alone(filters);
      const codec = new ChunkCodec(layout);
      const part = (from: number, count: number) => ({
        ...dense({ layout, data }),
        start: [from, 0],
        count: [count, 32],
        offset: from * 64,
      });
      codec.encode(row ? [part(0, row), part(row, 64 - row)] : [part(0, 64)], [0, 0]);
      return codec.bytesHeld;
    };
    expect(held([], 0)).toBe(0);
    expect(held([], 9)).toBe(4096);
    const deflate = [{ kind: 'deflate', level: 1 }] as const;
    expect(held(deflate, 9) - held(deflate, 0)).toBe(4096);
  });
});
