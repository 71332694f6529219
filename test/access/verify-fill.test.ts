import { join } from 'node:path';
import { expect, test } from 'vitest';
import { File } from '../../src/hdf5/index.js';
import { type FillData, fill, ndarray, verifyFill } from '../../src/index.js';
import { iterator, rows } from '../support/iterators.js';
import {
  type Model,
  moduleText,
  rejection,
  tempFolder,
  waves,
  writeModule,
  writeRaw,
} from '../support/recordings.js';

const ROWS = 20_000;
const MODEL = waves([ROWS, 4]);

/** A file whose datasets `/chunked` and `/flat` were filled with the same source. */
async function filled() {
  const folder = tempFolder();
  const path = join(folder, 'a.h5');
  const file = new File(path, 'w');
  const growing = { shape: [0, 4], maxshape: [null, 4], chunks: [1000, 3] };
  file.createDataset('chunked', { dtype: 'int16', ...growing }).close();
  const data = new Int16Array(ROWS * 4);
  file.writeDataset('flat', { dtype: 'int16', shape: [ROWS, 4], data }).close();
  file.close();
  const source = writeRaw(folder, 'a.bin', MODEL);
  const datasets: Record<string, FillData> = { '/chunked': source, '/flat': source };
  await fill(path, datasets, { workers: 1 });
  return { folder, path, source, datasets };
}

function changed(at: number): Model {
  const items = MODEL.items.slice();
  items[at] = -7;
  return { ...MODEL, items };
}

test('what was filled is equal, in little memory and with arrays in place of sources, too', async () => {
  const { folder, path, datasets } = await filled();
  const progress: number[] = [];
  const report = await verifyFill('a.h5', datasets, {
    baseDir: folder,
    workers: 2,
    memory: '512 KiB',
    onProgress: ({ bytesRead, bytesPlanned }) => progress.push(bytesRead / bytesPlanned),
  });
  expect(report).toMatchObject({
    path,
    equal: true,
    values: 2 * ROWS * 4,
    rawBytes: 4 * ROWS * 4,
    datasets: [
      { path: '/chunked', equal: true, values: ROWS * 4 },
      { path: '/flat', equal: true, values: ROWS * 4 },
    ],
  });
  expect(progress.at(-1)).toBe(1);
  const array = ndarray(MODEL.items, MODEL.shape);
  const both = await verifyFill(path, { '/chunked': array, '/flat': array }, { workers: 1 });
  expect(both.equal).toBe(true);
});

test('the first value that differs is reported for each dataset, chunked or not', async () => {
  const { folder, path } = await filled();
  const at = 4 * 12_345 + 2;
  const model = changed(at);
  const source = writeRaw(folder, 'b.bin', model, { order: 'F' });
  const array = ndarray(model.items, model.shape);
  const difference = { index: [12_345, 2], source: -7, file: MODEL.items[at] };
  const problem = `first difference at [12345, 2]: -7 in the source, ${MODEL.items[at]} in the file`;
  for (const data of [source, array]) {
    const datasets = { '/flat': data, '/chunked': data };
    const report = await verifyFill(path, datasets, { workers: 1, memory: '1 MiB' });
    expect(report).toMatchObject({
      equal: false,
      datasets: [
        { path: '/flat', equal: false, problem, difference },
        { path: '/chunked', equal: false, problem, difference },
      ],
    });
  }
});

test('datasets that are missing, shorter, or of another type or kind differ, in words', async () => {
  const { path } = await filled();
  const array = (items: Int16Array | Float32Array, shape: readonly number[]) =>
    ndarray(items, [...shape]);
  const { datasets, equal } = await verifyFill(
    path,
    {
      '/none': ndarray(new Int16Array(4), [1, 4]),
      '/': ndarray(new Int16Array(4), [1, 4]),
      '/flat': array(new Float32Array(4), [1, 4]),
      '/chunked': array(new Int16Array((ROWS + 1) * 4), [ROWS + 1, 4]),
    },
    { workers: 1 },
  );
  expect(equal).toBe(false);
  expect(datasets.map(({ problem }) => problem)).toEqual([
    expect.stringMatching(/object 'none' doesn't exist/),
    expect.stringMatching(/expected a dataset but received a group/),
    'expected float32 but received int16',
    'expected the shape [20001, 4] but received [20000, 4]',
  ]);
});

test('NaN is equal to NaN, and zero differs from negative zero', async () => {
  const path = join(tempFolder(), 'a.h5');
  const file = new File(path, 'w');
  const data = Float64Array.of(Number.NaN, 0, 1);
  file.writeDataset('flat', { dtype: 'float64', shape: [3], data }).close();
  file.close();
  const verify = (items: readonly number[]) =>
    verifyFill(path, { '/flat': ndarray(Float64Array.from(items), [3]) }, { workers: 1 });
  expect((await verify([Number.NaN, 0, 1])).equal).toBe(true);
  const { datasets } = await verify([Number.NaN, -0, 1]);
  expect(datasets).toMatchObject([{ difference: { index: [1], source: -0, file: 0 } }]);
});

test('data that can not be read again, and unknown options, are refused', async () => {
  const { path, source } = await filled();
  const data = iterator([null, 4], () => [rows(0, 3, 4)].values());
  const refused = (await rejection(verifyFill(path, { '/chunked': data }))) as Error;
  expect([refused.name, refused.message]).toEqual([
    'LayoutError',
    'Expected data that can be read again for /chunked but received an iterator',
  ]);
  const option = verifyFill(path, { '/chunked': source }, { overwrite: true } as never);
  expect(String(await rejection(option))).toMatch(/OptionError: Unknown option 'overwrite'/);
});

test('a module is refused without modules, and one that fails is reported with its hyperslab', async () => {
  const { folder, path } = await filled();
  const late = `if (start[0] + count[0] > 19000) throw new Error('the disk is gone');`;
  const source = writeModule(folder, 'm.mjs', moduleText([ROWS, 4], late));
  const data = { '/flat': source };
  expect(await rejection(verifyFill(path, data, { modules: false }))).toMatchObject({
    name: 'DescriptionError',
  });
  await fill(path, { '/flat': writeModule(folder, 'n.mjs', moduleText([ROWS, 4])) });
  const options = { workers: 1, memory: '64 KiB' } as const;
  expect(await rejection(verifyFill(path, data, options))).toMatchObject({
    name: 'JobError',
    fields: { dataset: '/flat', sources: [source.path] },
    message: expect.stringMatching(/the disk is gone/),
  });
});

test('a signal stops the comparison', async () => {
  const { path, datasets } = await filled();
  const reason = new Error('enough');
  const controller = new AbortController();
  const { signal } = controller;
  const onProgress = () => controller.abort(reason);
  const options = { workers: 1, memory: '64 KiB', signal, onProgress } as const;
  const { '/flat': data } = datasets;
  expect(await rejection(verifyFill(path, { '/flat': data }, options))).toBe(reason);
  expect(await rejection(verifyFill(path, datasets, { signal }))).toBe(reason);
});
