import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type ChunkStrategy, type DatasetKind, resolveChunks } from '../../src/layout/index.js';

interface Row {
  readonly shape: number[];
  readonly itemSize: number;
  readonly h5py: number[];
  readonly hdmf6: number[];
  readonly hdmf?: number[];
  readonly electrical?: number[];
  readonly image?: number[];
}

const rows: Row[] = JSON.parse(
  readFileSync(new URL('./fixtures/peer-chunks.json', import.meta.url), 'utf8'),
);

// The rows hold the results of the other writers' own code; see fixtures/make-peer-chunks.py.
describe.each(rows)(
  'the rules give the chunks of the other writers for $shape x $itemSize bytes',
  (row) => {
    const { shape, itemSize } = row;
    const cases: [ChunkStrategy, DatasetKind, number[] | undefined][] = [
      ['h5py', 'generic', row.h5py],
      ['hdmf6', 'generic', row.hdmf6],
      ['hdmf', 'generic', row.hdmf],
      ['neuroconv', 'generic', row.hdmf],
      ['neuroconv', 'electrical', row.electrical],
      ['neuroconv', 'image', row.image],
    ];

    test.each(cases.filter(([, , chunk]) => chunk))('%s, %s', (rule, kind, chunk) => {
      expect(resolveChunks(rule, { shape, itemSize, kind })).toEqual(chunk);
    });
  },
);

test.each([
  {
    shape: [108e6, 384],
    kind: 'electrical',
    hdmf: [1125000, 4],
    neuroconv: [78125, 64],
    hdmf6: [5461, 384],
  },
  {
    shape: [100000, 512, 512],
    kind: 'image',
    hdmf: [5655, 29, 29],
    neuroconv: [19, 512, 512],
    hdmf6: [8, 512, 512],
  },
] as const)('the published examples: $shape', ({ shape, kind, ...expected }) => {
  const context = { shape, itemSize: 2, kind };
  expect({
    hdmf: resolveChunks('hdmf', context),
    neuroconv: resolveChunks('neuroconv', context),
    hdmf6: resolveChunks('hdmf6', context),
  }).toEqual(expected);
});

test('empty datasets have chunks, too', () => {
  for (const rule of ['hdmf', 'hdmf6', 'neuroconv', 'h5py'] as const) {
    for (const kind of ['electrical', 'image', 'generic'] as const) {
      for (const shape of [[0], [0, 384], [0, 0], [5, 0, 7], [0, 3, 4, 5]]) {
        const chunk = resolveChunks(rule, { shape, itemSize: 2, kind });
        expect(chunk).toHaveLength(shape.length);
        expect(chunk.every((length) => Number.isInteger(length) && length >= 1)).toBe(true);
      }
    }
  }
});

test('a given target replaces the target of the rule', () => {
  const context = { shape: [108e6, 384], itemSize: 2, kind: 'electrical', target: 1e6 } as const;
  expect(resolveChunks('neuroconv', context)).toEqual([7812, 64]);
  expect(resolveChunks('hdmf6', context)).toEqual([1302, 384]);
});
