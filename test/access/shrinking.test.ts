import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { File } from '../../src/hdf5/index.js';
import { slice } from '../../src/index.js';
import { readBack, tempFolder } from '../support/recordings.js';
import { withOpen } from './files.js';

describe.each(['earliest', 'v110'] as const)(
  'a dataset that shrinks through its chunks (%s)',
  (libver) => {
    test.each([
      { shuffle: false, fletcher32: false },
      { shuffle: false, fletcher32: true },
      { shuffle: true, fletcher32: true },
    ])(
      'a dataset that shrinks through its chunks keeps the remaining values, with %j',
      async (filters) => {
        const path = join(tempFolder(), 'a.h5');
        const options = {
          dtype: 'uint16',
          shape: [10, 5],
          maxshape: [10, 11],
          chunks: [3, 2],
        } as const;
        await withOpen(
          path,
          'a',
          async (file) => {
            const x = file.createDataset('x', { ...options, ...filters, fillvalue: 7 });
            // Chunks so small that they skip deflate, with values whose stored size does not change when libhdf5
            // puts fill values behind the cut.
            await x.write([null, slice(0, 5, 3)], 21066);
            await x.flush();
            await x.resize([8, 3]);
            await x.resize([10, 5]);
          },
          { workers: 1, libver },
        );
        const { data } = readBack(path, 'x');
        const rows = Array.from({ length: 10 }, (_, row) =>
          row < 8 ? [21066, 7, 7, 7, 7] : [7, 7, 7, 7, 7],
        );
        expect([...data]).toEqual(rows.flat());
        using file = new File(path, 'r');
        using dataset = file.dataset('x');
        expect(dataset.shape).toEqual([10, 5]);
      },
    );
  },
);
