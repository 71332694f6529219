import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { asPlacements, File } from '../../src/hdf5/index.js';
import {
  type CreateOptions,
  type DataChunk,
  ndarray,
  type OpenDataset,
  slice,
} from '../../src/index.js';
import { WORKERS } from '../support/effort.js';
import { bytesOf, rejection, tempFolder, waves } from '../support/recordings.js';
import { newFile, withOpen } from './files.js';

/** A dataset with values, read by a session that did not write them. */
async function withStored<T>(
  options: CreateOptions,
  body: (dataset: OpenDataset, items: Int16Array) => Promise<T>,
  access: { workers: number; memory?: number | string } = { workers: WORKERS },
): Promise<T> {
  const path = await newFile({ x: options });
  const items = waves(options.shape).items as Int16Array;
  await withOpen(path, 'r+', (file) =>
    file.dataset('x').write(null, ndarray(items, options.shape)),
  );
  return withOpen(path, 'r', (file) => body(file.dataset('x'), items), access);
}

const TABLE: CreateOptions = { dtype: 'int16', shape: [50, 7], chunks: [8, 3] };

async function collect(blocks: AsyncIterable<DataChunk>): Promise<DataChunk[]> {
  const all: DataChunk[] = [];
  for await (const block of blocks) all.push(block);
  return all;
}

