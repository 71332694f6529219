import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { copyItems, fillItems, isFilled, type Lattice } from '../../src/hdf5/index.js';
import { numRuns } from '../support/effort.js';
import { indexes, volume } from './chunk-model.js';

/** How the indexes of an axis are chosen from the `size` indexes that memory has along it. */
interface Pick {
  readonly size: number;
  readonly picked: readonly number[];
  readonly table: boolean;
}

/** Indexes `step` apart, forwards or backwards, or arbitrary indexes in a table. */
const regular = (count: number, most: number): fc.Arbitrary<Pick> =>
  fc
    .record({ step: fc.integer({ min: 1, max: 3 }), back: fc.boolean(), head: fc.nat(most) })
    .map(({ step, back, head }) => {
      const places = Array.from({ length: count }, (_, i) => head + i * step);
      const size = head + Math.max(1, count) * step;
      return { size, picked: back ? places.reverse() : places, table: false };
    });
const distinct = (count: number): fc.Arbitrary<Pick> =>
  fc
    .uniqueArray(fc.nat(count + 3), { minLength: count, maxLength: count })
    .map((picked) => ({ size: count + 4, picked, table: true }));
const repeated = (count: number): fc.Arbitrary<Pick> =>
  fc.oneof(
    fc.nat(2).map((at) => ({ size: 3, picked: Array(count).fill(at), table: false })),
    fc
      .array(fc.nat(4), { minLength: count, maxLength: count })
      .map((picked) => ({ size: 5, picked, table: true })),
  );

const each = (count: readonly number[], of: (count: number) => fc.Arbitrary<Pick>) =>
  fc.tuple(...count.map(of));
const permutation = (rank: number) =>
  fc.shuffledSubarray(
    Array.from({ length: rank }, (_, d) => d),
    { minLength: rank },
  );

/** Arranges axes in memory; `order` lists them from the fastest to the slowest. */
function lay(picks: readonly Pick[], order: readonly number[], unit: number, shared: boolean) {
  const strides: number[] = [];
  let size = unit;
  for (const d of order) {
    strides[d] = size;
    size *= picks[d]?.size ?? 1;
  }
  let offset = 0;
  const axes = picks.map(({ picked, table }, d) => {
    const stride = strides[d] ?? 0;
    if (table) return { step: stride, table: Int32Array.from(picked) };
    const [first = 0, second = first] = picked;
    offset += first * stride;
    return { step: (second - first) * stride, table: null };
  });
  const bytes = new Uint8Array(shared ? new SharedArrayBuffer(size) : new ArrayBuffer(size));
  const steps = axes.map(({ step }) => step);
  const lattice: Lattice = { bytes, offset, steps, tables: axes.map(({ table }) => table) };
  return axes.some(({ table }) => table) ? lattice : { bytes, offset, steps };
}

const place = ({ offset, steps, tables }: Lattice, index: readonly number[]) =>
  index.reduce((sum, i, d) => sum + (tables?.[d]?.[i] ?? i) * (steps[d] ?? 0), offset);

const scene = fc
  .integer({ min: 0, max: 4 })
  .chain((rank) =>
    fc.record({
      count: fc.array(fc.nat([0, 200, 14, 7, 4][rank] ?? 0), { minLength: rank, maxLength: rank }),
      itemSize: fc.constantFrom(1, 2, 4, 8, 3),
      order: fc.tuple(permutation(rank), permutation(rank)),
      // Bytes that don't belong to an item, between those of `from`.
      gap: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(3)),
      swap: fc.boolean(),
      shared: fc.tuple(fc.boolean(), fc.boolean()),
      seed: fc.nat(255),
    }),
  )
  .chain((rest) =>
    fc.record({
      from: each(rest.count, (n) => fc.oneof(regular(n, 2), distinct(n), repeated(n))).map(
        (picks) => lay(picks, rest.order[0], rest.itemSize + rest.gap, rest.shared[0]),
      ),
      to: each(rest.count, (n) => fc.oneof(regular(n, 2), distinct(n))).map((picks) =>
        lay(picks, rest.order[1], rest.itemSize, rest.shared[1]),
      ),
      rest: fc.constant(rest),
    }),
  );

