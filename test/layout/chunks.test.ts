import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ChunkContext,
  type ChunkRequest,
  DEFAULT_CHUNK_TARGET,
  LayoutError,
  resolveChunks,
} from '../../src/layout/index.js';

const recording: ChunkContext = {
  shape: [108e6, 384],
  itemSize: 2,
  kind: 'electrical',
  name: 'acquisition/x',
};
const movie: ChunkContext = { shape: [100000, 512, 512], itemSize: 2, kind: 'image' };

describe('automatic chunks', () => {
  test('an electrical series gets at most 64 channels, and samples up to the target', () => {
    expect(resolveChunks('auto', recording)).toEqual([32768, 64]);
    expect(resolveChunks('auto', { ...recording, shape: [108e6, 16] })).toEqual([131072, 16]);
    expect(resolveChunks('auto', { ...recording, shape: [1000, 16] })).toEqual([1000, 16]);
    expect(resolveChunks('auto', { ...recording, shape: [108e6] })).toEqual([2097152]);
  });

  test('the channels of an electrical series are divided evenly', () => {
    expect(resolveChunks('auto', { ...recording, shape: [108e6, 65] })[1]).toBe(33);
    expect(resolveChunks('auto', { ...recording, shape: [108e6, 385] })[1]).toBe(55);
  });

  test('images get as many whole frames as fit', () => {
    expect(resolveChunks('auto', movie)).toEqual([8, 512, 512]);
    expect(resolveChunks('auto', { ...movie, shape: [3, 512, 512] })).toEqual([3, 512, 512]);
    const volumes = { ...movie, shape: [100, 64, 64, 10] };
    expect(resolveChunks('auto', volumes)).toEqual([51, 64, 64, 10]);
  });

  test('a frame larger than the target is halved along its longest axis', () => {
    const large = { ...movie, shape: [100, 2048, 3001] };
    expect(resolveChunks('auto', large)).toEqual([1, 1024, 1501]);
    expect(resolveChunks('auto', { ...large, itemSize: 8 })).toEqual([1, 512, 751]);
  });

  test('generic data get as many whole rows as fit', () => {
    const generic: ChunkContext = { shape: [1e6, 100], itemSize: 8, kind: 'generic' };
    expect(resolveChunks('auto', generic)).toEqual([5242, 100]);
    expect(resolveChunks('auto', { ...generic, shape: [1e7] })).toEqual([524288]);
    expect(resolveChunks('auto', { ...generic, target: 1024 })).toEqual([1, 100]);
  });

  test('an axis of length 0 counts as 1', () => {
    expect(resolveChunks('auto', { ...recording, shape: [0, 384] })).toEqual([1, 64]);
    expect(resolveChunks('auto', { ...recording, shape: [0, 0] })).toEqual([1, 1]);
    expect(resolveChunks([1000, null], { ...recording, shape: [0, 384] })).toEqual([1000, 384]);
  });

  test('automatic chunks stay within the extent and the target for any dataset', () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        shapes,
        fc.constantFrom(1, 2, 4, 8),
        fc.constantFrom('electrical', 'image', 'generic'),
        fc.integer({ min: 8, max: 10e6 }),
        (shape, itemSize, kind, target) => {
          const chunk = resolveChunks('auto', { shape, itemSize, kind, target });
          expect(chunk.every((length, axis) => length >= 1 && length <= shape[axis])).toBe(true);
          expect(chunk.reduce((a, b) => a * b, itemSize)).toBeLessThanOrEqual(target);
        },
      ),
    );
  });
});

describe('requested chunks', () => {
  test('full shapes are kept', () => {
    expect(resolveChunks([8192, 64], recording)).toEqual([8192, 64]);
  });

  test('full shapes are reduced to the length of fixed axes but not of unlimited or longer ones', () => {
    const short = { ...recording, shape: [100, 16] };
    expect(resolveChunks([8192, 64], short)).toEqual([100, 16]);
    expect(resolveChunks([8192, 64], { ...short, maxshape: [null, 16] })).toEqual([8192, 16]);
    expect(resolveChunks([8192, 64], { ...short, maxshape: [4000, 32] })).toEqual([4000, 32]);
  });

  test('null axes are filled', () => {
    expect(resolveChunks([null, 64], recording)).toEqual([32768, 64]);
    expect(resolveChunks([null, 64], { ...recording, target: 10e6 })).toEqual([78125, 64]);
    expect(resolveChunks([null, null], recording)).toEqual([5461, 384]);
    expect(resolveChunks([1000, null], recording)).toEqual([1000, 384]);
    expect(resolveChunks([30000, null], recording)).toEqual([30000, 48]);
    expect(resolveChunks([null, 128, null], movie)).toEqual([32, 128, 512]);
    expect(resolveChunks([null], { ...recording, shape: [50] })).toEqual([50]);
  });

  test('null axes get one element if the fixed numbers exceed the target', () => {
    expect(resolveChunks([null, 384], { ...recording, target: 100 })).toEqual([1, 384]);
  });

  test.each<[ChunkRequest, string]>([
    [[8192], 'Expected chunks of rank 2 for acquisition/x but received [8192], of rank 1'],
    [[1, 2, 3], 'Expected chunks of rank 2 for acquisition/x but received [1, 2, 3], of rank 3'],
    [[0, 64], 'null or whole numbers of at least 1 for acquisition/x but received [0, 64]'],
    [[-5, 64], 'received [-5, 64]'],
    [[1.5, null], 'received [1.5, null]'],
    [[Number.NaN, 64], 'received [NaN, 64]'],
    [
      [2 ** 23, 256],
      'Expected chunks of at most 4294967295 bytes for acquisition/x but received [8388608, 256], of 4294967296 bytes (4 GiB)',
    ],
  ])('%j is refused', (request, message) => {
    expect(() => resolveChunks(request, recording)).toThrow(LayoutError);
    expect(() => resolveChunks(request, recording)).toThrow(message);
  });

  test('unknown rules, targets and maxshapes are refused', () => {
    expect(() => resolveChunks('zarr' as ChunkRequest, recording)).toThrow("received 'zarr'");
    for (const target of [0, Number.NaN]) {
      expect(() => resolveChunks('auto', { ...recording, target })).toThrow(
        `Expected a chunk target of at least 1 byte for acquisition/x but received ${target}`,
      );
    }
    expect(() => resolveChunks([1, 1], { ...recording, maxshape: [null] })).toThrow(
      'Expected a maxshape of rank 2 for acquisition/x but received [null], of rank 1',
    );
    expect(() => resolveChunks([1, 1], { ...recording, maxshape: [null, 16] })).toThrow(
      'Expected a maxshape whose lengths are null or at least those of the shape [108000000, 384]',
    );
  });

  test('the fields of an error name the dataset and what was expected', () => {
    try {
      resolveChunks([0, 64], recording);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({
        tag: 'LayoutError',
        fields: { name: 'acquisition/x', received: '[0, 64]' },
      });
    }
  });

  test('partial shapes are as large as the target allows', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e7 }),
        fc.integer({ min: 1, max: 2000 }),
        fc.integer({ min: 1, max: 300 }),
        (samples, channels, wanted) => {
          const context = { ...recording, shape: [samples, channels] };
          const [rows, columns] = resolveChunks([null, wanted], context);
          const bytes = (length: number) => length * columns * 2;
          expect(columns).toBe(Math.min(wanted, channels));
          expect(bytes(rows)).toBeLessThanOrEqual(DEFAULT_CHUNK_TARGET);
          expect(rows === samples || bytes(rows + 1) > DEFAULT_CHUNK_TARGET).toBe(true);
        },
      ),
    );
  });
});