describe('read', () => {
  test('large reads use many threads', async () => {
    const shape = [4000, 300];
    await withStored({ dtype: 'int16', shape, chunks: [100, 100] }, async (dataset, items) => {
      expect(bytesOf(await dataset.read()).equals(bytesOf({ data: items }))).toBe(true);
      const { data, shape: read } = await dataset.read([slice(5, null, 7), slice(90, 210)]);
      expect(read).toEqual([571, 120]);
      const at = (row: number, column: number) => items[(5 + 7 * row) * 300 + 90 + column];
      expect(data.every((item, i) => item === at(Math.floor(i / 120), i % 120))).toBe(true);
    });
  });

  test('an empty selection reads nothing', async () => {
    await withStored(TABLE, async (dataset) => {
      expect(await dataset.read([slice(3, 3)])).toEqual({ data: new Int16Array(), shape: [0, 7] });
      expect(await dataset.read([[], 2])).toEqual({ data: new Int16Array(), shape: [0] });
    });
  });

  test('a huge sparse dataset can be read in part, but not as a whole', async () => {
    const huge: CreateOptions = {
      dtype: 'float64',
      shape: [1e6, 1e6],
      chunks: [100, 100],
      fillvalue: 2,
    };
    const path = await newFile({ x: huge });
    await withOpen(
      path,
      'r+',
      async (file) => {
        const x = file.dataset('x');
        const far = [slice(0, null, 250_000), slice(7, null, 250_000)];
        await x.write([slice(0, null, 500_000), slice(7, null, 500_000)], 3);
        const expected = [3, 2, 3, 2, 2, 2, 2, 2, 3, 2, 3, 2, 2, 2, 2, 2];
        expect([...(await x.read(far)).data]).toEqual(expected);
        await x.flush();
        expect([...(await x.read(far)).data]).toEqual(expected);
        expect([...(await x.read([[0, 999_999], -1])).data]).toEqual([2, 2]);
        expect(await rejection(x.read())).toMatchObject({
          name: 'LayoutError',
          message:
            'Expected at most the 64 MiB of memory that are allowed for /x[...] but received 7.28 TiB (1000000000000 items of float64) (read a part, or all of it in blocks())',
        });
      },
      { workers: 1, memory: '64MiB' },
    );
  });

  test('a damaged chunk is named, and the others are read', async () => {
    const path = join(tempFolder(), 'a.h5');
    {
      using file = new File(path, 'w');
      const filters = [{ kind: 'deflate', level: 4 }] as const;
      using x = file.createDataset('x', { dtype: 'int8', shape: [8], chunks: [4], filters });
      x.write(Int8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
      const address = file.reserve(5);
      x.place([4], [4], asPlacements(Float64Array.of(address, 5, 0)));
    }
    await withOpen(path, 'r+', async (file) => {
      const x = file.dataset('x');
      expect([...(await x.read(slice(4))).data]).toEqual([1, 2, 3, 4]);
      expect(await rejection(x.read())).toMatchObject({
        name: 'JobError',
        fields: { dataset: '/x', file: path },
        message: expect.stringMatching(
          /^Expected a zlib stream .* \(\/x, \[4:8\], file \/.*a\.h5\)$/,
        ),
      });
      expect(await rejection(x.write(5, 1))).toEqual(await rejection(x.read()));
      // The chunk is sound again after it is written as a whole.
      await x.write(slice(4, 8), 9);
      expect([...(await x.read()).data]).toEqual([1, 2, 3, 4, 9, 9, 9, 9]);
    });
  });
});

test('a damaged chunk among many is named, too', async () => {
  const path = join(tempFolder(), 'a.h5');
  {
    using file = new File(path, 'w');
    const filters = [{ kind: 'deflate', level: 1 }] as const;
    const options = { dtype: 'float64', shape: [100, 4096], chunks: [1, 4096], filters } as const;
    using x = file.createDataset('x', options);
    x.write(new Float64Array(409_600).fill(1));
    const address = file.reserve(5);
    x.place([77, 0], [1, 4096], asPlacements(Float64Array.of(address, 5, 0)));
    // Reserved space reads as zeros once the file extends beyond it.
    file.writeDataset('y', { dtype: 'int8', shape: [4], data: new Int8Array(4) }).close();
  }
  await withOpen(
    path,
    'r',
    async (file) => {
      const error = await rejection(file.dataset('x').read());
      expect(error).toMatchObject({
        name: 'JobError',
        fields: { hyperslab: { start: [77, 0], count: [1, 4096] } },
      });
    },
    { workers: WORKERS },
  );
});

describe('blocks', () => {
  test.each([
    ['by default', undefined],
    ['of whole rows', [10, 7]],
    ['of parts that are no chunks', [7, 4]],
    ['larger than the dataset', [100, 100]],
  ])('blocks give all data once, in order (%s)', async (_, shape) => {
    await withStored(TABLE, async (dataset, items) => {
      const blocks = await collect(dataset.blocks(shape && { shape }));
      const seen = new Int16Array(items.length);
      let last = -1;
      let count = 0;
      for (const { data, selection } of blocks) {
        const [rows, columns] = selection as unknown as Record<'start' | 'stop', number>[];
        expect(data.shape).toEqual([rows.stop - rows.start, columns.stop - columns.start]);
        const first = rows.start * 7 + columns.start;
        expect(first).toBeGreaterThan(last);
        last = first;
        for (const [i, item] of (data.data as Int16Array).entries()) {
          const row = rows.start + Math.floor(i / data.shape[1]);
          seen[row * 7 + columns.start + (i % data.shape[1])] = item;
        }
        count += data.data.length;
      }
      expect(count).toBe(items.length);
      expect(seen).toEqual(items);
    });
  });

  test('blocks end early if the loop is left', async () => {
    await withStored(TABLE, async (dataset) => {
      let count = 0;
      for await (const { data } of dataset.blocks({ shape: [1, 7] })) {
        expect(data.shape).toEqual([1, 7]);
        if (++count === 3) break;
      }
      expect(count).toBe(3);
      expect((await dataset.read([0, 0])).shape).toEqual([]);
    });
  });

  test('a dataset without elements has no blocks, and a scalar has one', async () => {
    const path = join(tempFolder(), 'a.h5');
    {
      using file = new File(path, 'w');
      file.writeDataset('scalar', { dtype: 'int8', shape: [], data: Int8Array.of(5) }).close();
      file.createDataset('none', { dtype: 'int8', shape: [0, 3], chunks: [2, 3] }).close();
      file.createDataset('flat', { dtype: 'int8', shape: [4, 0] }).close();
    }
    await withOpen(path, 'r', async (file) => {
      const [scalar, ...more] = await collect(file.dataset('scalar').blocks());
      expect([scalar.data, more]).toEqual([{ data: Int8Array.of(5), shape: [] }, []]);
      for (const name of ['none', 'flat'])
        expect(await collect(file.dataset(name).blocks())).toEqual([]);
    });
  });

  test('blocks of an invalid shape or of too much memory are refused', async () => {
    await withStored(
      { dtype: 'int16', shape: [1000, 100], chunks: [500, 100] },
      async (dataset) => {
        const first = (shape: unknown) =>
          rejection(dataset.blocks({ shape: shape as number[] }).next());
        expect(await first([10])).toMatchObject({ name: 'LayoutError' });
        expect(await first([0, 5])).toMatchObject({ name: 'LayoutError' });
        expect(await first([1000, 100])).toMatchObject({
          message: expect.stringMatching(/at most the 20 KiB .* received 195 KiB/),
        });
        expect(await rejection(dataset.blocks({ size: 3 } as never).next())).toMatchObject({
          message: "Unknown option 'size'; the options are shape",
        });
        expect(await collect(dataset.blocks({ shape: [50, 100] }))).toHaveLength(20);
      },
      { workers: 1, memory: '20KiB' },
    );
  });
});
