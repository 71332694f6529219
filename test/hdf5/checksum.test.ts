import { describe, expect, test } from 'vitest';
import { checksum } from '../../src/hdf5/index.js';

const text = (words: string) => new TextEncoder().encode(words);

describe('checksum', () => {
  /* As `xxhsum -H3` of xxHash 0.8 prints them. */
  test.each([
    ['nothing', new Uint8Array(0), 0x2d06800538d394c2n],
    ['a few bytes', text('abc'), 0x78af5f94892f3950n],
    ['a megabyte of zeros', new Uint8Array(1 << 20), 0x918780b90550bf34n],
  ])('the checksum is the 64-bit XXH3 of %s', (_, bytes, expected) => {
    expect(checksum(bytes)).toBe(expected);
  });

  test('the checksum covers exactly the bytes of a view, in shared memory or not', () => {
    const all = Uint8Array.from({ length: 5000 }, (_, i) => (i * 7) % 251);
    const shared = new Uint8Array(new SharedArrayBuffer(all.length));
    shared.set(all);
    expect(checksum(all.subarray(3, 4000))).toBe(checksum(all.slice(3, 4000)));
    expect(checksum(shared)).toBe(checksum(all));
    for (const at of [0, 2500, 4999]) {
      const other = all.slice();
      other[at] ^= 1;
      expect(checksum(other)).not.toBe(checksum(all));
    }
  });

  test.each([
    undefined,
    null,
    'abc',
    [1, 2],
    new Uint16Array(2),
    new Uint8ClampedArray(2),
    new ArrayBuffer(2),
    new DataView(new ArrayBuffer(2)),
  ])('it refuses an argument that is not a Uint8Array: %s', (bytes) => {
    expect(() => checksum(bytes as never)).toThrow(TypeError);
    expect(() => checksum(bytes as never)).toThrow(
      /^Expected a Uint8Array for bytes but received /,
    );
  });
});
