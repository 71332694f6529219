import { expect, test } from 'vitest';
import { ChunkCodec, encodeWithAllFilters, type Filter } from '../../src/hdf5/index.js';

const FILTERS: readonly (readonly Filter[])[] = [
  [],
  [{ kind: 'deflate', level: 4 }],
  [{ kind: 'shuffle' }, { kind: 'fletcher32' }],
  [{ kind: 'shuffle' }, { kind: 'deflate', level: 9 }, { kind: 'fletcher32' }],
];

test.each(FILTERS.map((filters) => ({ filters })))(
  'a chunk encoded with $filters decodes to its items, even if it gets longer',
  ({ filters }) => {
    const chunk = [3, 5];
    const itemSize = 2;
    const items = Uint8Array.from({ length: 30 }, (_, at) => (at * 197 + 31) % 251);
    const stored = encodeWithAllFilters({ itemSize, filters }, items);
    using codec = new ChunkCodec({
      itemSize,
      chunk,
      extent: chunk,
      fillvalue: new Uint8Array(itemSize),
      filters,
    });
    expect(codec.decode(stored, 0)).toEqual(items);
    if (filters.some(({ kind }) => kind === 'deflate'))
      expect(stored.length).toBeGreaterThan(items.length);
  },
);
