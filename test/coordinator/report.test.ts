import { statSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { File } from '../../src/hdf5/index.js';
import { type ConvertOptions, convert } from '../../src/index.js';
import { WORKERS } from '../support/effort.js';
import {
  description,
  noise,
  tempFolder,
  timeSeries,
  waves,
  writeRaw,
} from '../support/recordings.js';

async function report(options: ConvertOptions = {}) {
  const folder = tempFolder();
  const waving = writeRaw(folder, 'waves.bin', waves([1000, 5]));
  const noisy = writeRaw(folder, 'noise.bin', noise([300, 7], 'float64'));
  const times = writeRaw(folder, 'times.bin', waves([300], 'float64'));
  const path = join(folder, 'a.nwb');
  const what = description(path, [
    timeSeries('waves', { source: waving, chunks: [64, 2], maxshape: [null, 5], fletcher32: true }),
    timeSeries(
      'noise',
      { source: noisy, chunks: [100, 7], shuffle: false },
      {
        timestamps: { source: times, compression: false },
      },
    ),
  ]);
  return { path, made: await convert(what, options) };
}

describe.each(['earliest', 'v110'] as const)('the report of a file of %s', (libver) => {
  test('agrees with the file', async () => {
    const { path, made } = await report({ workers: WORKERS, libver });
    expect(made).toMatchObject({ path, libver });
    expect(made.fileBytes).toBe(statSync(path).size);
    expect(made.datasets.map((one) => one.path)).toEqual([
      '/acquisition/waves/data',
      '/acquisition/noise/data',
      '/acquisition/noise/timestamps',
    ]);
    using file = new File(path, 'r');
    for (const one of made.datasets) {
      using dataset = file.dataset(one.path);
      const { dtype, shape, maxshape, chunks, filters, storedBytes } = dataset;
      expect(one).toMatchObject({ dtype, shape, maxshape, chunks, filters, storedBytes });
      expect(one.chunkCount).toBe(dataset.locate([0, 0].slice(0, shape.length), shape).length / 3);
      expect(one.rawBytes).toBe(shape.reduce((size, n) => size * n, dataset.itemSize));
    }
    const sum = (key: 'rawBytes' | 'storedBytes') =>
      made.datasets.reduce((total, one) => total + one[key], 0);
    expect(made.rawBytes).toBe(sum('rawBytes'));
    expect(made.storedBytes).toBe(sum('storedBytes'));
    expect(made.storedBytes).toBeLessThan(made.fileBytes);
  });
});

test('the report names the filters in the order in which h5py sets them', async () => {
  const { made } = await report({ workers: 1 });
  expect(made.datasets.map(({ filters }) => filters.map(({ kind }) => kind))).toEqual([
    ['shuffle', 'deflate', 'fletcher32'],
    ['deflate'],
    [],
  ]);
});

test('the report counts the chunks that compression would not have made smaller', async () => {
  const { made } = await report({ workers: 1 });
  const [waving, noisy, times] = made.datasets;
  expect(waving.chunksUnfiltered).toBe(0);
  expect(waving.storedBytes).toBeLessThan(waving.rawBytes);
  expect(noisy).toMatchObject({ chunkCount: 3, chunksUnfiltered: 3, storedBytes: noisy.rawBytes });
  expect(times).toMatchObject({ chunkCount: 1, chunksUnfiltered: 0, storedBytes: times.rawBytes });
});

test('the report says how gzip compressed its bytes', async () => {
  const { made } = await report({ workers: WORKERS });
  const [waving, noisy, times] = made.datasets;
  const total = (bytes: object) => Object.values(bytes).reduce((sum, one) => sum + one, 0);
  expect(total(waving.deflated)).toBe(waving.stages.filter.bytesIn);
  expect(waving.deflated.stored).toBeLessThan(waving.stages.filter.bytesIn);
  expect(noisy.deflated).toMatchObject({ stored: noisy.stages.filter.bytesIn });
  expect(total(times.deflated)).toBe(0);
  expect(total(made.deflated)).toBe(total(waving.deflated) + total(noisy.deflated));
});

test('the report has no negative times, and a plausible amount of memory', async () => {
  const { made } = await report({ workers: WORKERS });
  const { wait, close, place, ...stages } = made.stages;
  for (const seconds of [wait, close, made.seconds]) expect(seconds).toBeGreaterThanOrEqual(0);
  const total = (seconds: readonly number[]) => seconds.reduce((sum, one) => sum + one, 0);
  expect(place).toBeCloseTo(total(made.datasets.map((one) => one.stages.place)), 9);
  for (const stage of ['read', 'gather', 'filter', 'checksum', 'write'] as const) {
    const sum = total(made.datasets.map((one) => one.stages[stage].seconds));
    expect(stages[stage].seconds).toBeCloseTo(sum, 9);
    expect(sum).toBeGreaterThan(0);
  }
  expect(stages.read.bytesOut).toBe(made.rawBytes);
  expect(stages.filter.bytesOut).toBe(made.storedBytes);
  expect(stages.write.bytesOut).toBe(made.storedBytes);
  expect(made.peakRss).toBeGreaterThan(20e6);
  expect(made.peakRss).toBeLessThan(totalmem());
  expect(made.memory.planned).toBeGreaterThan(0);
  expect(made.memory.planned).toBeLessThanOrEqual(made.memory.allowed);
  expect(made.memory.allowed).toBeLessThanOrEqual(totalmem() / 4);
});

test('the report counts no more workers than jobs', async () => {
  const folder = tempFolder();
  const source = writeRaw(folder, 'a.bin', waves([10, 2]));
  const what = (name: string, data: Parameters<typeof timeSeries>[1]) =>
    description(join(folder, name), [timeSeries('x', data)]);
  expect((await convert(what('1.nwb', { source }), { workers: 3 })).workers).toBe(1);
  const two = { source, chunks: [5, 2] };
  expect((await convert(what('2.nwb', two), { workers: 3 })).workers).toBe(2);
  expect((await convert(what('3.nwb', [1, 2]), { workers: 3 })).workers).toBe(1);
});

test('the report contains the warnings', async () => {
  const { made } = await report({ workers: 1 });
  expect(made.warnings).toContain('nwbfile.subject is missing');
});
