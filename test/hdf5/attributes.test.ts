import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Hdf5Error, scalar, type Value } from '../../src/hdf5/index.js';
import { numRuns } from '../support/effort.js';
import { withFile } from './temporary.js';

const text = (...data: string[]): Value => ({ dtype: 'string', shape: [data.length], data });

test('any text reads back as it was written', () => {
  withFile((file) => {
    const texts = fc.array(fc.string({ unit: 'grapheme' }).filter((one) => !one.includes('\0')));
    fc.assert(
      fc.property(texts, (data) => {
        file.attributes.set('texts', text(...data));
        expect(file.attributes.get('texts')).toEqual(text(...data));
      }),
      { numRuns: numRuns(100) },
    );
  });
});

test('any numbers read back bit for bit', () => {
  withFile((file) => {
    const { attributes } = file;
    const arrays = fc.oneof(
      fc.float64Array().map((data) => ({ dtype: 'float64', data }) as const),
      fc.float32Array().map((data) => ({ dtype: 'float32', data }) as const),
      fc.bigInt64Array().map((data) => ({ dtype: 'int64', data }) as const),
      fc.bigUint64Array().map((data) => ({ dtype: 'uint64', data }) as const),
      fc.int16Array().map((data) => ({ dtype: 'int16', data }) as const),
    );
    fc.assert(
      fc.property(arrays, ({ dtype, data }) => {
        const value: Value = { dtype, shape: [data.length], data };
        attributes.set('x', value);
        const read = attributes.get('x');
        expect({ ...read, data: bytes(read) }).toEqual({ ...value, data: bytes(value) });
      }),
      { numRuns: numRuns(200) },
    );
  });
});

test('64-bit integers are bigints, other numbers are numbers and booleans are booleans', () => {
  withFile(({ attributes }) => {
    attributes.set('long', { dtype: 'int64', shape: [], data: BigInt64Array.of(2n ** 53n + 1n) });
    attributes.set('int', { dtype: 'int32', shape: [], data: Int32Array.of(-7) });
    attributes.set('bool', { dtype: 'bool', shape: [], data: Uint8Array.of(1) });
    attributes.set('text', { dtype: 'string', shape: [], data: ['volts'] });
    const scalars = ['long', 'int', 'bool', 'text'].map((name) => scalar(attributes.get(name)));
    expect(scalars).toEqual([2n ** 53n + 1n, -7, true, 'volts']);
    attributes.set('two', text('a', 'b'));
    expect(() => scalar(attributes.get('two'))).toThrow(/Expected a scalar but received .* \[2\]/);
  });
});

test('set() replaces type and shape, and delete() removes the attribute', () => {
  withFile(({ attributes }) => {
    attributes.set('x', { dtype: 'float64', shape: [2], data: Float64Array.of(1, 2) });
    attributes.set('x', text('now a text'));
    expect(attributes.get('x')).toEqual(text('now a text'));
    expect(attributes.names()).toEqual(['x']);
    attributes.delete('x');
    expect([attributes.has('x'), attributes.names()]).toEqual([false, []]);
    expect(() => attributes.get('x')).toThrow(Hdf5Error);
    expect(() => attributes.delete('x')).toThrow(/H5Adelete failed for .*@x/);
  });
});

test('names are listed in order, however many there are', () => {
  withFile((file) => {
    using group = file.createGroup('group');
    const names = Array.from({ length: 40 }, (_, index) => `name ${(index * 7) % 40} µ`);
    for (const name of names) group.attributes.set(name, text(name));
    expect(group.attributes.names()).toEqual(names.sort());
    for (const name of names) expect(group.attributes.get(name)).toEqual(text(name));
  });
});

test('an invalid value is refused and leaves the old value', () => {
  withFile(({ attributes }) => {
    attributes.set('x', text('old'));
    const wrong: readonly unknown[] = [
      { dtype: 'int16', shape: [3], data: Int16Array.of(1, 2) },
      { dtype: 'int16', shape: [2], data: Int32Array.of(1, 2) },
      { dtype: 'int16', shape: [2], data: [1, 2] },
      { dtype: 'string', shape: [], data: ['a\0b'] },
      { dtype: 'string', shape: [2], data: ['a'] },
      { dtype: 'string', shape: [], data: [1] },
      { dtype: 'float16', shape: [], data: Uint16Array.of(1) },
      { dtype: 'int16', shape: [-1], data: new Int16Array() },
      { dtype: 'int16', shape: [1.5], data: new Int16Array(1) },
      { dtype: 'reference', shape: [], data: ['/nowhere'] },
    ];
    for (const value of wrong) {
      const set = () => attributes.set('x', value as Value);
      expect(set, JSON.stringify(value)).toThrow();
      expect(attributes.get('x')).toEqual(text('old'));
    }
    expect(() => attributes.set('x', wrong[0] as Value)).toThrow(
      /Expected 3 items for .*@x but received 2/,
    );
  });
});

test('a value too large for an object header is refused in the oldest format but not in newer ones', () => {
  const large: Value = { dtype: 'uint8', shape: [70_000], data: new Uint8Array(70_000).fill(3) };
  withFile(({ attributes }) => expect(() => attributes.set('x', large)).toThrow(Hdf5Error));
  withFile(
    ({ attributes }) => {
      attributes.set('x', large);
      expect(attributes.get('x')).toEqual(large);
    },
    { libver: 'v110' },
  );
});

const bytes = ({ data }: Value): Buffer => {
  const { buffer, byteOffset, byteLength } = data as Float64Array;
  return Buffer.from(buffer, byteOffset, byteLength);
};
