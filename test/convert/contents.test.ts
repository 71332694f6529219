import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { File } from '../../src/hdf5/index.js';
import { type ConvertOptions, convert, type Description, verify } from '../../src/index.js';
import { DTYPES } from '../../src/layout/index.js';
import { WORKERS } from '../support/effort.js';
import { test } from '../support/fixtures.js';
import {
  bytesOf,
  description,
  type Model,
  moduleText,
  noise,
  readBack,
  tempFolder,
  timeSeries,
  waves,
  writeModule,
  writeRaw,
} from '../support/recordings.js';

const DATA = '/acquisition/x/data';

/** Converts one series of a raw file, and expects its values in the file. */
async function roundTrip(
  model: Model,
  data: Record<string, unknown> = {},
  options: ConvertOptions = {},
) {
  const folder = tempFolder();
  const source = writeRaw(folder, 'a.bin', model);
  const path = join(folder, 'a.nwb');
  const what = description(path, [timeSeries('x', { source, ...data })]);
  const report = await convert(what, { workers: WORKERS, ...options });
  const { dtype, shape } = model;
  const value = readBack(path, DATA);
  expect(value).toMatchObject({ dtype, shape });
  expect(bytesOf(value).equals(bytesOf({ data: model.items }))).toBe(true);
  expect((await verify(path, what, { workers: 1 })).equal).toBe(true);
  return { path, what, report: report.datasets[0] };
}

const LAYOUTS = [
  { shape: [1], chunks: [1] },
  { shape: [100], chunks: [7] },
  { shape: [30, 5], chunks: [4, 3] },
  { shape: [30, 5], chunks: [null, 2] },
  { shape: [30, 5], chunks: [100, 100] },
  { shape: [30, 5], chunks: [64, 5], maxshape: [null, 5] },
  { shape: [9, 5, 4], chunks: [2, 5, 3] },
  { shape: [5, 4, 3, 2], chunks: [2, 3, null, 1] },
  { shape: [3, 700], chunks: 'hdmf' },
  { shape: [50, 3], chunks: 'h5py', maxshape: [null, 3] },
];

describe.each(['earliest', 'v110'] as const)('libver %s', (libver) => {
  test.each(LAYOUTS)('$shape in chunks of $chunks', async ({ shape, ...data }) => {
    await roundTrip(waves(shape), data, { libver });
  });

  test('many chunks of a fixed and of a growing dataset', async () => {
    for (const maxshape of [undefined, [null, 3]]) {
      const data = { chunks: [1, 2], maxshape, compression: null };
      const { report } = await roundTrip(waves([3000, 3], 'uint8'), data, { libver });
      expect(report.chunkCount).toBe(6000);
    }
  });
});

test.each(DTYPES)('%s, of all bit patterns', async (dtype) => {
  await roundTrip(noise([50, 4], dtype), { chunks: [12, 3] });
});

test('integers beyond 2^53', async () => {
  const signed = BigInt64Array.of(2n ** 53n + 1n, -(2n ** 63n), 2n ** 63n - 1n, -1n);
  await roundTrip({ dtype: 'int64', shape: [4], items: signed }, { fillvalue: -1 });
  const unsigned = BigUint64Array.of(2n ** 53n + 1n, 2n ** 64n - 1n, 0n, 1n);
  await roundTrip({ dtype: 'uint64', shape: [2, 2], items: unsigned }, { chunks: [3, 3] });
});

test('NaN, infinities, and zeros of both signs', async () => {
  const items = Float64Array.of(Number.NaN, Number.POSITIVE_INFINITY, -0, 0, 5e-324, -1);
  const data = { chunks: [4], maxshape: [null], fillvalue: Number.NaN };
  const { path } = await roundTrip({ dtype: 'float64', shape: [6], items }, data);
  using file = new File(path, 'r+');
  using dataset = file.dataset(DATA);
  expect(dataset.fillvalue).toEqual(Float64Array.of(Number.NaN));
  // The rest of the last chunk holds the fill value, and so does everything after it.
  dataset.resize([10]);
  expect([...(dataset.read().data as Float64Array)].slice(6)).toEqual(Array(4).fill(Number.NaN));
});

describe('filters', () => {
  const kinds = async (data: Record<string, unknown>, model = waves([200, 4])) => {
    const { path, report } = await roundTrip(model, { chunks: [30, 4], ...data });
    using file = new File(path, 'r');
    using dataset = file.dataset(DATA);
    return { filters: dataset.filters, report, chunk: dataset.readChunk([0, 0]) };
  };

  test.each([false, null])('are not used with compression: %s', async (compression) => {
    const { filters, report, chunk } = await kinds({ compression });
    expect(filters).toEqual([]);
    expect(report.storedBytes).toBe(report.chunkCount * 240);
    expect(chunk?.bytes.length).toBe(240);
  });

  test('can be a checksum alone', async () => {
    const { filters, report } = await kinds({ compression: false, fletcher32: true });
    expect(filters).toEqual([{ kind: 'fletcher32' }]);
    expect(report.storedBytes).toBe(report.chunkCount * 244);
  });

  test('can be used all together', async () => {
    const { filters } = await kinds({ compressionOpts: 9, shuffle: true, fletcher32: true });
    expect(filters).toEqual([
      { kind: 'shuffle' },
      { kind: 'deflate', level: 9 },
      { kind: 'fletcher32' },
    ]);
  });

  test('skip compression of a chunk that it would not make smaller', async () => {
    const { report, chunk } = await kinds({ fletcher32: true }, noise([200, 4]));
    expect(report.chunksUnfiltered).toBe(6);
    expect(chunk).toMatchObject({ filterMask: 0b010 });
    expect(chunk?.bytes.length).toBe(244);
  });

  test('keep a level of 0', async () => {
    const { filters, report } = await kinds({ compressionOpts: 0, shuffle: false });
    expect(filters).toEqual([{ kind: 'deflate', level: 0 }]);
    expect(report.chunksUnfiltered).toBe(report.chunkCount);
  });
});

