import { getEventListeners } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { File } from '../../src/hdf5/index.js';
import { convert, verify } from '../../src/index.js';
import {
  description,
  listing,
  moduleText,
  rejection,
  tempFolder,
  timeSeries,
  waves,
  writeModule,
  writeRaw,
} from '../support/recordings.js';

function recording() {
  const folder = tempFolder();
  const source = writeRaw(folder, 'a.bin', waves([4000, 4]));
  const path = join(folder, 'a.nwb');
  const what = description(path, [timeSeries('x', { source, chunks: [10, 4] })]);
  return { folder, path, what };
}

/** The number of stored chunks, and of all chunks. */
function chunksOf(path: string): { stored: number; all: number } {
  using file = new File(path, 'r');
  using dataset = file.dataset('/acquisition/x/data');
  const places = dataset.locate([0, 0], dataset.shape);
  const addresses = places.filter((_, index) => index % 3 === 0);
  return { stored: addresses.filter((address) => address >= 0).length, all: addresses.length };
}

describe('a conversion that is stopped', () => {
  test('before it begins writes nothing', async () => {
    const { folder, what } = recording();
    const reason = new Error('never mind');
    const error = await rejection(convert(what, { signal: AbortSignal.abort(reason) }));
    expect(error).toBe(reason);
    expect(listing(folder)).toEqual(['a.bin']);
  });

  test('while it is prepared writes nothing', async () => {
    const { folder, what } = recording();
    const controller = new AbortController();
    const running = convert({ ...what, acquisition: [timeSeries('x', [1, 2])] }, controller);
    controller.abort();
    expect(await rejection(running)).toMatchObject({ name: 'AbortError' });
    expect(listing(folder)).toEqual(['a.bin']);
  });

  test.each([1, 2, 3])('while %i workers run can leave nothing', async (workers) => {
    const { folder, what } = recording();
    const controller = new AbortController();
    const reason = new Error('enough');
    const chunks: number[] = [];
    const running = convert(what, {
      workers,
      keepPartial: false,
      signal: controller.signal,
      onProgress: ({ chunksDone }) => {
        chunks.push(chunksDone);
        if (chunksDone > 0) controller.abort(reason);
      },
    });
    expect(await rejection(running)).toBe(reason);
    expect(Math.max(...chunks)).toBeLessThan(400);
    expect(listing(folder)).toEqual(['a.bin']);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  test('keeps its partial file, which can be opened, and its journal', async () => {
    const { folder, path, what } = recording();
    const controller = new AbortController();
    let done = 0;
    const running = convert(what, {
      workers: 2,
      signal: controller.signal,
      onProgress: ({ chunksDone }) => {
        done = chunksDone;
        if (chunksDone > 0) controller.abort();
      },
    });
    expect(await rejection(running)).toMatchObject({ name: 'AbortError' });
    expect(listing(folder)).toEqual(['a.bin', 'a.nwb.journal', 'a.nwb.partial']);
    const { stored, all } = chunksOf(`${path}.partial`);
    expect(all).toBe(400);
    expect(stored).toBe(done);
    expect(stored).toBeLessThan(all);

    const check = await verify(`${path}.partial`, what, { workers: 1 });
    expect(check.equal).toBe(false);
    const { chunksRestored } = await convert(what, { workers: 2, resume: true });
    expect(chunksRestored).toBe(done);
    expect(listing(folder)).toEqual(['a.bin', 'a.nwb']);
    expect((await verify(path, what, { workers: 1 })).equal).toBe(true);
  });

  test('stops before the next chunk, not only before the next job', async () => {
    const folder = tempFolder();
    const wait = `
      writeFileSync(options.reading, '');
      while (!existsSync(options.go)) await new Promise((done) => setTimeout(done, 5));`;
    const options = { reading: join(folder, 'reading'), go: join(folder, 'go') };
    const source = writeModule(folder, 'm.mjs', moduleText([400, 4], wait), options);
    const what = description(join(folder, 'a.nwb'), [timeSeries('x', { source, chunks: [10, 4] })]);
    const controller = new AbortController();
    const running = convert(what, { workers: 1, signal: controller.signal });
    const stopped = rejection(running);
    while (!existsSync(options.reading)) await setTimeout(5);
    controller.abort();
    writeFileSync(options.go, '');
    expect(await stopped).toMatchObject({ name: 'AbortError' });
    // 40 chunks were read, but none was written: a written one would be kept.
    expect(listing(folder)).toEqual(['go', 'm.mjs', 'reading']);
  });
});

describe('a signal that comes too late', () => {
  test('has no effect', async () => {
    const { path, what } = recording();
    const controller = new AbortController();
    await convert(what, { workers: 2, signal: controller.signal });
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    controller.abort();
    expect((await verify(path, what, { workers: 1 })).equal).toBe(true);
  });
});

test('an error of onProgress stops the conversion, which rejects with this error', async () => {
  const { folder, what } = recording();
  for (const [after, thrown] of [
    [-1, new Error('at once')],
    [0, new RangeError('later')],
    [0, undefined],
  ] as const) {
    const onProgress = ({ chunksDone }: { chunksDone: number }) => {
      if (chunksDone > after) throw thrown;
    };
    const running = convert(what, { workers: 2, keepPartial: false, onProgress });
    expect(await rejection(running)).toBe(thrown);
    expect(listing(folder)).toEqual(['a.bin']);
  }
});

test('a signal stops verify(), too', async () => {
  const { path, what } = recording();
  await convert(what, { workers: 2 });
  const aborted = verify(path, what, { signal: AbortSignal.abort(new Error('no')) });
  expect(await rejection(aborted)).toMatchObject({ message: 'no' });
  const controller = new AbortController();
  const running = verify(path, what, {
    workers: 2,
    signal: controller.signal,
    onProgress: () => controller.abort(new Error('enough')),
  });
  expect(await rejection(running)).toMatchObject({ message: 'enough' });
});
