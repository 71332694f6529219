import { describe, expect, test } from 'vitest';
import {
  type ChunkIndexContext,
  chooseChunkIndex,
  LayoutError,
  possibleChunks,
} from '../../src/layout/index.js';

const base: ChunkIndexContext = {
  libver: 'v110',
  shape: [10000, 384],
  chunk: [1000, 64],
  filtered: true,
  name: 'acquisition/x',
};
const tiny = { ...base, shape: [10 ** 10], chunk: [1] };

describe('the chunk index', () => {
  test('the index is a version 1 B-tree in the oldest format, for any number of chunks', () => {
    expect(chooseChunkIndex({ ...base, libver: 'earliest' })).toBe('btree-v1');
    expect(chooseChunkIndex({ ...tiny, libver: 'earliest' })).toBe('btree-v1');
  });

  test('the index depends on the number of unlimited axes', () => {
    expect(chooseChunkIndex(base)).toBe('fixed-array');
    expect(chooseChunkIndex({ ...base, maxshape: [20000, 384] })).toBe('fixed-array');
    expect(chooseChunkIndex({ ...base, maxshape: [null, 384] })).toBe('extensible-array');
    expect(chooseChunkIndex({ ...base, maxshape: [null, null] })).toBe('btree-v2');
  });

  test('there is no index if the dataset can only have one chunk', () => {
    const single = { ...base, chunk: [10000, 384] };
    expect(chooseChunkIndex(single)).toBe('single-chunk');
    expect(chooseChunkIndex({ ...single, maxshape: [20000, 384] })).toBe('fixed-array');
    expect(chooseChunkIndex({ ...single, maxshape: [null, 384] })).toBe('extensible-array');
  });

  test('the index is implicit for unfiltered chunks that are allocated early', () => {
    const early = { ...base, allocateEarly: true };
    expect(chooseChunkIndex({ ...early, filtered: false })).toBe('implicit');
    expect(chooseChunkIndex(early)).toBe('fixed-array');
    expect(chooseChunkIndex({ ...base, filtered: false })).toBe('fixed-array');
  });
});

describe('more chunks than the 32 bits of an array index', () => {
  test('chunks are counted at the largest extent', () => {
    expect(possibleChunks(base)).toBe(10 * 6);
    expect(possibleChunks({ ...base, maxshape: [20001, 384] })).toBe(21 * 6);
    expect(possibleChunks({ ...base, maxshape: [null, 640] })).toBe(10 * 10);
  });

  test('too many chunks are refused with a hint what to change', () => {
    expect(() => chooseChunkIndex(tiny)).toThrow(LayoutError);
    expect(() => chooseChunkIndex(tiny)).toThrow(
      "Expected fewer than 4294967296 chunks with libver 'v110' for acquisition/x but received " +
        '10000000000 possible chunks of [1] ' +
        "(take larger chunks, libver 'earliest', or a second unlimited axis in maxshape)",
    );
    expect(() => chooseChunkIndex({ ...tiny, maxshape: [null] })).toThrow(LayoutError);
    expect(() => chooseChunkIndex({ ...base, maxshape: [2 ** 40, 384] })).toThrow(LayoutError);
  });

  test('chunks are accepted up to the limit, and beyond it with two unlimited axes', () => {
    expect(chooseChunkIndex({ ...tiny, shape: [2 ** 32 - 1] })).toBe('fixed-array');
    expect(() => chooseChunkIndex({ ...tiny, shape: [2 ** 32] })).toThrow(LayoutError);
    const wide = { ...base, shape: [10 ** 10, 1], chunk: [1, 1] };
    expect(chooseChunkIndex({ ...wide, maxshape: [null, null] })).toBe('btree-v2');
  });
});