describe('copyItems', () => {
  test('copyItems copies element by element and counts the newly covered items', () => {
    fc.assert(
      fc.property(scene, fc.boolean(), ({ from, to, rest }, tracked) => {
        const { count, itemSize, seed } = rest;
        const swap = rest.swap && itemSize !== 3;
        for (let k = 0; k < from.bytes.length; k++) from.bytes[k] = k * 29 + (k >> 8);
        to.bytes.fill(seed);
        const expected = to.bytes.slice();
        const items = Math.floor(to.bytes.length / itemSize);
        const covered = new Uint8Array(Math.ceil(items / 8)).fill(seed);
        const bits = covered.slice();
        let fresh = 0;
        for (const index of indexes(count)) {
          const item = from.bytes.slice(place(from, index), place(from, index) + itemSize);
          expected.set(swap ? item.reverse() : item, place(to, index));
          const bit = place(to, index) / itemSize;
          const byte = bits[bit >> 3] ?? 0;
          if (!((byte >> (bit & 7)) & 1)) fresh++;
          bits[bit >> 3] = byte | (1 << (bit & 7));
        }
        const result = copyItems(from, to, count, itemSize, tracked ? { swap, covered } : { swap });
        expect(new Uint8Array(to.bytes)).toEqual(expected);
        expect(result).toBe(tracked ? fresh : volume(count));
        if (tracked) expect(covered).toEqual(bits);
      }),
      { numRuns: numRuns(200) },
    );
  });

  test('copyItems covers long runs that start at any bit', () => {
    const bytes = new Uint8Array(1000);
    const from = { bytes: new Uint8Array(1), offset: 0, steps: [0] };
    for (const [first, n] of [
      [0, 1000],
      [3, 2],
      [7, 1],
      [5, 64],
      [1, 997],
      [999, 1],
    ] as const) {
      const covered = new Uint8Array(125);
      expect(copyItems(from, { bytes, offset: first, steps: [1] }, [n], 1, { covered })).toBe(n);
      const set = Array.from({ length: 1000 }, (_, k) => ((covered[k >> 3] ?? 0) >> (k & 7)) & 1);
      expect(set).toEqual(Array.from(set, (_, k) => (k >= first && k < first + n ? 1 : 0)));
      expect(copyItems(from, { bytes, offset: 0, steps: [1] }, [1000], 1, { covered })).toBe(
        1000 - n,
      );
    }
  });

  test('copyItems transposes blocks larger than a tile in both directions', () => {
    const [rows, columns] = [150, 90];
    const values = Float64Array.from({ length: rows * columns }, (_, k) => k);
    const dense = { offset: 0, steps: [8 * columns, 8] };
    const turned = { offset: 0, steps: [8, 8 * rows] };
    const there = new Float64Array(values.length);
    const back = new Float64Array(values.length);
    const bytes = (array: Float64Array) => new Uint8Array(array.buffer);
    const [from, to] = [
      { ...dense, bytes: bytes(values) },
      { ...turned, bytes: bytes(there) },
    ];
    copyItems(from, to, [rows, columns], 8);
    expect(there[1]).toBe(columns);
    copyItems(to, { ...dense, bytes: bytes(back) }, [rows, columns], 8);
    expect(back).toEqual(values);
  });

  test('copyItems copies one element along 0 or 32 axes, and nothing along an empty axis', () => {
    const lattice = (rank: number) => ({
      bytes: Uint8Array.of(1, 2, 3, 4),
      offset: 2,
      steps: Array(rank).fill(-7),
    });
    for (const rank of [0, 32]) {
      const to = { ...lattice(rank), bytes: new Uint8Array(4) };
      expect(copyItems(lattice(rank), to, Array(rank).fill(1), 2)).toBe(1);
      expect([...to.bytes]).toEqual([0, 0, 3, 4]);
    }
    const to = lattice(2);
    expect(copyItems(lattice(2), to, [0, 2 ** 53 - 1], 2)).toBe(0);
    expect([...to.bytes]).toEqual([1, 2, 3, 4]);
  });

  test('copyItems reads tables before it overwrites them', () => {
    const memory = new ArrayBuffer(64);
    const table = new Int32Array(memory, 0, 16).map((_, i) => i);
    const tables = [new Int32Array(memory, 0, 16)];
    tables[0]?.set(table.map((i) => (i * 7) % 16));
    const from = { bytes: new Uint8Array(64).fill(0x7f), offset: 0, steps: [4] };
    const to = { bytes: new Uint8Array(memory), offset: 0, steps: [4], tables };
    expect(copyItems(from, to, [16], 4)).toBe(16);
    expect(to.bytes).toEqual(from.bytes);
  });
});

