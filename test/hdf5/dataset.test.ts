import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Dataset,
  type DatasetOptions,
  Hdf5Error,
  type RegularSelection,
} from '../../src/hdf5/index.js';
import { withFile } from './temporary.js';

const SHAPE = [7, 5, 4];
const SIZE = 140;
const VALUES = Int32Array.from({ length: SIZE }, (_, index) => index * 3 - 50);

/** How a dataset of SHAPE can be stored. */
const LAYOUTS: Record<string, Partial<DatasetOptions>> = {
  contiguous: {},
  compact: { layout: 'compact' },
  chunked: { chunks: [3, 5, 2] },
  filtered: { chunks: [2, 2, 3], filters: [{ kind: 'shuffle' }, { kind: 'deflate', level: 3 }] },
};

/** Selections inside SHAPE, including empty ones. */
const selections: fc.Arbitrary<Required<RegularSelection>> = fc
  .tuple(...SHAPE.map(axisSelection))
  .map((axes) => ({
    start: axes.map(({ start }) => start),
    count: axes.map(({ count }) => count),
    step: axes.map(({ step }) => step),
  }));

function axisSelection(length: number) {
  const range = fc.record({ start: fc.nat(length - 1), step: fc.integer({ min: 1, max: length }) });
  return range.chain(({ start, step }) =>
    fc.record({
      start: fc.constant(start),
      step: fc.constant(step),
      count: fc.nat(1 + Math.floor((length - 1 - start) / step)),
    }),
  );
}

/** Indices in VALUES of the selected elements, in C order. */
function indices({ start, count, step }: Required<RegularSelection>): number[] {
  const axis = (at: number) =>
    Array.from({ length: count[at] }, (_, index) => start[at] + index * step[at]);
  return axis(0).flatMap((i) => axis(1).flatMap((k) => axis(2).map((m) => (i * 5 + k) * 4 + m)));
}

function create(file: Parameters<Parameters<typeof withFile>[0]>[0], options = {}): Dataset {
  return file.createDataset('data', { dtype: 'int32', shape: SHAPE, ...options });
}

describe.each(Object.entries(LAYOUTS))('a %s dataset', (_, options) => {
  test('is read by strided selections', () => {
    withFile((file) => {
      using dataset = create(file, options);
      dataset.write(VALUES);
      fc.assert(
        fc.property(selections, (selection) => {
          const { shape, data } = dataset.read(selection);
          expect(shape).toEqual(selection.count);
          expect([...data]).toEqual(indices(selection).map((index) => VALUES[index]));
        }),
      );
    });
  });

  test('is written by strided selections', () => {
    withFile((file) => {
      using dataset = create(file, options);
      dataset.write(VALUES);
      const model = VALUES.slice();
      let next = 1000;
      fc.assert(
        fc.property(selections, (selection) => {
          const at = indices(selection);
          const data = Int32Array.from(at, () => next++);
          for (const [index, target] of at.entries()) model[target] = data[index];
          dataset.write(data, selection);
          expect(dataset.read().data).toEqual(model);
        }),
        { endOnFailure: true },
      );
    });
  });

  test('refuses selections outside its extent', () => {
    withFile((file) => {
      using dataset = create(file, options);
      const outside: readonly RegularSelection[] = [
        { start: [7, 0, 0], count: [1, 1, 1] },
        { start: [0, 0, 0], count: [8, 1, 1] },
        { start: [0, 3, 0], count: [1, 3, 1] },
        { start: [0, 0, 0], count: [1, 1, 3], step: [1, 1, 2] },
        { start: [0, 0, 0], count: [1, 1, 1], step: [1, 1, 0] },
        { start: [0, 0], count: [1, 1] },
        { start: [0, 0, 0], count: [1, 1] },
        { start: [2 ** 40, 0, 0], count: [2 ** 40, 1, 1] },
      ];
      for (const selection of outside) {
        expect(() => dataset.read(selection), JSON.stringify(selection)).toThrow(RangeError);
        expect(() => dataset.write(new Int32Array(1), selection)).toThrow(RangeError);
      }
      const bad = { start: [-1, 0, 0], count: [1, 1, 1] };
      expect(() => dataset.read(bad)).toThrow('Expected whole numbers for start but received -1');
      expect(() => dataset.read({ start: [0, 3, 0], count: [1, 3, 1] })).toThrow(
        'Expected a selection within axis 1 of length 5 for /data',
      );
    });
  });

  test('refuses data that do not fit the selection', () => {
    withFile((file) => {
      using dataset = create(file, options);
      dataset.write(VALUES);
      expect(() => dataset.write(VALUES.subarray(1))).toThrow(
        'Expected 140 items for /data but received 139',
      );
      expect(() => dataset.write(new Float64Array(SIZE))).toThrow(
        'Expected items of 4 bytes for /data but received 8',
      );
      expect(() => dataset.write(['x'])).toThrow('Expected a typed array for /data');
      expect(dataset.read().data).toEqual(VALUES);
    });
  });
});

