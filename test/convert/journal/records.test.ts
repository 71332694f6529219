import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packRecord, unpackRecord } from '../../../src/convert/journal/records.js';
import type { TypedArray, Value } from '../../../src/hdf5/index.js';
import { DTYPES, ITEM_ARRAYS } from '../../../src/layout/dtype.js';
import { type Attributes, dataset, group, link, type Node } from '../../../src/nwb/node.js';
import { numRuns } from '../../support/effort.js';
import { bytesOf } from '../../support/recordings.js';
import { headerOf, RECORDS } from './journals.js';

const STAMP = {
  mtimeNs: 1_669_107_600_000_000_123n,
  ctimeNs: 2n ** 62n + 1n,
  inode: 2n ** 63n + 1n,
};

/** Arrays of all types with random bytes, which include NaN, infinities, -0 and the largest integers. */
const arrays: fc.Arbitrary<Value> = fc
  .record({
    dtype: fc.constantFrom(...DTYPES),
    bytes: fc.uint8Array({ maxLength: 64 }),
    // Not every array begins at the start of its buffer.
    before: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ dtype, bytes, before }) => {
    const Type = ITEM_ARRAYS[dtype];
    const size = Type.BYTES_PER_ELEMENT;
    const count = Math.floor(bytes.length / size);
    const buffer = new ArrayBuffer(size * (before + count));
    new Uint8Array(buffer, size * before).set(bytes.subarray(0, size * count));
    return { dtype, shape: [count], data: new Type(buffer, size * before, count) };
  });

const texts: fc.Arbitrary<Value> = fc
  .record({
    dtype: fc.constantFrom('string' as const, 'reference' as const),
    data: fc.array(fc.string({ unit: 'binary' }), { maxLength: 3 }),
  })
  .map(({ dtype, data }) => ({ dtype, shape: [data.length], data }));

const bools: fc.Arbitrary<Value> = fc
  .boolean()
  .map((on) => ({ dtype: 'bool', shape: [], data: Uint8Array.of(Number(on)) }));

const values = fc.oneof(arrays, texts, bools);
const names = fc
  .stringMatching(/^[A-Za-z_µ][A-Za-z0-9_ .-]{0,40}$/)
  .filter((one) => one !== '__proto__');
const attributes: fc.Arbitrary<Attributes> = fc.dictionary(names, values, {
  maxKeys: 4,
  noNullPrototype: true,
});

const { tree } = fc.letrec<{ tree: Node; leaf: Node; group: Node }>((tie) => ({
  leaf: fc.oneof(
    fc.tuple(values, attributes).map(([value, named]) => dataset(value, named)),
    names.map((name) => link(`/${name}`)),
  ),
  group: fc
    .tuple(attributes, fc.array(fc.tuple(names, tie('tree')), { maxLength: 3 }))
    .map(([named, children]) => group(named, children)),
  tree: fc.oneof({ depthSize: 'small', withCrossShrink: true }, tie('leaf'), tie('group')),
}));

/** Compares all bits, so that different NaN values, and -0 and 0, differ. */
function expectSame(is: unknown, was: unknown): void {
  if (ArrayBuffer.isView(was)) {
    expect(Object.getPrototypeOf(is)).toBe(Object.getPrototypeOf(was));
    expect(bytesOf({ data: is as TypedArray }).equals(bytesOf({ data: was as TypedArray }))).toBe(
      true,
    );
  } else if (typeof was === 'object' && was !== null) {
    expect(Object.keys(is as object)).toEqual(Object.keys(was));
    for (const [key, one] of Object.entries(was)) expectSame((is as never)[key], one);
  } else expect(is).toBe(was);
}

describe('a header', () => {
  test('is read with values of all types, equal in all bits', () => {
    fc.assert(
      fc.property(
        attributes,
        fc.array(fc.tuple(names, tree), { maxLength: 4 }),
        (named, children) => {
          const header = headerOf({ tree: group(named, children) });
          expectSame(unpackRecord(packRecord(header)), header);
        },
      ),
      { numRuns: numRuns(200) },
    );
  });

  test('keeps the fill values of its datasets, and the sources of their data', () => {
    const fillvalue = { dtype: 'float64', shape: [], data: Float64Array.of(-0) } as const;
    const source = {
      type: 'raw',
      path: 'ä b.bin',
      dtype: 'float64',
      shape: [null, 4],
      columns: [3, 0, 1],
    } as const;
    const header = headerOf({
      datasets: [
        {
          spec: {
            path: '/acquisition/x/data',
            dtype: 'float64',
            shape: [2 ** 40, 3],
            maxshape: [null, 3],
            fillvalue,
            layout: {
              itemSize: 8,
              chunk: [10, 3],
              extent: [2 ** 40, 3],
              fillvalue: new Uint8Array(fillvalue.data.buffer),
              filters: [{ filter: 'deflate', level: 4 } as never],
              skipFill: true,
            },
            chunkCount: 2 ** 40 / 10,
            rawBytes: 2 ** 43 * 3,
            bigEndian: false,
            isNew: true,
          },
          data: {
            kind: 'source',
            source: { ...source, shape: [...source.shape], columns: [...source.columns] },
            files: [{ path: 'ä b.bin', size: 2 ** 45 + 1, ...STAMP }],
          },
        },
        { spec: {} as never, data: { kind: 'stream' } },
      ],
    });
    expectSame(unpackRecord(packRecord(header)), header);
  });
});

test.each(RECORDS.map((record) => [record.kind, record] as const))(
  'a record %s is read as it was written',
  (_, record) => {
    expect(unpackRecord(packRecord(record))).toEqual(record);
  },
);

test('the identity of a file may be any 64 bits', () => {
  for (const inode of [0n, 1n, 2n ** 53n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n]) {
    const record = { kind: 'complete', inode, mtimeNs: 10n ** 18n } as const;
    expect(unpackRecord(packRecord(record))).toEqual(record);
  }
});
