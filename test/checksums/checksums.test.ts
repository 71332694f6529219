import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  checksumPathsOf,
  dropChecksums,
  listChecksums,
  writeChecksums,
} from '../../src/checksums/checksums.js';
import { ChecksumError } from '../../src/checksums/errors.js';
import { File } from '../../src/hdf5/index.js';
import { readChecksums } from '../support/checksums.js';
import { numRuns } from '../support/effort.js';
import { tempFolder } from '../support/recordings.js';

const OF = { path: '/acquisition/ap/data', chunk: [4, 3], extent: [10, 7] };
const NUMBERS = Float64Array.of(0, 2, 8);
const SUMS = BigUint64Array.of(1n, 2n ** 64n - 1n, 0n);
const WHERE = '/hyperslab/checksums/acquisition/ap/data';

function withFile<T>(body: (file: File) => T): T {
  using file = new File(join(tempFolder(), 'a.h5'), 'w');
  return body(file);
}

test('checksums are read as they were written', () => {
  const folder = tempFolder();
  let next = 0;
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat({ max: 99_999 }), { maxLength: 50 }),
      fc.func(fc.bigInt({ min: 0n, max: 2n ** 32n - 1n })),
      (chosen, sumOf) => {
        const path = join(folder, `${next++}.h5`);
        const numbers = Float64Array.from(chosen).sort();
        const checksums = BigUint64Array.from(chosen, (number) => sumOf(number));
        const of = { path: '/a', chunk: [1, 1, 10], extent: [10, 100, 1000] };
        {
          using file = new File(path, 'w');
          writeChecksums(file, of, numbers, checksums);
        }
        using file = new File(path, 'r');
        expect(readChecksums(file, '/a')).toEqual({ ...of, numbers, checksums });
      },
    ),
    { numRuns: numRuns(50) },
  );
});

test('checksums that need several reads are read in order', () => {
  withFile((file) => {
    const numbers = Float64Array.from({ length: 70_000 }, (_, at) => 2 * at);
    const checksums = BigUint64Array.from(numbers, (number: number) => BigInt(number) ** 3n);
    const of = { path: '/a', chunk: [1], extent: [140_000] };
    writeChecksums(file, of, numbers, checksums);
    const kept = checksums.map((sum) => BigInt.asUintN(32, sum));
    expect(readChecksums(file, '/a')).toEqual({ ...of, numbers, checksums: kept });
  });
});

test('checksums are a dataset of chunk numbers and sums whose attributes describe the chunks', () => {
  withFile((file) => {
    writeChecksums(file, OF, NUMBERS, SUMS);
    using dataset = file.dataset(WHERE);
    expect(dataset).toMatchObject({ layout: 'contiguous', dtype: 'uint32', shape: [3, 2] });
    expect(dataset.read().data).toEqual(Uint32Array.of(0, 1, 2, 2 ** 32 - 1, 6, 0));
    const { attributes } = dataset;
    expect(attributes.names()).toEqual(['algorithm', 'chunk', 'extent']);
    expect(attributes.get('algorithm')).toMatchObject({
      shape: [],
      data: ['XXH3-64, low 32 bits'],
    });
    expect(attributes.get('chunk')).toMatchObject({
      dtype: 'int64',
      data: BigInt64Array.of(4n, 3n),
    });
    expect(attributes.get('extent')).toMatchObject({ data: BigInt64Array.of(10n, 7n) });
  });
});

test('a dataset without stored chunks has an empty list of checksums', () => {
  withFile((file) => {
    const none = { numbers: new Float64Array(0), checksums: new BigUint64Array(0) };
    writeChecksums(file, OF, none.numbers, none.checksums);
    using dataset = file.dataset(WHERE);
    expect(dataset.shape).toEqual([0, 2]);
    expect(readChecksums(file, OF.path)).toEqual({ ...OF, ...none });
  });
});

test('all datasets that have checksums are listed', () => {
  withFile((file) => {
    expect(listChecksums(file)).toEqual([]);
    expect(readChecksums(file, '/z')).toBeUndefined();
    for (const path of ['/z', OF.path, '/acquisition/ap/timestamps'])
      writeChecksums(file, { ...OF, path }, NUMBERS, SUMS);
    file.createSoftLink('/hyperslab/checksums/soft', '/nowhere');
    expect(listChecksums(file)).toEqual([OF.path, '/acquisition/ap/timestamps', '/z']);
    expect(readChecksums(file, '/acquisition')).toBeUndefined();
    expect(readChecksums(file, '/z/deeper')).toBeUndefined();
  });
});