test('a view of a larger buffer is written from its first byte on', () => {
  withFile((file) => {
    using dataset = create(file);
    const wide = new Int32Array(SIZE + 10);
    wide.set(VALUES, 7);
    dataset.write(wide.subarray(7, 7 + SIZE));
    expect(dataset.read().data).toEqual(VALUES);
  });
});

test('64-bit integers are bigints, exact at their extremes', () => {
  withFile((file) => {
    const signed = BigInt64Array.of(-(2n ** 63n), 2n ** 53n + 1n, 2n ** 63n - 1n);
    const unsigned = BigUint64Array.of(0n, 2n ** 53n + 1n, 2n ** 64n - 1n);
    file.writeDataset('signed', { dtype: 'int64', shape: [3], data: signed }).close();
    file.writeDataset('unsigned', { dtype: 'uint64', shape: [3], data: unsigned }).close();
    expect(file.dataset('signed').read().data).toEqual(signed);
    expect(file.dataset('unsigned').read().data).toEqual(unsigned);
    const fillvalue = BigUint64Array.of(2n ** 64n - 1n);
    const options = { dtype: 'uint64', shape: [2], chunks: [2], fillvalue } as const;
    using filled = file.createDataset('filled', options);
    expect(filled.fillvalue).toEqual(fillvalue);
    expect(filled.read().data).toEqual(BigUint64Array.of(2n ** 64n - 1n, 2n ** 64n - 1n));
  });
});

test('a dataset has properties that say how it is stored', () => {
  withFile((file) => {
    using dataset = create(file, {
      maxshape: [null, 5, 40],
      chunks: [2, 5, 4],
      filters: [{ kind: 'shuffle' }, { kind: 'deflate', level: 7 }, { kind: 'fletcher32' }],
      fillvalue: Int32Array.of(-9),
    });
    expect(dataset).toMatchObject({
      ...{ dtype: 'int32', itemSize: 4, bigEndian: false, layout: 'chunked' },
      ...{ shape: SHAPE, maxshape: [null, 5, 40], chunks: [2, 5, 4], storedBytes: 0 },
      filters: [{ kind: 'shuffle' }, { kind: 'deflate', level: 7 }, { kind: 'fletcher32' }],
      fillvalue: Int32Array.of(-9),
    });
    expect(dataset.storedFilters.map(({ id }) => id)).toEqual([2, 1, 3]);
    expect(dataset.read().data).toEqual(new Int32Array(SIZE).fill(-9));
    dataset.write(VALUES);
    expect(dataset.storedBytes).toBeGreaterThan(0);
    expect(dataset.storedBytes).toBeLessThan(SIZE * 4);
    using plain = file.createDataset('plain', { dtype: 'bool', shape: [] });
    expect(plain).toMatchObject({ shape: [], maxshape: [], layout: 'contiguous', chunks: null });
  });
});

test('an extent grows and shrinks within maxshape, and shows the fill value', () => {
  withFile((file) => {
    const options = { dtype: 'int16', shape: [3], maxshape: [8], chunks: [2] } as const;
    using dataset = file.createDataset('data', { ...options, fillvalue: Int16Array.of(5) });
    dataset.write(Int16Array.of(1, 2, 3));
    dataset.resize([6]);
    expect([dataset.shape, dataset.read().data]).toEqual([[6], Int16Array.of(1, 2, 3, 5, 5, 5)]);
    dataset.resize([1]);
    dataset.resize([4]);
    expect(dataset.read().data).toEqual(Int16Array.of(1, 5, 5, 5));
    expect(() => dataset.resize([9])).toThrow(Hdf5Error);
    expect(() => dataset.resize([4, 1])).toThrow(
      'Expected a shape of rank 1 for /data but received rank 2',
    );
    expect(dataset.shape).toEqual([4]);
    using fixed = file.createDataset('fixed', { dtype: 'int16', shape: [3] });
    expect(() => fixed.resize([2])).toThrow(Hdf5Error);
  });
});

test('a dataset that can’t be created is refused and leaves nothing behind', () => {
  withFile((file) => {
    const wrong: readonly object[] = [
      { chunks: [2, 2] },
      { chunks: [0, 2, 2] },
      { chunks: [2, 2, 2], maxshape: [6, 5, 4] },
      { chunks: [2, 2, 2], maxshape: [null, null] },
      { maxshape: [null, 5, 4] },
      { layout: 'scattered' },
      { dtype: 'float16' },
      { chunks: [2, 2, 2], filters: [{ kind: 'zip' }] },
      { chunks: [2, 2, 2], filters: [{ kind: 'deflate', level: 12 }] },
      { layout: 'compact', shape: [100_000, 1, 1] },
      { fillvalue: Int32Array.of(1, 2) },
      { fillvalue: Int16Array.of(1) },
    ];
    for (const options of wrong) {
      expect(() => create(file, options), JSON.stringify(options)).toThrow();
      expect(file.has('data'), JSON.stringify(options)).toBe(false);
    }
  });
});
