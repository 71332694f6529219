import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ChunkCodec, type ChunkLayout, ChunkWriter, type Piece } from '../../src/hdf5/index.js';
import { numRuns } from '../support/effort.js';
import {
  chunkStarts,
  expectedChunk,
  type Lay,
  lay,
  type Model,
  shuffled,
  volume,
} from './chunk-model.js';
import { withFile } from './temporary.js';

/** Datasets with pieces whose rows are long enough to go straight to the planes of a chunk. */
const rows: fc.Arbitrary<Model & { readonly pieces: readonly Piece[] }> = fc
  .record({
    itemSize: fc.constantFrom(2, 4, 8, 3),
    outer: fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 7 })), {
      maxLength: 2,
    }),
    inner: fc.tuple(fc.integer({ min: 12, max: 90 }), fc.integer({ min: 12, max: 200 })),
    mask: fc.constantFrom(0, 1, 255),
  })
  .chain(({ itemSize, outer, inner, mask }) => {
    const axes = [...outer, inner];
    const layout: ChunkLayout = {
      itemSize,
      chunk: axes.map(([chunk]) => chunk),
      extent: axes.map(([, extent]) => extent),
      fillvalue: new Uint8Array(itemSize).map((_, p) => p & mask),
      filters: [{ kind: 'shuffle' }],
    };
    const bytes = volume(layout.extent) * itemSize;
    // Only a few different bytes, so that some chunks hold nothing but fill values.
    const data = fc
      .array(fc.nat(255), { minLength: 5, maxLength: 5 })
      .map((some) =>
        new Uint8Array(bytes).map((_, k) =>
          k % 997 < 2 ? (some[k % 5] ?? 0) & mask : (k % itemSize) & mask,
        ),
      );
    const rank = axes.length;
    const way: fc.Arbitrary<Lay> = fc.record({
      order: fc.constant(axes.map((_, d) => d)),
      axes: fc
        .array(fc.record({ gap: fc.nat(9), backwards: fc.boolean(), table: fc.boolean() }), {
          minLength: rank - 1,
          maxLength: rank - 1,
        })
        .map((others) => [...others, { gap: 0, backwards: false, table: false }]),
      swap: itemSize === 3 ? fc.constant(false) : fc.boolean(),
      head: fc.nat(5),
      shared: fc.boolean(),
    });
    const cut = fc.tuple(fc.nat(rank - 1), fc.nat(200));
    return fc.tuple(data, cut, way, way).map(([data, [axis, place], one, two]) => {
      const model = { layout, data };
      const start = layout.extent.map(() => 0);
      const at = Math.min(place, layout.extent[axis] ?? 0);
      const rest = (layout.extent[axis] ?? 0) - at;
      const pieces = [
        lay(model, { start, count: layout.extent.with(axis, at) }, one),
        lay(model, { start: start.with(axis, at), count: layout.extent.with(axis, rest) }, two),
      ];
      return { ...model, pieces };
    });
  });

describe('chunks that are shuffled as they are gathered', () => {
  test('their bytes equal those of the shuffle filter', () => {
    fc.assert(
      fc.property(rows, ({ layout, data, pieces }) => {
        const codec = new ChunkCodec(layout);
        for (const start of chunkStarts(layout)) {
          const { bytes, filterMask } = codec.encode(pieces, start);
          expect(bytes).toEqual(shuffled(expectedChunk({ layout, data }, start), layout.itemSize));
          expect(filterMask).toBe(0);
        }
      }),
      { numRuns: numRuns(100) },
    );
  });

  test('they decode to the gathered items, whatever filters follow', () => {
    fc.assert(
      fc.property(rows, ({ layout, data, pieces }) => {
        const filters = [
          ...layout.filters,
          { kind: 'fletcher32' as const },
          { kind: 'deflate' as const, level: 1 },
          ...layout.filters,
        ];
        const codec = new ChunkCodec({ ...layout, filters });
        for (const start of chunkStarts(layout)) {
          const { bytes, filterMask } = codec.encode(pieces, start);
          expect(codec.decode(bytes, filterMask)).toEqual(expectedChunk({ layout, data }, start));
        }
      }),
      { numRuns: numRuns(50) },
    );
  });

  test('they are skipped if they hold nothing but fill values', () => {
    withFile((file) => {
      fc.assert(
        fc.property(rows, ({ layout, data, pieces }) => {
          using writer = new ChunkWriter(file.token, { ...layout, skipFill: true });
          const slab = { start: layout.extent.map(() => 0), count: layout.extent };
          const { placements } = writer.write(pieces, slab);
          for (const [k, start] of [...chunkStarts(layout)].entries()) {
            const chunk = expectedChunk({ layout, data }, start);
            const plain = chunk.every((byte, p) => byte === layout.fillvalue[p % layout.itemSize]);
            expect(placements[3 * k] === -1).toBe(plain);
          }
        }),
        { numRuns: numRuns(50) },
      );
    });
  });

  test('they are refused if the pieces leave a gap', () => {
    const layout: ChunkLayout = {
      ...{ itemSize: 2, chunk: [4, 32], extent: [8, 64], fillvalue: new Uint8Array(2) },
      filters: [{ kind: 'shuffle' }],
    };
    const part = {
      ...{ start: [0, 0], count: [3, 64], bytes: new Uint8Array(3 * 128) },
      ...{ offset: 0, steps: [128, 2], swap: false },
    };
    expect(() => new ChunkCodec(layout).encode([part], [0, 32])).toThrow(
      'once each but received 96 elements',
    );
  });
});