test('checksums can be dropped', () => {
  withFile((file) => {
    const value = { dtype: 'uint8', shape: [], data: Uint8Array.of(1) } as const;
    for (const path of ['/a', '/y', '/z']) file.writeDataset(path, value).close();
    file.createSoftLink('/soft', '/a');
    for (const path of ['/a', '/gone', '/z']) writeChecksums(file, { ...OF, path }, NUMBERS, SUMS);
    const dropOf = (path: string) => {
      using dataset = file.dataset(path);
      dropChecksums(file, checksumPathsOf(file, dataset));
    };
    // Drops them through a soft link, drops them again, and drops those of a dataset that never had any.
    for (const path of ['/soft', '/a', '/y']) dropOf(path);
    expect(readChecksums(file, '/a')).toBeUndefined();
    expect(listChecksums(file)).toEqual(['/gone', '/z']);
  });
});

test('invalid chunk numbers are refused, and nothing is created', () => {
  withFile((file) => {
    for (const numbers of [
      [0, 2],
      [2, 1, 3],
      [0, 0, 1],
      [0, 1, 9],
      [-1, 0, 1],
      [0, 0.5, 1],
    ])
      expect(() => writeChecksums(file, OF, Float64Array.from(numbers), SUMS)).toThrow(
        /^Expected a checksum for each of ascending chunk numbers for \/acquisition\/ap\/data but/,
      );
    expect(file.has('hyperslab')).toBe(false);
  });
});

test('objects of other programs in the place of checksums are ignored or refused', () => {
  withFile((file) => {
    const number = { dtype: 'uint8', shape: [], data: Uint8Array.of(1) } as const;
    file.createGroup('/hyperslab').close();
    file.writeDataset('/hyperslab/checksums', number).close();
    expect(listChecksums(file)).toEqual([]);
    expect(readChecksums(file, OF.path)).toBeUndefined();
    expect(() => writeChecksums(file, OF, NUMBERS, SUMS)).toThrow(
      /hyperslab\/checksums: expected a group but received a dataset/,
    );
  });
  withFile((file) => {
    const text = (value: string) => ({ dtype: 'string', shape: [], data: [value] }) as const;
    const rows = {
      dtype: 'uint64',
      shape: [2, 2],
      data: BigUint64Array.of(1n, 7n, 0n, 8n),
    } as const;
    const one = { dtype: 'int64', shape: [1], data: BigInt64Array.of(4n) } as const;
    const zero = { dtype: 'int64', shape: [1], data: BigInt64Array.of(0n) } as const;
    for (const group of ['/hyperslab', '/hyperslab/checksums']) file.createGroup(group).close();
    const make = (
      name: string,
      value: typeof rows | ReturnType<typeof text>,
      algorithm?: string,
      chunk: typeof one | typeof zero = one,
    ) => {
      using dataset = file.writeDataset(`/hyperslab/checksums/${name}`, value);
      dataset.attributes.set('chunk', chunk);
      dataset.attributes.set('extent', one);
      if (algorithm !== undefined) dataset.attributes.set('algorithm', text(algorithm));
    };
    make('notes', text('of another program'));
    make('texts', text('of another program'), 'XXH3-64, low 32 bits');
    make('md5', rows, 'MD5');
    make('twice', rows, 'XXH3-64, low 32 bits');
    make('zero', rows, 'XXH3-64, low 32 bits', zero);
    expect(readChecksums(file, '/notes')).toBeUndefined();
    expect(listChecksums(file)).toEqual(['/md5', '/texts', '/twice', '/zero']);
    expect(() => readChecksums(file, '/texts')).toThrow(
      'the checksums of /texts are damaged: they are string of shape [], not uint32 of shape [stored chunks, 2]',
    );
    expect(() => readChecksums(file, '/md5')).toThrow(
      "the checksums of /md5 are damaged: their algorithm is 'MD5', not XXH3-64, low 32 bits",
    );
    expect(() => readChecksums(file, '/twice')).toThrow(
      'the checksums of /twice are damaged: their chunk numbers do not ascend within the 1 chunk',
    );
    expect(() => readChecksums(file, '/zero')).toThrow(
      new ChecksumError({
        path: '/zero',
        problem:
          'the checksums of /zero are damaged: the recorded extent [4] and chunk [0] do not form a valid chunk grid',
        remedy: 'verify the file with its description, which compares every value',
      }),
    );
  });
});
