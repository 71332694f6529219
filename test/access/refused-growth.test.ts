import { describe, expect, test } from 'vitest';
import { File } from '../../src/hdf5/index.js';
import {
  DataChunk,
  DataChunkIterator,
  DataWriter,
  JobError,
  ndarray,
  type OpenDataset,
  slice,
} from '../../src/index.js';
import { BUILT, startChild } from '../support/child.js';
import { iterator } from '../support/iterators.js';
import { readBack, rejection } from '../support/recordings.js';
import { DAMAGED, damagedFile, newFile, withOpen } from './files.js';

const { rows: ROWS, columns: COLUMNS, first: LAST_CHUNKS } = DAMAGED;

const rows = (count: number, value = 7) =>
  ndarray(new Int16Array(count * COLUMNS).fill(value), [count, COLUMNS]);

const blocks = (count: number) =>
  new DataChunkIterator([rows(count)], {
    yields: 'blocks',
    dtype: 'int16',
    maxshape: [null, COLUMNS],
  });

/** The placements of all chunks. */
function placements(path: string): Float64Array {
  using file = new File(path, 'r');
  using x = file.dataset('x');
  return x.locate([0, 0], x.shape);
}

describe('a call that is refused for a damaged chunk', () => {
  const calls: Readonly<Record<string, (x: OpenDataset) => Promise<void>>> = {
    append: (x) => x.append(rows(12)),
    'append of one row': (x) => x.append(rows(1)),
    'append of an iterator': (x) => x.append(blocks(12)),
    'append of a DataWriter': (x) => {
      const writer = new DataWriter({ dtype: 'int16', maxshape: [null, COLUMNS] });
      void writer.append(rows(5).data);
      void writer.append(rows(20).data);
      writer.end();
      return x.append(writer);
    },
    // Row 36 lies in the damaged chunks, row 50 behind them.
    consume: (x) =>
      x.consume(
        iterator([null, COLUMNS], function* () {
          const picked = [[36, 50], null];
          yield new DataChunk(rows(2), picked as ConstructorParameters<typeof DataChunk>[1]);
        }),
      ),
    write: (x) => x.write(slice(33, 35), 5),
    'resize to less': (x) => x.resize([33, COLUMNS]),
  };

  test.each(Object.keys(calls))('%s leaves the extent as it was', async (name) => {
    const path = damagedFile(3);
    const before = placements(path);
    await withOpen(path, 'r+', async (file) => {
      const x = file.dataset('x');
      for (let time = 0; time < 3; time++) {
        expect(await rejection(calls[name](x))).toBeInstanceOf(JobError);
        expect(x.shape).toEqual([ROWS, COLUMNS]);
      }
      // Intact chunks that were read back meanwhile keep their values.
      const { data } = await x.read([null, slice(9, null)]);
      expect(data.every((item) => item === 1)).toBe(true);
    });
    expect(placements(path)).toEqual(before);
  });

  test('the calls after a refused one count from the old extent', async () => {
    const path = damagedFile(8);
    await withOpen(path, 'r+', async (file) => {
      const x = file.dataset('x');
      const asked = [x.append(rows(12)), x.append(blocks(2)), x.resize([LAST_CHUNKS, COLUMNS])];
      const after = [x.append(rows(2, 8)), x.append(blocks(1)), x.append(rows(1, 9))];
      const ended = await Promise.allSettled([...asked, ...after]);
      const [refused, done] = ['rejected', 'fulfilled'];
      expect(ended.map(({ status }) => status)).toEqual([refused, refused, ...Array(4).fill(done)]);
      expect(x.shape).toEqual([LAST_CHUNKS + 4, COLUMNS]);
      const { data } = await x.read([slice(LAST_CHUNKS, null), 5]);
      expect([...data]).toEqual([8, 8, 7, 9]);
    });
    expect(readBack(path, 'x').shape).toEqual([LAST_CHUNKS + 4, COLUMNS]);
  });

  test('the data that an iterator yielded before are kept', async () => {
    const path = damagedFile(1);
    await withOpen(path, 'r+', async (file) => {
      const x = file.dataset('x');
      const brought = iterator([null, COLUMNS], function* () {
        // The first DataChunk avoids the damaged chunk, and the second one touches it.
        const data = ndarray(new Int16Array(3 * 21).fill(7), [3, 21]);
        yield new DataChunk(data, [slice(0, 3), slice(3, null)]);
        yield new DataChunk(rows(4), slice(0, 4));
      });
      expect(await rejection(x.append(brought))).toBeInstanceOf(JobError);
      expect(x.shape).toEqual([ROWS + 3, COLUMNS]);
      const { data } = await x.read([slice(ROWS, null), slice(3, null)]);
      expect(data).toEqual(new Int16Array(3 * 21).fill(7));
    });
    expect(readBack(path, 'y').shape).toEqual([4]);
  });
});

test('elements that a refused append had reached hold the fill value after later growth', async () => {
  const options = { dtype: 'int16', shape: [5, 1000], maxshape: [null, 1000] } as const;
  const path = await newFile({
    x: { ...options, chunks: [7, 1000], compression: null, fillvalue: -1 },
  });
  await withOpen(path, 'r+', (file) => file.dataset('x').write(null, 3));
  const child = startChild(
    `
    const { open, ndarray } = await import(${JSON.stringify(BUILT.index)});
    const file = await open(${JSON.stringify(path)}, 'r+', { workers: 2 });
    const x = file.dataset('x');
    const rows = (count) => ndarray(new Int16Array(count * 1000).fill(7), [count, 1000]);
    await x.append(rows(1));
    await x.flush();
    let lengths = [];
    for (let time = 0; time < 3; time++) {
      const [before] = x.shape;
      await x.append(rows(6000)).then(() => say('done'), ({ name }) => lengths.push(name, x.shape[0] - before));
    }
    say(lengths.join(' ') + ' ' + x.shape[0]);
    await file.close().catch(({ name }) => say(name));`,
    300,
  );
  const [lengths, closed] = [await child.line(), await child.line()];
  expect(lengths).toBe('JobError 0 JobError 0 JobError 0 6');
  expect(closed).toBe('JobError');
  expect(await child.end()).toBe(0);
  await withOpen(path, 'r+', async (file) => {
    const x = file.dataset('x');
    expect(x.shape).toEqual([6, 1000]);
    await x.resize([20, 1000]);
    const { data } = await x.read([null, 999]);
    expect([...data]).toEqual([...Array(5).fill(3), 7, ...Array(14).fill(-1)]);
  });
});
