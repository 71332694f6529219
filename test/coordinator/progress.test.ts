import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { convert, type Progress, verify } from '../../src/index.js';
import {
  description,
  noise,
  tempFolder,
  timeSeries,
  waves,
  writeRaw,
} from '../support/recordings.js';

const COUNTS = ['bytesRead', 'bytesPlanned', 'bytesStored', 'chunksDone', 'chunksPlanned'] as const;

async function record(workers: number) {
  const folder = tempFolder();
  const large = writeRaw(folder, 'large.bin', waves([4000, 4]));
  const small = writeRaw(folder, 'small.bin', noise([1000, 2], 'float32'));
  const path = join(folder, 'a.nwb');
  const what = description(path, [
    timeSeries('large', { source: large, chunks: [30, 4] }),
    timeSeries('small', { source: small, chunks: [25, 1] }),
  ]);
  const seen: Progress[] = [];
  const report = await convert(what, { workers, onProgress: (now) => seen.push(now) });
  return { path, what, seen, report };
}

describe.each([1, 2, 3])('progress of %i workers', (workers) => {
  test('begins at zero, never goes back, and ends with everything', async () => {
    const { seen, report } = await record(workers);
    const [first, last] = [seen[0], seen[seen.length - 1]];
    expect(first).toMatchObject({ bytesRead: 0, bytesStored: 0, chunksDone: 0, seconds: 0 });
    expect(last.bytesRead).toBe(last.bytesPlanned);
    expect(last.chunksDone).toBe(last.chunksPlanned);
    expect(last.bytesPlanned).toBe(4000 * 4 * 2 + 1000 * 2 * 4);
    expect(last.chunksPlanned).toBe(134 + 80);
    expect(last.bytesStored).toBe(report.storedBytes);
    for (const [at, now] of seen.entries()) {
      const before = seen[Math.max(0, at - 1)];
      for (const count of [...COUNTS, 'seconds'] as const)
        expect(now[count]).toBeGreaterThanOrEqual(before[count]);
      for (const count of COUNTS)
        expect(now[count]).toBe(now.datasets.reduce((sum, one) => sum + one[count], 0));
    }
  });

  test('advances in all datasets at the same time', async () => {
    const { seen } = await record(workers);
    const both = seen.some(({ datasets }) =>
      datasets.every(
        ({ chunksDone, chunksPlanned }) => chunksDone > 0 && chunksDone < chunksPlanned,
      ),
    );
    expect(both).toBe(true);
    expect(seen[0].datasets.map(({ path }) => path)).toEqual([
      '/acquisition/large/data',
      '/acquisition/small/data',
    ]);
  });
});

test('onProgress gets an object of its own, which it may keep and change', async () => {
  const folder = tempFolder();
  const source = writeRaw(folder, 'a.bin', waves([1000, 4]));
  const path = join(folder, 'a.nwb');
  const what = description(path, [timeSeries('x', { source, chunks: [50, 4] })]);
  const done: number[] = [];
  const report = await convert(what, {
    workers: 1,
    onProgress: (now) => {
      done.push(now.chunksDone);
      now.chunksDone = now.bytesStored = 1e9;
      now.datasets[0].bytesStored = 1e9;
    },
  });
  expect(Math.max(...done)).toBe(20);
  expect(report.storedBytes).toBeLessThan(8000);
  expect(report.datasets[0].storedBytes).toBe(report.storedBytes);
});

test('verify() reports its progress', async () => {
  const { path, what } = await record(2);
  const seen: number[] = [];
  const report = await verify(path, what, {
    workers: 2,
    onProgress: ({ bytesRead, bytesPlanned }) => {
      expect(bytesPlanned).toBe(40_000);
      seen.push(bytesRead);
    },
  });
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(seen.at(-1)).toBe(40_000);
  expect(report.rawBytes).toBe(40_000);
});