describe('copyItems refuses', () => {
  const memory = new ArrayBuffer(64);
  const good = () => ({
    from: { bytes: new Uint8Array(48), offset: 0, steps: [12, 2] } as Lattice,
    to: { bytes: new Uint8Array(48), offset: 0, steps: [12, 2] } as Lattice,
    count: [4, 6],
    itemSize: 2,
    options: {},
  });
  const call = (part: object) => {
    const { from, to, count, itemSize, options } = { ...good(), ...part };
    return copyItems(from, to, count, itemSize, options);
  };
  const huge = 2 ** 53 - 1;
  const table = (...first: number[]) => [Int32Array.from(first), null];

  const wrongLattices: [string, Partial<Lattice>][] = [
    ['an offset past the end', { offset: 1 }],
    ['a huge offset', { offset: huge }],
    ['one byte too few', { bytes: new Uint8Array(47) }],
    ['no bytes', { bytes: new Uint8Array() }],
    ['a step too long', { steps: [14, 2] }],
    ['a step before the beginning', { steps: [12, -2] }],
    ['a huge step', { steps: [huge, 2] }],
    ['a huge negative step', { steps: [-huge, 2] }],
    ['a fraction', { steps: [12, 1.5] }],
    ['a negative offset', { offset: -1 }],
    ['too few steps', { steps: [12] }],
    ['too few tables', { tables: [null] }],
    ['a table that leads out', { tables: table(0, 1, 2, 4) }],
    ['a huge index', { tables: table(0, 1, 2, 2 ** 31 - 1) }],
    ['a huge index of a huge step', { steps: [huge, 2], tables: table(0, 1, 2, 2 ** 31 - 1) }],
    ['a table that only begins outside', { tables: table(4, 5, 6, 7) }],
    ['a negative index', { offset: 12, tables: table(-1, 0, 1, 2) }],
    ['a short table', { tables: table(0, 1, 2) }],
    ['a long table', { tables: table(0, 1, 2, 3, 3) }],
  ];
  test.each(wrongLattices)('a lattice with %s', (_, part) => {
    for (const side of ['from', 'to'] as const) {
      const wrong = { [side]: { ...good()[side], ...part } };
      expect(() => call(wrong)).toThrow(RangeError);
      expect(() => call(wrong)).toThrow(/^Expected .* but received .*$/);
    }
  });

  test.each<[string, unknown]>([
    ['nothing', null],
    ['a number', 5],
    ['bytes of another type', { ...good().from, bytes: new Int16Array(24) }],
    ['a proxy for bytes', { ...good().from, bytes: new Proxy(new Uint8Array(48), {}) }],
    ['no steps', { ...good().from, steps: undefined }],
    ['a step that is a string', { ...good().from, steps: ['12', 2] }],
    ['tables of another type', { ...good().from, tables: [[0, 1, 2, 3], null] }],
    ['an object for tables', { ...good().from, tables: {} }],
  ])('%s as a lattice, by type', (_, wrong) => {
    expect(() => call({ from: wrong })).toThrow(TypeError);
    expect(() => call({ to: wrong })).toThrow(TypeError);
  });

  test.each<[string, object]>([
    ['a count of another rank', { count: [4] }],
    ['33 axes', { count: Array(33).fill(1) }],
    ['a negative count', { count: [-1, 6] }],
    ['a huge count', { count: [huge, huge] }],
    ['items of no bytes', { itemSize: 0 }],
    ['huge items', { itemSize: huge }],
    ['swapped items of 3 bytes', { itemSize: 3, options: { swap: true } }],
    [
      'more items than there is room for',
      {
        from: { ...good().from, steps: [0, 0] },
        to: { ...good().to, steps: [0, 0] },
        count: [huge, 1],
      },
    ],
  ])('%s', (_, part) => {
    expect(() => call(part)).toThrow(RangeError);
  });

  test.each<[string, object]>([
    ['no count', { count: undefined }],
    ['a string for the item size', { itemSize: '2' }],
    ['a number for swap', { options: { swap: 1 } }],
    ['an array for covered', { options: { covered: [0, 0, 0] } }],
    [
      'shared memory for covered',
      { options: { covered: new Uint8Array(new SharedArrayBuffer(3)) } },
    ],
  ])('%s, by type', (_, part) => {
    expect(() => call(part)).toThrow(TypeError);
  });

  test('a bitmap that is too small, or items that its bits don’t align with', () => {
    const covered = new Uint8Array(2);
    expect(() => call({ options: { covered } })).toThrow('Expected at least 3 bytes');
    const to = { ...good().to, bytes: new Uint8Array(50) };
    const wide = { options: { covered: new Uint8Array(4) } };
    expect(() => call({ ...wide, to: { ...to, offset: 1 } })).toThrow(
      'a multiple of 2 for to.offset',
    );
    expect(() => call({ ...wide, to: { ...to, steps: [11, 2] } })).toThrow('for to.steps[0]');
    expect(call({ ...wide, from: { ...good().from, bytes: to.bytes.slice(), offset: 1 } })).toBe(
      24,
    );
  });

  test('overlapping memory', () => {
    const bytes = new Uint8Array(memory, 0, 48);
    const part = (offset: number) => new Uint8Array(memory, offset, 16);
    const over = { ...good().from, bytes };
    expect(() => call({ from: over, to: { ...over, bytes: new Uint8Array(memory, 47) } })).toThrow(
      'Expected memory that does not overlap for from and to',
    );
    expect(() => call({ from: over, options: { covered: part(40) } })).toThrow('from and covered');
    expect(() => call({ to: over, options: { covered: part(32) } })).toThrow('to and covered');
    expect(call({ to: over, options: { covered: part(48) } })).toBe(24);
  });

  test('memory that is detached while arguments are read', () => {
    const { from, to, count, itemSize } = good();
    const options = {
      get swap() {
        structuredClone(to.bytes.buffer, { transfer: [to.bytes.buffer as ArrayBuffer] });
        return false;
      },
    };
    const leaving: Lattice = {
      ...to,
      get steps() {
        structuredClone(from.bytes.buffer, { transfer: [from.bytes.buffer as ArrayBuffer] });
        return [12, 2];
      },
    };
    expect(() => copyItems(from, leaving, count, itemSize)).toThrow(RangeError);
    expect(() => copyItems(good().from, to, count, itemSize, options)).toThrow(RangeError);
  });

  test('invalid arguments before it writes anything', () => {
    const to = good().to;
    const from = { ...good().from, bytes: new Uint8Array(47).fill(1) };
    const covered = new Uint8Array(3);
    expect(() => call({ from, to, options: { covered } })).toThrow(RangeError);
    expect(to.bytes).toEqual(new Uint8Array(48));
    expect(covered).toEqual(new Uint8Array(3));
  });
});

