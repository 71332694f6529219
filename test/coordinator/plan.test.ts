import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { convert, plan } from '../../src/index.js';
import {
  description,
  listing,
  type Model,
  noise,
  tempFolder,
  timeSeries,
  waves,
  writeRaw,
} from '../support/recordings.js';

/** Counts that drift with noise on top: about as compressible as a recording is. */
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
  const times = writeRaw(folder, 't.bin', waves([30_000], 'float64'));
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

test('writes nothing', async () => {
  const { folder, path, what } = recording();
  const before = listing(folder);
  await plan(what, { workers: 2 });
  expect(listing(folder)).toEqual(before);
  writeFileSync(path, 'old');
  await plan(what, { workers: 2 });
  expect(listing(folder)).toEqual([...before, 'a.nwb'].sort());
});

describe.each(['earliest', 'v110'] as const)('of a file of %s', (libver) => {
  test('says what convert() does', async () => {
    const { what } = recording();
    const options = { workers: 2, libver, memory: '64 MiB' };
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
    // Each job moves the progress once; before the first it is at 0.
    const jobCount = planned.datasets.reduce((sum, one) => sum + one.jobCount, 0);
    expect(jobs.size - 1).toBe(jobCount);
  });
});

describe('the estimated size', () => {
  const both = async (model: Model, data: Record<string, unknown>) => {
    const folder = tempFolder();
    const source = writeRaw(folder, 'a.bin', model);
    const what = description(join(folder, 'a.nwb'), [timeSeries('x', { source, ...data })]);
    const { estimatedBytes } = await plan(what, { workers: 2 });
    const { storedBytes } = await convert(what, { workers: 2 });
    return { estimatedBytes, storedBytes };
  };

  test('is within a fifth of the truth where data are compressed', async () => {
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
  ])('is exact for %o', async (data) => {
    const { estimatedBytes, storedBytes } = await both(noise([5, 3]), data);
    expect(estimatedBytes).toBe(storedBytes);
  });

  test('of no data is 0', async () => {
    const planned = await plan(description(join(tempFolder(), 'a.nwb'), [timeSeries('x', [1])]));
    expect(planned).toMatchObject({ rawBytes: 0, estimatedBytes: 0, datasets: [], workers: 1 });
  });
});

test('plans no more memory than is allowed', async () => {
  const { what } = recording();
  for (const memory of ['7 MiB', '8 MiB', '40 MiB', '1 GiB'])
    for (const workers of [1, 2, 3]) {
      const planned = await plan(what, { workers, memory });
      expect(planned.memory.planned).toBeLessThanOrEqual(planned.memory.allowed);
    }
});
