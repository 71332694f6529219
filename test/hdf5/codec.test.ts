import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ChunkCodec,
  ChunkError,
  type ChunkLayout,
  encoderBytes,
  type Filter,
} from '../../src/hdf5/index.js';
import stored from '../fixtures/chunks.json' with { type: 'json' };
import { numRuns } from '../support/effort.js';
import {
  chunkStarts,
  dense,
  expectedChunk,
  layout,
  model,
  rankOf,
  shuffled,
  tiled,
} from './chunk-model.js';

const SHUFFLE: Filter = { kind: 'shuffle' };
const FLETCHER32: Filter = { kind: 'fletcher32' };
const deflate = (level: number): Filter => ({ kind: 'deflate', level });

const words = (count: number, of: (i: number) => number) =>
  new Uint8Array(Uint16Array.from({ length: count }, (_, i) => of(i)).buffer);
/** The finaliser of MurmurHash3. */
function noise(i: number): number {
  let hash = Math.imul(i + 1, 2654435761);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** A one-dimensional dataset with one chunk. */
function line(data: Uint8Array, filters: readonly Filter[], itemSize = 2) {
  const length = data.length / itemSize;
  const layout: ChunkLayout = {
    itemSize,
    chunk: [length],
    extent: [length],
    fillvalue: new Uint8Array(itemSize),
    filters,
  };
  return { codec: new ChunkCodec(layout), pieces: [dense({ layout, data })], layout, data };
}

describe('encode', () => {
  test('encode gathers each chunk from pieces of any layout', () => {
    fc.assert(
      fc.property(tiled, ({ layout, data, pieces }) => {
        const codec = new ChunkCodec({ ...layout, filters: [] });
        for (const start of chunkStarts(layout)) {
          const { bytes, filterMask } = codec.encode(pieces, start);
          expect(bytes).toEqual(expectedChunk({ layout, data }, start));
          expect(filterMask).toBe(0);
        }
      }),
      { numRuns: numRuns(150) },
    );
  });

  test('encode transposes large pieces that hold one channel after the other', () => {
    const rows = 300;
    const channels = 70;
    const data = words(rows * channels, noise);
    const layout: ChunkLayout = {
      itemSize: 2,
      chunk: [256, 64],
      extent: [rows, channels],
      fillvalue: Uint8Array.of(1, 2),
      filters: [],
    };
    const bytes = words(rows * channels, (k) =>
      noise((k % rows) * channels + Math.floor(k / rows)),
    );
    const piece = {
      ...{ start: [0, 0], count: [rows, channels], bytes, offset: 0, swap: false },
      steps: [2, rows * 2],
    };
    const codec = new ChunkCodec(layout);
    for (const start of chunkStarts(layout))
      expect(codec.encode([piece], start).bytes).toEqual(expectedChunk({ layout, data }, start));
  });

  test('encode shuffles, and its zlib streams can be inflated by zlib', () => {
    for (const itemSize of [1, 2, 3, 4, 8])
      for (const level of [1, 4, 9, 12]) {
        const data = words(2400, (i) => 300 + (noise(i) & 15)).slice(0, 4799 - (4799 % itemSize));
        const { codec, pieces } = line(data, [SHUFFLE, deflate(level)], itemSize);
        const { bytes, filterMask } = codec.encode(pieces, [0]);
        expect(filterMask).toBe(0);
        expect(new Uint8Array(inflateSync(bytes))).toEqual(shuffled(data, itemSize));
      }
  });

  test('encode skips deflate if it would not shrink the chunk, and sets its bit', () => {
    const filters = [SHUFFLE, deflate(6), FLETCHER32];
    const { codec, pieces, data } = line(words(500, noise), filters);
    const { bytes, filterMask } = codec.encode(pieces, [0]);
    expect(filterMask).toBe(0b010);
    expect(bytes.subarray(0, -4)).toEqual(shuffled(data, 2));
    expect(codec.decode(bytes, filterMask)).toEqual(data);
  });

  test('encode skips level 0, which could only grow the chunk', () => {
    const { codec, pieces, data } = line(new Uint8Array(100), [deflate(0)]);
    expect(codec.encode(pieces, [0])).toEqual({ bytes: data, filterMask: 1 });
  });

  test('later calls do not change the returned bytes', () => {
    const { codec, pieces } = line(words(64, noise), []);
    const first = codec.encode(pieces, [0]).bytes;
    const copy = first.slice();
    pieces[0]?.bytes.fill(7);
    codec.encode(pieces, [0]);
    expect(first).toEqual(copy);
  });

  test('encode refuses pieces that leave a gap or overlap', () => {
    const { codec, layout, data } = line(words(10, noise), []);
    const part = (start: number, count: number) => ({
      ...dense({ layout, data }),
      start: [start],
      count: [count],
      offset: 2 * start,
    });
    expect(() => codec.encode([part(0, 9)], [0])).toThrow(ChunkError);
    expect(() => codec.encode([part(0, 6), part(5, 5)], [0])).toThrow(
      'Expected pieces that hold the 10 elements of the chunk at [0] once each but received 11',
    );
    expect(codec.encode([part(0, 0), part(0, 4), part(4, 6)], [0]).bytes).toEqual(data);
  });

  test('encode holds no more memory than encoderBytes returns', () => {
    fc.assert(
      fc.property(tiled, ({ layout, pieces }) => {
        const codec = new ChunkCodec(layout);
        expect(codec.bytesHeld).toBe(0);
        for (const start of chunkStarts(layout)) codec.encode(pieces, start);
        expect(codec.bytesHeld).toBeLessThanOrEqual(encoderBytes(layout));
      }),
    );
  });
});

describe('decode', () => {
  test('decode reverses encode for any filters in any order', () => {
    fc.assert(
      fc.property(tiled, ({ layout, data, pieces }) => {
        const codec = new ChunkCodec(layout);
        const checksums = layout.filters.filter(({ kind }) => kind === 'fletcher32').length;
        for (const start of chunkStarts(layout)) {
          const { bytes, filterMask } = codec.encode(pieces, start);
          const chunk = expectedChunk({ layout, data }, start);
          expect(bytes.length).toBeLessThanOrEqual(chunk.length + 4 * checksums);
          expect(codec.decode(bytes, filterMask)).toEqual(chunk);
          expect(codec.difference(pieces, start, bytes, filterMask)).toBe(-1);
        }
      }),
      { numRuns: numRuns(100) },
    );
  });

  test.each(stored)('decode reads what libhdf5 stored: $name', (entry) => {
    const { itemSize, chunk, extent } = entry;
    const fillvalue = new Uint8Array(itemSize);
    const layout = { itemSize, chunk, extent, fillvalue, filters: entry.filters as Filter[] };
    const data = new Uint8Array(Buffer.from(entry.data, 'base64'));
    const codec = new ChunkCodec(layout);
    for (const { start, filterMask, bytes } of entry.chunks) {
      const chunkBytes = Buffer.from(bytes, 'base64');
      expect(codec.decode(chunkBytes, filterMask)).toEqual(expectedChunk({ layout, data }, start));
    }
  });

  test.each(stored.filter(({ name }) => /^(plain|shuffle|fletcher32)/.test(name)))(
    'encode stores the same bytes as libhdf5 if filters leave no choice: $name',
    (entry) => {
      const { itemSize, chunk, extent } = entry;
      const fillvalue = new Uint8Array(itemSize);
      const layout = { itemSize, chunk, extent, fillvalue, filters: entry.filters as Filter[] };
      const data = new Uint8Array(Buffer.from(entry.data, 'base64'));
      const codec = new ChunkCodec(layout);
      for (const { start, filterMask, bytes } of entry.chunks) {
        const encoded = codec.encode([dense({ layout, data })], start);
        expect(Buffer.from(encoded.bytes).toString('base64')).toBe(bytes);
        expect(encoded.filterMask).toBe(filterMask);
      }
    },
  );

  test('decode writes into the memory that it is given', () => {
    fc.assert(
      fc.property(model, (model) => {
        const codec = new ChunkCodec(model.layout);
        const [start = []] = chunkStarts(model.layout);
        const { bytes, filterMask } = codec.encode([dense(model)], start);
        const expected = expectedChunk(model, start);
        const room = new Uint8Array(expected.length + 2).fill(9);
        const out = room.subarray(1, -1);
        expect(codec.decode(bytes, filterMask, out)).toBe(out);
        expect([...room]).toEqual([9, ...expected, 9]);
      }),
      { numRuns: numRuns(50) },
    );
  });

  test('decode refuses a chunk that fails its checksum', () => {
    const { codec, pieces } = line(words(33, noise), [FLETCHER32]);
    const { bytes } = codec.encode(pieces, [0]);
    for (let k = 0; k < bytes.length; k++) {
      const damaged = bytes.slice();
      damaged[k] = (damaged[k] ?? 0) ^ 1;
      expect(() => codec.decode(damaged, 0)).toThrow(ChunkError);
    }
  });

  test('decode refuses a chunk of another size', () => {
    const small = line(new Uint8Array(100), [deflate(5)]);
    const large = line(new Uint8Array(102), [deflate(5)]);
    const chunk = (of: typeof small) => of.codec.encode(of.pieces, [0]).bytes;
    expect(() => small.codec.decode(chunk(large), 0)).toThrow(ChunkError);
    expect(() => large.codec.decode(chunk(small), 0)).toThrow(ChunkError);
    expect(() => small.codec.decode(new Uint8Array(99), 1)).toThrow(
      'Expected 100 bytes for a stored chunk or a stage of it but received 99',
    );
    expect(() => small.codec.decode(new Uint8Array(0), 0)).toThrow(ChunkError);
  });

  test('decode of garbage throws or returns a chunk’s size of bytes', () => {
    const garbage = fc.record({
      layout,
      bytes: fc.uint8Array({ maxLength: 400 }),
      filterMask: fc.nat(31),
    });
    fc.assert(
      fc.property(garbage, ({ layout, bytes, filterMask }) => {
        const codec = new ChunkCodec(layout);
        const size = layout.chunk.reduce((a, b) => a * b, layout.itemSize);
        try {
          expect(codec.decode(bytes, filterMask).length).toBe(size);
        } catch (error) {
          expect(error).toBeInstanceOf(ChunkError);
        }
      }),
      { numRuns: numRuns(300) },
    );
    const damage = fc.record({ tiled, at: fc.nat(), flip: fc.integer({ min: 1, max: 255 }) });
    fc.assert(
      fc.property(damage, ({ tiled: { layout, pieces }, at, flip }) => {
        const codec = new ChunkCodec(layout);
        const start = layout.extent.map(() => 0);
        const { bytes, filterMask } = codec.encode(pieces, start);
        const place = at % bytes.length;
        bytes[place] = (bytes[place] ?? 0) ^ flip;
        try {
          codec.decode(bytes, filterMask);
        } catch (error) {
          expect(error).toBeInstanceOf(ChunkError);
        }
      }),
      { numRuns: numRuns(100) },
    );
  });
});

describe('difference', () => {
  test('difference returns the first element that differs within the extent', () => {
    fc.assert(
      fc.property(model, fc.nat(), fc.nat(), ({ layout, data }, which, byte) => {
        const { itemSize, extent, chunk } = layout;
        const codec = new ChunkCodec(layout);
        const start = extent.map((n, d) => Math.floor((n - 1) / (chunk[d] ?? 1)) * (chunk[d] ?? 1));
        const { bytes, filterMask } = codec.encode([dense({ layout, data })], start);
        const inside = extent.map((n, d) => Math.min(chunk[d] ?? 1, n - (start[d] ?? 0)));
        const index = inside.map((n, d) => (d === 0 ? which % n : (which >> d) % n));
        const cell = rankOf(
          index.map((i, d) => i + (start[d] ?? 0)),
          extent,
        );
        const at = cell * itemSize + (byte % itemSize);
        const changed = data.with(at, (data[at] ?? 0) ^ 1);
        const pieces = [dense({ layout, data: changed })];
        expect(codec.difference(pieces, start, bytes, filterMask)).toBe(rankOf(index, chunk));
      }),
    );
  });

  test('difference ignores cells outside the extent', () => {
    const layout: ChunkLayout = {
      ...{ itemSize: 1, chunk: [2, 3], extent: [2, 2], fillvalue: Uint8Array.of(9), filters: [] },
    };
    const pieces = [dense({ layout, data: Uint8Array.of(1, 2, 3, 4) })];
    const codec = new ChunkCodec(layout);
    expect(codec.encode(pieces, [0, 0]).bytes).toEqual(Uint8Array.of(1, 2, 9, 3, 4, 9));
    expect(codec.difference(pieces, [0, 0], Uint8Array.of(1, 2, 0, 3, 4, 7), 0)).toBe(-1);
    expect(codec.difference(pieces, [0, 0], Uint8Array.of(1, 2, 0, 3, 5, 7), 0)).toBe(4);
  });

  test('difference treats NaN as equal to itself', () => {
    const { codec, pieces, data } = line(
      new Uint8Array(Float64Array.of(Number.NaN, 1).buffer),
      [],
      8,
    );
    expect(codec.difference(pieces, [0], data, 0)).toBe(-1);
  });
});
