import { describe, expect, test } from 'vitest';
import {
  asPlacements,
  type Dataset,
  type DatasetOptions,
  FileSpace,
} from '../../src/hdf5/index.js';
import { withFile } from './temporary.js';

const chunked: DatasetOptions = { dtype: 'uint8', shape: [64], chunks: [4] };

describe('arguments that are too large', () => {
  test.each<[string, Partial<DatasetOptions>]>([
    ['numbers', { shape: [2 ** 45] }],
    ['strings', { shape: [2 ** 40], dtype: 'string' }],
    ['references', { shape: [2 ** 40], dtype: 'reference' }],
  ])('is a RangeError when %s are read', (_, options) => {
    withFile((file) => {
      const data = file.createDataset('data', { ...chunked, ...options });
      expect(() => data.read()).toThrow(RangeError);
      expect(data.read({ start: [0], count: [1] }).shape).toEqual([1]);
    });
  });

  test('locating chunks throws a RangeError', () => {
    withFile((file) => {
      const data = file.createDataset('data', { ...chunked, shape: [2 ** 45], chunks: [1] });
      expect(() => data.locate([0], [2 ** 45])).toThrow('Expected memory for');
    });
  });

  test('a shape with more than 2^53 items is a RangeError', () => {
    withFile((file) => {
      const shape = [2 ** 32, 2 ** 32];
      const maxshape = [null, null];
      const chunks = [4, 4];
      const message = 'Expected at most 2^53 - 1 items';
      const make = (more: object) => file.createDataset('data', { ...chunked, chunks, ...more });
      expect(() => make({ shape })).toThrow(message);
      expect(() => make({ shape, maxshape })).toThrow(message);
      const data = make({ shape: [4, 4], maxshape });
      expect(() => data.resize(shape)).toThrow(message);
      const value = { dtype: 'int8', shape, data: new Int8Array() } as const;
      expect(() => file.attributes.set('a', value)).toThrow(message);
    });
  });

  test('a reservation that is too large is refused, and the file stays usable', () => {
    withFile((file) => {
      using space = new FileSpace(file.token);
      const address = space.reserve(8);
      for (const take of [file, space])
        expect(() => take.reserve(2 ** 53 - 1)).toThrow('a file of at most 2^53 bytes');
      expect(file.reserve(8)).toBe(address + 8);
    });
  });
});

describe('arrays of numbers', () => {
  const create = (file: { createDataset(name: string, options: DatasetOptions): Dataset }) =>
    file.createDataset('data', { dtype: 'int32', shape: [4] });

  test('an array of numbers may lie in shared memory', () => {
    withFile((file) => {
      const values = new Int32Array(new SharedArrayBuffer(24), 8).fill(7);
      const data = create(file);
      data.write(values);
      expect(data.read().data).toEqual(Int32Array.of(7, 7, 7, 7));
    });
  });

  test('an array of numbers must match the data type', () => {
    withFile((file) => {
      const data = create(file);
      expect(() => data.write(new Float32Array(4))).toThrow('Expected an Int32Array for /data');
    });
  });

  test('a detached array is refused', () => {
    withFile((file) => {
      const values = new Int32Array(4);
      structuredClone(values.buffer, { transfer: [values.buffer] });
      expect(() => create(file).write(values)).toThrow('Expected 4 items');
    });
  });
});

test('an array of strings that shrinks while it is read is refused', () => {
  withFile((file) => {
    const texts: string[] = Array(100).fill('x');
    Object.defineProperty(texts, 0, {
      get() {
        texts.length = 1;
        return 'x';
      },
    });
    const data = file.createDataset('data', { dtype: 'string', shape: [100] });
    expect(() => data.write(texts)).toThrow('Expected a string for /data');
  });
});

describe('placements', () => {
  const place = (placements: unknown, options: Partial<DatasetOptions> = {}) =>
    withFile((file) => {
      file.reserve(100);
      const data = file.createDataset('data', { ...chunked, ...options });
      data.place([0], [64], asPlacements(placements as Float64Array));
    });

  test.each([
    ['a Uint8Array', new Uint8Array(48)],
    ['an array', [8, 4, 0]],
    ['an object', {}],
  ])('placements can’t be %s', (_, placements) => {
    expect(() => place(placements)).toThrow('Expected a Float64Array for placements');
  });

  test.each([
    [NaN, 4, 0],
    [-1, 4, 0],
    [1e300, 4, 0],
    [8, 4.5, 0],
    [8, 4, 2 ** 32],
  ])('a placement of %d, %d, %d is refused', (...numbers) => {
    expect(() => place(Float64Array.from(numbers))).toThrow(RangeError);
  });

  test('a chunk that is not stored has no bytes', () => {
    expect(() => place(Float64Array.of(-1, 0, 1))).toThrow(RangeError);
    expect(() => place(Float64Array.of(-1, 4, 0))).toThrow(RangeError);
    place(Float64Array.of(-1, 0, 0));
  });

  test('a placement has the size that the applied filters produce', () => {
    expect(() => place(Float64Array.of(8, 3, 0))).toThrow('Expected 4 bytes for a chunk of /data');
    const filters = [{ kind: 'deflate', level: 1 }, { kind: 'fletcher32' }] as const;
    expect(() => place(Float64Array.of(8, 4, 1), { filters })).toThrow('Expected 8 bytes');
    expect(() => place(Float64Array.of(8, 3, 3), { filters })).toThrow('Expected 4 bytes');
    place(Float64Array.of(8, 3, 0), { filters });
  });
});

test('values that are not filters are refused', () => {
  withFile((file) => {
    const make = (filters: unknown) =>
      file.createDataset('data', { ...chunked, filters } as DatasetOptions);
    expect(() => make(5)).toThrow('Expected an array for filters of /data');
    expect(() => make([null])).toThrow('Expected an object for a filter of /data');
    expect(() => make([{ kind: 'deflate' }])).toThrow('the deflate level of /data');
    expect(() => make([{ kind: 'deflate', level: 2 ** 32 + 1 }])).toThrow('invalid deflate level');
  });
});

describe('long names', () => {
  test('the long name of a reference’s target is read in full', () => {
    withFile((file) => {
      const name = `/${'n'.repeat(5000)}`;
      file.createGroup(name);
      file.writeDataset('data', { dtype: 'reference', shape: [1], data: [name] });
      expect(file.dataset('data').read().data).toEqual([name]);
    });
  });

  test('an attribute name that is too long for HDF5 is refused', () => {
    withFile(
      (file) => {
        const value = { dtype: 'int8', shape: [], data: Int8Array.of(1) } as const;
        expect(() => file.attributes.set('n'.repeat(65535), value)).toThrow(RangeError);
        expect(file.attributes.names()).toEqual([]);
      },
      { libver: 'latest' },
    );
  });
});

test.each(['earliest', 'latest'] as const)(
  'replacing an attribute succeeds or keeps the old one (%s)',
  (libver) => {
    withFile(
      (file) => {
        const set = (length: number) =>
          file.attributes.set('a', { dtype: 'int8', shape: [length], data: new Int8Array(length) });
        set(1);
        set(300);
        expect(file.attributes.get('a').shape).toEqual([300]);
        if (libver === 'earliest') expect(() => set(70000)).toThrow('H5Acreate2 failed');
        else set(70000);
        expect(file.attributes.get('a').shape).toEqual([libver === 'earliest' ? 300 : 70000]);
        expect(file.attributes.names()).toEqual(['a']);
      },
      { libver },
    );
  },
);
