import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { File, typedArray } from '../../src/hdf5/index.js';
import { BudgetError, type ConvertOptions, convert, plan, verify } from '../../src/index.js';
import { DTYPES, itemSize, product, ravelIndex, unravelIndex } from '../../src/layout/index.js';
import { numRuns } from '../support/effort.js';
import {
  bytesOf,
  description,
  noise,
  readBack,
  rejection,
  tempFolder,
  timeSeries,
  waves,
  writeRaw,
} from '../support/recordings.js';

const DATA = '/acquisition/x/data';

const recordings = fc.integer({ min: 1, max: 3 }).chain((rank) => {
  const axes = <T>(item: fc.Arbitrary<T>) => fc.array(item, { minLength: rank, maxLength: rank });
  return fc.record({
    shape: axes(fc.integer({ min: 1, max: rank === 1 ? 400 : rank === 2 ? 40 : 12 })),
    dtype: fc.constantFrom(...DTYPES),
    compressible: fc.boolean(),
    order: fc.constantFrom('C', 'F'),
    endian: fc.constantFrom('little', 'big'),
    chunks: fc.oneof(
      fc.constantFrom('auto', 'h5py'),
      axes(fc.option(fc.integer({ min: 1, max: 20 }))),
    ),
    growing: fc.boolean(),
    compression: fc.constantFrom('gzip', null),
    compressionOpts: fc.integer({ min: 0, max: 9 }),
    shuffle: fc.boolean(),
    fletcher32: fc.boolean(),
    fillvalue: fc.constantFrom(undefined, 7),
    workers: fc.integer({ min: 1, max: 3 }),
    libver: fc.constantFrom('earliest', 'v110'),
    tight: fc.boolean(),
    /** The element that is damaged, as a share of all elements, and the bit of it. */
    at: fc.double({ min: 0, max: 0.999, noNaN: true }),
    bit: fc.nat(7),
    inFile: fc.boolean(),
  });
});

test('converted values are read back, and a single wrong value is found', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(recordings, async (given) => {
      const { shape, dtype, order, endian, workers, libver, growing } = given;
      const { chunks, compression, compressionOpts, shuffle, fletcher32, fillvalue } = given;
      const folder = tempFolder();
      const model = (given.compressible ? waves : noise)(shape, dtype);
      const source = writeRaw(folder, 'a.bin', model, { order, endian } as const);
      const data = {
        source,
        chunks: chunks as 'auto',
        compression: compression as 'gzip',
        ...{ compressionOpts, shuffle, fletcher32 },
        ...(fillvalue !== undefined && { fillvalue }),
        ...(growing && { maxshape: [null, ...shape.slice(1)] }),
      };
      const path = join(folder, 'a.nwb');
      const what = description(path, [timeSeries('x', data)]);
      const options: ConvertOptions = { workers, libver: libver as 'earliest' };
      // The least possible memory, or the default.
      const least = await rejection(plan(what, { ...options, memory: 1 }));
      if (!(least instanceof BudgetError)) throw least;
      const memory = given.tight ? least.fields.needed : undefined;
      const report = await convert(what, { ...options, ...(memory && { memory }) });
      expect(report.memory.planned).toBeLessThanOrEqual(report.memory.allowed);

      const value = readBack(path, DATA);
      expect(value).toMatchObject({ dtype, shape });
      expect(bytesOf(value).equals(bytesOf({ data: model.items }))).toBe(true);
      expect((await verify(path, what, { workers })).equal).toBe(true);

      const flat = Math.floor(given.at * product(shape));
      const index = unravelIndex(flat, shape);
      const size = itemSize(dtype);
      if (given.inFile) {
        const wrong = bytesOf({ data: model.items }).subarray(flat * size, (flat + 1) * size);
        const item = Uint8Array.from(wrong);
        item[0] ^= 1 << given.bit;
        using file = new File(path, 'r+');
        using dataset = file.dataset(DATA);
        dataset.write(typedArray(dtype, item), { start: index, count: index.map(() => 1) });
      } else {
        const bytes = readFileSync(source.path);
        const stored = order === 'C' ? flat : ravelIndex(index.toReversed(), shape.toReversed());
        bytes[stored * size] ^= 1 << given.bit;
        writeFileSync(source.path, bytes);
      }
      const check = await verify(path, what, { workers });
      expect(check.equal).toBe(false);
      const [one] = check.datasets.filter(({ equal }) => !equal);
      expect(one).toMatchObject({ path: DATA, difference: { index } });
      expect(Object.is(one.difference?.source, one.difference?.file)).toBe(false);
    }),
    { numRuns: numRuns(12) },
  );
});
