import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type DType, ITEM_ARRAYS } from '../../src/layout/dtype.js';
import {
  DataChunkIterator,
  type DataChunkIteratorOptions,
  type IterableData,
  type NdArrayLike,
  toNdArray,
} from '../../src/streams/index.js';
import { drain, drainAsync, later, type Seen } from './iterating.js';

type Kind = 'list' | 'range' | 'generator' | 'array' | 'arrays';
interface Case {
  kind: Kind;
  items: (NdArrayLike | null)[];
  itemDtype: DType | null;
  options: DataChunkIteratorOptions;
  dtype: DType;
  maxshape: (number | null)[];
  recommendedDataShape: number[] | null;
  chunks: Seen[];
}

// Written by make-iterators.py with HDMF itself.
const cases: Case[] = JSON.parse(
  readFileSync(new URL('../fixtures/iterators.json', import.meta.url), 'utf8'),
);

/** The data in the form in which HDMF got them. */
function handOver({ kind, items, itemDtype }: Case): IterableData {
  const dtype = itemDtype ?? 'float64';
  if (kind === 'list') return items;
  // A typed array comes closest to a Python range, which has a length and integers.
  if (kind === 'range') return ITEM_ARRAYS.float64.from(items as number[]);
  if (kind === 'array') return toNdArray(items as NdArrayLike[], dtype);
  if (kind === 'generator') return items.values();
  return (function* () {
    for (const item of items) yield item === null ? null : toNdArray(item, dtype);
  })();
}

const titled = cases.map((entry, i): [string, Case] => [
  `${i}: ${entry.kind} ${JSON.stringify(entry.options)}`,
  entry,
]);

function check(chunks: DataChunkIterator, entry: Case): void {
  // Python distinguishes integers from floats, but plain numbers are float64 here.
  expect(chunks.dtype).toBe(entry.dtype === 'int64' ? 'float64' : entry.dtype);
  expect(chunks.maxshape).toEqual(entry.maxshape);
  expect(chunks.recommendedChunkShape).toBeNull();
}

describe('DataChunkIterator yields the same chunks as HDMF', () => {
  test.each(titled)('%s', (_, entry) => {
    const chunks = new DataChunkIterator(handOver(entry), entry.options);
    check(chunks, entry);
    if (entry.recommendedDataShape)
      expect(chunks.recommendedDataShape).toEqual(entry.recommendedDataShape);
    expect(drain(chunks)).toEqual(entry.chunks);
  });
});

describe('DataChunkIterator yields the same chunks as HDMF from asynchronous data', () => {
  const waited = titled.filter(([, { kind }]) => kind === 'generator' || kind === 'arrays');
  test.each(waited)('%s', async (_, entry) => {
    const data = later(handOver(entry) as Iterable<NdArrayLike | null>);
    const chunks = new DataChunkIterator(data, entry.options);
    await chunks.prepare();
    check(chunks, entry);
    expect(await drainAsync(chunks)).toEqual(entry.chunks);
  });
});
