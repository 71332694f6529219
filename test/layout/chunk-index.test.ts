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
  test('is a version 1 B-tree in the oldest format for any number of chunks', () => {
    expect(chooseChunkIndex({ ...base, libver: 'earliest' })).toBe('btree-v1');
    expect(chooseChunkIndex({ ...tiny, libver: 'earliest' })).toBe('btree-v1');
  });

  test('depends on the number of unlimited axes', () => {
    expect(chooseChunkIndex(base)).toBe('fixed-array');
    expect(chooseChunkIndex({ ...base, maxshape: [20000, 384] })).toBe('fixed-array');
    expect(chooseChunkIndex({ ...base, maxshape: [null, 384] })).toBe('extensible-array');
    expect(chooseChunkIndex({ ...base, maxshape: [null, null] })).toBe('btree-v2');
  });

  test('is none if the dataset can never have more than one chunk', () => {
    const single = { ...base, chunk: [10000, 384] };
    expect(chooseChunkIndex(single)).toBe('single-chunk');
    expect(chooseChunkIndex({ ...single, maxshape: [20000, 384] })).toBe('fixed-array');
    expect(chooseChunkIndex({ ...single, maxshape: [null, 384] })).toBe('extensible-array');
  });

  test('is implicit for unfiltered chunks that are allocated early', () => {
    const early = { ...base, allocateEarly: true };
    expect(chooseChunkIndex({ ...early, filtered: false })).toBe('implicit');
    expect(chooseChunkIndex(early)).toBe('fixed-array');
    expect(chooseChunkIndex({ ...base, filtered: false })).toBe('fixed-array');
  });
});

describe('chunks beyond the 32 bits of an array index', () => {
  test('are counted for the largest extent', () => {
    expect(possibleChunks(base)).toBe(10 * 6);
    expect(possibleChunks({ ...base, maxshape: [20001, 384] })).toBe(21 * 6);
    expect(possibleChunks({ ...base, maxshape: [null, 640] })).toBe(10 * 10);
  });

  test('are refused with advice', () => {
    expect(() => chooseChunkIndex(tiny)).toThrow(LayoutError);
    expect(() => chooseChunkIndex(tiny)).toThrow(
      "Expected fewer than 4294967296 chunks with libver 'v110' for acquisition/x but received " +
        '10000000000 possible chunks of [1] ' +
        "(take larger chunks, libver 'earliest', or a second unlimited axis in maxshape)",
    );
    expect(() => chooseChunkIndex({ ...tiny, maxshape: [null] })).toThrow(LayoutError);
    expect(() => chooseChunkIndex({ ...base, maxshape: [2 ** 40, 384] })).toThrow(LayoutError);
  });

  test('are accepted up to the limit, and beyond it with two unlimited axes', () => {
    expect(chooseChunkIndex({ ...tiny, shape: [2 ** 32 - 1] })).toBe('fixed-array');
    expect(() => chooseChunkIndex({ ...tiny, shape: [2 ** 32] })).toThrow(LayoutError);
    const wide = { ...base, shape: [10 ** 10, 1], chunk: [1, 1] };
    expect(chooseChunkIndex({ ...wide, maxshape: [null, null] })).toBe('btree-v2');
  });
});
