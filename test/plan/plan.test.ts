import { closeSync, ftruncateSync, mkdirSync, openSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { File } from '../../src/hdf5/index.js';
import {
  type ConvertOptions,
  convert,
  DataChunk,
  type Description,
  dataIO,
  ndarray,
  plan,
  slice,
} from '../../src/index.js';
import { WORKERS } from '../support/effort.js';
import { test } from '../support/fixtures.js';
import { interrupt } from '../support/interrupted.js';
import {
  description,
  listing,
  type Model,
  noise,
  rejection,
  tempFolder,
  timeSeries,
  writeRaw,
} from '../support/recordings.js';

/** Drifting counts with noise on top, about as compressible as a recording. */
function drift(samples: number, channels: number): Model {
  const items = Int16Array.from(noise([samples * channels]).items as Int16Array, (value, i) => {
    const wave = 200 * Math.sin(i / channels / 300);
    return Math.round(wave + (value >> 11));
  });
  return { dtype: 'int16', shape: [samples, channels], items };
}

function recording() {
  const folder = tempFolder();
  const data = writeRaw(folder, 'a.bin', drift(30_000, 5));
  const seconds = Float64Array.from({ length: 30_000 }, (_, at) => at / 1000);
  const times = writeRaw(folder, 't.bin', { dtype: 'float64', shape: [30_000], items: seconds });
  const path = join(folder, 'a.nwb');
  const what = description(path, [
    timeSeries(
      'x',
      { source: data, chunks: [512, 2], maxshape: [null, 5] },
      {
        timestamps: { source: times, chunks: [4096], compression: null },
      },
    ),
  ]);
  return { folder, path, what };
}

test('plan() writes nothing', async () => {
  const { folder, path, what } = recording();
  const before = listing(folder);
  await plan(what, { workers: WORKERS });
  expect(listing(folder)).toEqual(before);
  writeFileSync(path, 'old');
  await plan(what, { workers: WORKERS });
  expect(listing(folder)).toEqual([...before, 'a.nwb'].sort());
});

describe.each(['earliest', 'v110'] as const)('plan() with libver %s', (libver) => {
  test('predicts what convert() reports', async () => {
    const { what } = recording();
    const options = { workers: WORKERS, libver, memory: '64 MiB' };
    const planned = await plan(what, options);
    const jobs = new Set<number>();
    const report = await convert(what, {
      ...options,
      onProgress: ({ chunksDone }) => jobs.add(chunksDone),
    });
    const { path, rawBytes, workers, memory, warnings } = report;
    expect(planned).toMatchObject({ path, libver, rawBytes, workers, memory, warnings });
    for (const [at, one] of planned.datasets.entries()) {
      const { path, dtype, shape, maxshape, chunks, chunkCount, index, filters, rawBytes } =
        report.datasets[at];
      const same = { path, dtype, shape, maxshape, chunks, chunkCount, index, filters, rawBytes };
      expect(one).toMatchObject(same);
      expect(one.chunkBytes).toBe(chunks.reduce((size, n) => size * n, dtype === 'int16' ? 2 : 8));
      expect(one.jobShape.every((length, axis) => length % chunks[axis] === 0)).toBe(true);
    }
    // Each job advances the progress once, from 0 before the first job.
    const jobCount = planned.datasets.reduce((sum, one) => sum + one.jobCount, 0);
    expect(jobs.size - 1).toBe(jobCount);
  });
});

describe('the estimated size', () => {
  const both = async (model: Model, data: Record<string, unknown>) => {
    const folder = tempFolder();
    const source = writeRaw(folder, 'a.bin', model);
    const what = description(join(folder, 'a.nwb'), [timeSeries('x', { source, ...data })]);
    const { estimatedBytes } = await plan(what, { workers: WORKERS });
    const { storedBytes } = await convert(what, { workers: WORKERS });
    return { estimatedBytes, storedBytes };
  };

  test('the estimated size of compressed data is within a fifth of the truth', async () => {
    for (const chunks of ['auto', [512, 2], [1000, 5], [7000, 3]]) {
      const { estimatedBytes, storedBytes } = await both(drift(30_000, 5), { chunks });
      expect(estimatedBytes).toBeGreaterThan(storedBytes * 0.8);
      expect(estimatedBytes).toBeLessThan(storedBytes * 1.2);
    }
  });

  test.each([
    { compression: null, chunks: [4, 2] },
    { compression: null, chunks: [64, 64], maxshape: [null, 3] },
    { compression: null, chunks: [4, 2], shuffle: true, fletcher32: true },
  ])('the estimated size is exact for %o', async (data) => {
    const { estimatedBytes, storedBytes } = await both(noise([5, 3]), data);
    expect(estimatedBytes).toBe(storedBytes);
  });

  test('the estimated size of no data is 0', async () => {
    const planned = await plan(description(join(tempFolder(), 'a.nwb'), [timeSeries('x', [1])]));
    expect(planned).toMatchObject({ rawBytes: 0, estimatedBytes: 0, datasets: [], workers: 1 });
  });
});

test('plan() plans no more memory than is allowed', async () => {
  const { what } = recording();
  for (const memory of ['7 MiB', '8 MiB', '40 MiB', '1 GiB'])
    for (const workers of [1, 2, 3]) {
      const planned = await plan(what, { workers, memory });
      expect(planned.memory.planned).toBeLessThanOrEqual(planned.memory.allowed);
    }
});

describe('plan() and obstacles to convert()', () => {
  const refusals = async (what: Description, options: ConvertOptions = {}) =>
    Promise.all([plan, convert].map((run) => rejection(run(what, options))));

  test('an output that no option allows is refused with the message of convert()', async () => {
    const { folder, what } = recording();
    mkdirSync(join(folder, 'folder'));
    writeFileSync(join(folder, 'file'), '');
    for (const path of ['a.bin', 'none/a.nwb', 'file/a.nwb', 'folder', 'n'.repeat(250)]) {
      const other = { ...what, path: join(folder, path) };
      const [planned, converted] = await refusals(other, { overwrite: true });
      expect(planned).toMatchObject({ tag: 'OutputError' });
      expect(planned).toEqual(converted);
    }
  });

  test('an output that an option allows is a warning', async () => {
    const { folder, path, what } = recording();
    const warned = async (options: ConvertOptions) => (await plan(what, options)).warnings;
    const clean = await warned({});
    writeFileSync(`${path}.partial`, 'old');
    const leftover = (await rejection(convert(what))) as Error;
    expect(await warned({})).toEqual([...clean, leftover.message]);
    writeFileSync(path, 'old');
    const existing = (await rejection(convert(what))) as Error;
    expect(await warned({})).toEqual([...clean, existing.message]);
    expect(await warned({ overwrite: true })).toEqual(clean);
    await convert(what, { overwrite: true });
    const other = { ...what, path: join(folder, 'b.nwb') };
    const left = await interrupt(other, 3);
    const { warnings } = await plan(other);
    expect(warnings).toEqual([
      ...clean,
      expect.stringContaining(`was interrupted (${left.journal}): resume it, or pass overwrite`),
    ]);
    for (const options of [{ resume: true }, { overwrite: true }])
      expect((await plan(other, options)).warnings).toEqual(clean);
  });

  test('too little disk space is a warning', async ({ folder }) => {
    const { bavail, bsize } = statfsSync(folder);
    // A sparse file takes no space.
    const rows = Math.ceil((bavail * bsize) / 1024) + 2 ** 20;
    const descriptor = openSync(join(folder, 'a.bin'), 'w');
    ftruncateSync(descriptor, rows * 1024);
    closeSync(descriptor);
    const source = { type: 'raw', path: join(folder, 'a.bin'), dtype: 'int8', shape: [null, 1024] };
    const series = timeSeries('x', { source, compression: null } as never);
    const { warnings } = await plan(description(join(folder, 'a.nwb'), [series]));
    expect(warnings).toContainEqual(
      expect.stringMatching(/^about .* will be written, but only .* are free in \//),
    );
  });

  test('one column more than the format holds is refused, and the last one that fits is not', async () => {
    const columnsOf = (count: number): Description => {
      const names = Array.from({ length: count }, (_, at) => `c${at}`);
      const { what } = recording();
      return {
        ...what,
        devices: [{ name: 'p', description: 'p' }],
        electrodeGroups: [{ name: 'g', device: 'p', location: 'l', description: 'g' }],
        electrodes: {
          count: 1,
          group: 'g',
          location: 'l',
          columns: Object.fromEntries(names.map((name) => [name, [1]])),
        },
        electrodeColumns: Object.fromEntries(names.map((name) => [name, 'a column'])),
      };
    };
    // An attribute holds 4091 names of 16 bytes, of which 3 are those of required columns.
    const many = columnsOf(4089);
    for (const error of await refusals(many))
      expect(error).toMatchObject({
        tag: 'LayoutError',
        place: 'electrodes',
        message:
          "Expected an attribute of at most 65535 bytes with libver 'earliest' for /general/extracellular_ephys/electrodes@colnames but received one of 65536 bytes (4092 items) (use libver 'v110', or fewer items)",
      });
    const { path } = await convert(many, { libver: 'v110' });
    using file = new File(path, 'r');
    using table = file.group('/general/extracellular_ephys/electrodes');
    expect(table.attributes.get('colnames').data).toHaveLength(4092);
    const most = columnsOf(4088);
    await plan(most);
    await convert(most);
  }, 30_000);

  test('more items than can be counted are refused', async ({ folder }) => {
    const data = {
      dtype: 'int8',
      maxshape: [3_055_693_983, 3_055_693_983],
      [Symbol.iterator](): never {
        throw new Error('no data are asked for');
      },
    } as const;
    const series = timeSeries('x', dataIO(data, { chunks: [16, 64] }) as never);
    for (const error of await refusals(description(join(folder, 'a.nwb'), [series])))
      expect(error).toMatchObject({
        tag: 'LayoutError',
        message:
          'Expected at most 2^53 - 1 items for /acquisition/x/data but received the shape [3055693983, 3055693983], of about 9.34e+18',
      });
    expect(listing(folder)).toEqual([]);
  });
});

test.each([
  [2 ** 40, 'v110', 'Expected fewer than 4294967296 chunks'],
  [2 ** 52, 'earliest', 'Expected at most 2^53 - 1 items'],
] as const)(
  'data that grow to row %i with %s fail with an error of hyperslab',
  async (row, libver, words) => {
    const folder = tempFolder();
    const data = {
      dtype: 'int8',
      maxshape: [null, 64],
      *[Symbol.iterator]() {
        for (const first of [0, row]) {
          const block = ndarray(new Int8Array(64).fill(7), [1, 64]);
          yield new DataChunk(block, [slice(first, first + 1)]);
        }
      },
    } as const;
    const series = timeSeries('x', dataIO(data, { chunks: [16, 64] }) as never);
    const error = await rejection(
      convert(description(join(folder, 'a.nwb'), [series]), { libver }),
    );
    expect(error).toMatchObject({
      tag: 'LayoutError',
      message: expect.stringContaining(`${words}`),
    });
    expect((error as Error).message).toContain('/acquisition/x/data');
  },
);
