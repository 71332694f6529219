import { join } from 'node:path';
import { expect, test } from 'vitest';
import { File } from '../../src/hdf5/index.js';
import { convert, DataChunkIterator, LayoutError, ndarray, verify } from '../../src/index.js';
import { WORKERS } from '../support/effort.js';
import { iterator, rows } from '../support/iterators.js';
import { description, rejection, tempFolder, timeSeries, waves } from '../support/recordings.js';

const DATA = '/acquisition/x/data';

test('an array is compared with the file, value by value', async () => {
  const path = join(tempFolder(), 'a.nwb');
  const { items } = waves([57, 5], 'float32');
  const array = ndarray(items as Float32Array, [57, 5]);
  const what = description(path, [timeSeries('x', { data: array, chunks: [10, 2] })]);
  await convert(what, { workers: WORKERS });
  const same = await verify(path, what, { workers: 1 });
  expect(same.equal).toBe(true);
  expect(same.datasets).toContainEqual({ path: DATA, equal: true, values: 57 * 5 });

  {
    using file = new File(path, 'r+');
    using dataset = file.dataset(DATA);
    dataset.write(Float32Array.of(-3), { start: [42, 3], count: [1, 1] });
  }
  const other = await verify(path, what, { workers: 1 });
  expect(other.equal).toBe(false);
  expect(other.datasets.find((one) => one.path === DATA)).toMatchObject({
    equal: false,
    difference: { index: [42, 3], source: items[42 * 5 + 3], file: -3 },
  });
});

test('an array of another shape or type is reported in words', async () => {
  const path = join(tempFolder(), 'a.nwb');
  const of = (data: ReturnType<typeof ndarray>) => description(path, [timeSeries('x', { data })]);
  await convert(of(ndarray(new Int16Array(12), [4, 3])));
  for (const [data, problem] of [
    [ndarray(new Int16Array(12), [3, 4]), 'expected the shape [3, 4] but received [4, 3]'],
    [ndarray(new Int32Array(12), [4, 3]), 'expected int32 but received int16'],
  ] as const) {
    const report = await verify(path, of(data), { workers: 1 });
    expect(report.datasets).toContainEqual({ path: DATA, equal: false, values: 12, problem });
  }
});

test('an iterator is refused, because its data can not be read again', async () => {
  const path = join(tempFolder(), 'a.nwb');
  const own = () => iterator([null, 4], () => [rows(0, 3, 4)].values());
  const ours = () => new DataChunkIterator(new Int16Array(12), { bufferSize: 5 });
  for (const data of [own, ours]) {
    await convert(description(path, [timeSeries('x', data())]), { overwrite: true });
    const error = await rejection(verify(path, description(path, [timeSeries('x', data())])));
    expect(error).toBeInstanceOf(LayoutError);
    expect((error as Error).message).toBe(
      `Expected data that can be read again for ${DATA} but received an iterator`,
    );
  }
});