describe('files', () => {
  const PROBE: Partial<Description> = {
    devices: [{ name: 'probe' }],
    electrodeGroups: [{ name: 'g', device: 'probe', location: 'CA1', description: 'a shank' }],
    electrodes: { count: 3, group: 'g' },
  };

  test('without any series', async () => {
    const path = join(tempFolder(), 'a.nwb');
    const what = description(path, [], PROBE);
    const report = await convert(what);
    expect(report).toMatchObject({ datasets: [], rawBytes: 0, storedBytes: 0 });
    using file = new File(path, 'r');
    expect(file.group('/acquisition').links()).toEqual([]);
    expect((await verify(path, what)).equal).toBe(true);
  });

  test('without the field acquisition', async () => {
    const path = join(tempFolder(), 'a.nwb');
    const { nwbfile } = description(path, []);
    await convert({ path, nwbfile });
    expect((await verify(path, { path, nwbfile })).equal).toBe(true);
  });

  test('of arrays in the description only', async () => {
    const path = join(tempFolder(), 'a.nwb');
    const values = {
      values: [
        [1, 2, 3],
        [4, 5, 6],
      ],
      dtype: 'uint8' as const,
    };
    const series = timeSeries('x', values, { timestamps: [0.5, 1.5] });
    const seen: number[] = [];
    await convert(description(path, [series]), {
      onProgress: ({ chunksPlanned }) => seen.push(chunksPlanned),
    });
    expect(seen).toEqual([0]);
    const data = Uint8Array.of(1, 2, 3, 4, 5, 6);
    expect(readBack(path, DATA)).toEqual({ dtype: 'uint8', shape: [2, 3], data });
    const times = { dtype: 'float64', shape: [2], data: Float64Array.of(0.5, 1.5) };
    expect(readBack(path, '/acquisition/x/timestamps')).toEqual(times);
  });

  test('with timestamps of a source', async ({ folder }) => {
    const data = writeRaw(folder, 'a.bin', waves([100, 2]));
    const model = waves([100], 'float64');
    const times = writeRaw(folder, 't.bin', model, { endian: 'big' });
    const path = join(folder, 'a.nwb');
    const timestamps = { source: times, chunks: [30] };
    const series = timeSeries('x', { source: data }, { timestamps });
    await convert(description(path, [series]), { workers: WORKERS });
    expect(readBack(path, '/acquisition/x/timestamps')).toMatchObject({ data: model.items });
  });

  test.each([undefined, [null, 4]])('with empty data, maxshape %o', async (maxshape) => {
    const folder = tempFolder();
    const source = writeModule(folder, 'm.mjs', moduleText([0, 4]));
    const path = join(folder, 'a.nwb');
    const what = description(path, [timeSeries('x', { source, ...(maxshape && { maxshape }) })]);
    const report = await convert(what, { workers: WORKERS, libver: 'v110' });
    expect(report.datasets[0]).toMatchObject({ shape: [0, 4], chunkCount: 0, storedBytes: 0 });
    expect(report.warnings).toContain('acquisition/x: data are empty');
    expect(readBack(path, DATA)).toMatchObject({ shape: [0, 4], data: Int16Array.of() });
    expect((await verify(path, what)).equal).toBe(true);
  });

  test('of 30 series', async ({ folder }) => {
    const models = Array.from({ length: 30 }, (_, i) => noise([100 + 13 * i, 1 + (i % 3)]));
    const path = join(folder, 'a.nwb');
    const series = models.map((model, i) => {
      const source = writeRaw(folder, `${i}.bin`, model);
      return timeSeries(`s${i}`, { source, chunks: [40, 2] });
    });
    const what = description(path, series);
    const report = await convert(what, { workers: 3 });
    expect(report.datasets).toHaveLength(30);
    for (const [i, { items }] of models.entries())
      expect(readBack(path, `/acquisition/s${i}/data`).data).toEqual(items);
    expect((await verify(path, what, { workers: WORKERS })).equal).toBe(true);
  });

  test('whose series share one source', async ({ folder }) => {
    const model = waves([100, 4]);
    const source = writeRaw(folder, 'a.bin', model);
    const data = { source, chunks: [9, 4] };
    const path = join(folder, 'a.nwb');
    await convert(description(path, [timeSeries('x', data), timeSeries('y', data)]));
    for (const name of ['x', 'y'])
      expect(readBack(path, `/acquisition/${name}/data`).data).toEqual(model.items);
  });

  test('with the electrodes of an ElectricalSeries', async ({ folder }) => {
    const model = waves([500, 2]);
    const source = writeRaw(folder, 'a.bin', model);
    const path = join(folder, 'a.nwb');
    const series = {
      type: 'ElectricalSeries' as const,
      name: 'x',
      rate: 30_000,
      conversion: 2e-7,
      electrodes: [2, 0],
      data: { source, maxshape: [null, 2] },
    };
    const what = description(path, [series], PROBE);
    await convert(what, { workers: WORKERS });
    expect(readBack(path, DATA).data).toEqual(model.items);
    expect(readBack(path, '/acquisition/x/electrodes').data).toEqual(Int32Array.of(2, 0));
    using file = new File(path, 'r');
    using dataset = file.dataset(DATA);
    expect(dataset.maxshape).toEqual([null, 2]);
    expect(dataset.attributes.get('conversion').data).toEqual(Float64Array.of(2e-7));
    expect((await verify(path, what)).equal).toBe(true);
  });
});