describe('fillItems and isFilled', () => {
  test('isFilled recognises what fillItems filled', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 9 }),
        fc.nat(60),
        fc.nat(),
        fc.boolean(),
        (item, items, where, shared) => {
          const size = items * item.length;
          const bytes = new Uint8Array(
            shared ? new SharedArrayBuffer(size) : new ArrayBuffer(size),
          );
          fillItems(bytes, item);
          const expected = Array.from({ length: size }, (_, k) => item[k % item.length]);
          expect([...bytes]).toEqual(expected);
          expect(isFilled(bytes, item)).toBe(true);
          if (size === 0) return;
          bytes[where % size] = (bytes[where % size] ?? 0) + 1;
          expect(isFilled(bytes, item)).toBe(false);
        },
      ),
      { numRuns: numRuns(150) },
    );
  });

  test('fillItems leaves covered items as they are', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 9 }),
        fc.array(fc.oneof(fc.constant(0), fc.constant(255), fc.nat(255)), { maxLength: 12 }),
        fc.nat(7),
        (item, bitmap, cut) => {
          const items = Math.max(0, bitmap.length * 8 - cut);
          const bytes = Uint8Array.from({ length: items * item.length }, (_, k) => k % 251);
          const expected = bytes.map((byte, at) => {
            const k = Math.floor(at / item.length);
            const isCovered = ((bitmap[k >> 3] ?? 0) >> (k % 8)) & 1;
            return isCovered ? byte : (item[at % item.length] ?? 0);
          });
          fillItems(bytes, item, Uint8Array.from(bitmap));
          expect(bytes).toEqual(expected);
        },
      ),
      { numRuns: numRuns(200) },
    );
  });

  test('fillItems refuses too few bits, shared bits and bits that overlap the bytes', () => {
    const bytes = new Uint8Array(18);
    const item = Uint8Array.of(1, 2);
    expect(() => fillItems(bytes, item, new Uint8Array(1))).toThrow(RangeError);
    expect(() => fillItems(bytes, item, bytes.subarray(4, 8))).toThrow(RangeError);
    const shared = new Uint8Array(new SharedArrayBuffer(2));
    expect(() => fillItems(bytes, item, shared)).toThrow(TypeError);
    expect(() => fillItems(bytes, item, 3 as unknown as Uint8Array)).toThrow(TypeError);
    expect(bytes).toEqual(new Uint8Array(18));
  });

  test('fillItems and isFilled accept an item that lies among the bytes', () => {
    const bytes = Uint8Array.from({ length: 12 }, (_, k) => k);
    fillItems(bytes, bytes.subarray(3, 6));
    expect([...bytes]).toEqual([3, 4, 5, 3, 4, 5, 3, 4, 5, 3, 4, 5]);
  });

  test('isFilled compares bytes, not numbers', () => {
    const bytes = (...values: number[]) => new Uint8Array(Float64Array.from(values).buffer);
    expect(isFilled(bytes(NaN, NaN), bytes(NaN))).toBe(true);
    expect(isFilled(bytes(0, -0), bytes(0))).toBe(false);
  });

  test('fillItems and isFilled refuse parts of items and other types', () => {
    for (const call of [fillItems, isFilled]) {
      expect(() => call(new Uint8Array(5), new Uint8Array(2))).toThrow(
        'Expected whole items of 2 bytes for bytes but received 5 bytes',
      );
      expect(() => call(new Uint8Array(4), new Uint8Array())).toThrow(RangeError);
      expect(() => call(new Int16Array(4) as unknown as Uint8Array, new Uint8Array(2))).toThrow(
        TypeError,
      );
      expect(() => call(new Uint8Array(4), 0 as unknown as Uint8Array)).toThrow(TypeError);
    }
  });
});
