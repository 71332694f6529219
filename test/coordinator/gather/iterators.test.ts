import { join } from 'node:path';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import {
  type AbstractDataChunkIterator,
  type ConvertOptions,
  convert,
  DataChunk,
  DataChunkIterator,
  DataError,
  LayoutError,
  ndarray,
  slice,
} from '../../../src/index.js';
import { test } from '../../support/fixtures.js';
import { asyncIterator, iterator, rows } from '../../support/iterators.js';
import {
  description,
  listing,
  readBack,
  rejection,
  tempFolder,
  timeSeries,
  waves,
  writeRaw,
} from '../../support/recordings.js';

const DATA = '/acquisition/x/data';

/** A description of one series, in a new folder. */
function recording(data: AbstractDataChunkIterator) {
  const folder = tempFolder();
  const path = join(folder, 'a.nwb');
  const what = description(path, [timeSeries('x', { data, chunks: [10, 4] })]);
  return { folder, path, what };
}

/** The items of `count` rows of 4: numbered in the rows that came, and 0, the fill value, in the others. */
function counted(rowsThatCame: number, count = rowsThatCame): number[] {
  return Array.from({ length: 4 * count }, (_, at) => (at < 4 * rowsThatCame ? at : 0));
}

/** The error of a conversion that must leave no files. */
async function failure(data: AbstractDataChunkIterator, options: ConvertOptions = {}) {
  const { folder, what } = recording(data);
  const error = await rejection(convert(what, { workers: 2, keepPartial: false, ...options }));
  expect(listing(folder)).toEqual([]);
  return error;
}

describe('an iterator', () => {
  test('that ends at once gives a dataset of fill values with its first extent', async () => {
    for (const [maxshape, shape] of [
      [
        [null, 4],
        [0, 4],
      ],
      [
        [5, 4],
        [5, 4],
      ],
    ]) {
      const { path, what } = recording(iterator(maxshape as number[], function* () {}));
      const report = await convert(what, { workers: 1 });
      expect(report.datasets[0]).toMatchObject({ shape, receivedBytes: 0, chunksRewritten: 0 });
      expect(readBack(path, DATA)).toMatchObject({
        shape,
        data: new Int16Array((shape[0] as number) * 4),
      });
    }
  });

  test('may begin with a smaller extent than its maxshape', async () => {
    const declared = { recommendedDataShape: [3, 4] };
    const source = iterator([null, 4], () => [rows(0, 2, 4)].values(), declared);
    const { path, what } = recording(source);
    await convert(what, { workers: 1 });
    expect(readBack(path, DATA)).toMatchObject({
      shape: [3, 4],
      data: Int16Array.from(counted(2, 3)),
    });
  });

  test('is prepared once, before its first DataChunk is requested', async () => {
    const log: string[] = [];
    let dtype: 'int16' | undefined;
    const source = {
      get dtype() {
        log.push(`dtype ${dtype}`);
        return dtype as 'int16';
      },
      maxshape: [null, 4],
      async prepare() {
        await setImmediate();
        log.push('prepared');
        dtype = 'int16';
      },
      *[Symbol.iterator]() {
        yield rows(0, 1, 4);
      },
    };
    const { path, what } = recording(source);
    await convert(what, { workers: 1 });
    expect(log.filter((line) => line === 'prepared')).toHaveLength(1);
    expect(
      log.filter((line) => line.startsWith('dtype')).every((line) => line === 'dtype int16'),
    ).toBe(true);
    expect(readBack(path, DATA).data).toEqual(Int16Array.from(counted(1)));
  });

  test('that is synchronous and asynchronous is iterated synchronously', async () => {
    const source = {
      ...iterator([null, 4], () => [rows(0, 3, 4)].values()),
      [Symbol.asyncIterator]() {
        throw new Error('not this one');
      },
    };
    const { path, what } = recording(source);
    await convert(what, { workers: 1 });
    expect(readBack(path, DATA).data).toEqual(Int16Array.from(counted(3)));
  });

  test('may return thenables that are not a Promise', async () => {
    const chunks = [rows(0, 3, 4)].values();
    const next = () => {
      const result = chunks.next();
      // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tested
      return { then: (resolve: (value: unknown) => void) => resolve(result) };
    };
    const source = asyncIterator(
      [null, 4],
      () => ({ next }) as unknown as AsyncIterator<DataChunk>,
    );
    const { path, what } = recording(source);
    await convert(what, { workers: 1 });
    expect(readBack(path, DATA).data).toEqual(Int16Array.from(counted(3)));
  });
});

describe('an iterator that throws', () => {
  const thrown = [new RangeError('broken'), 'a text', undefined, Object.freeze({ code: 5 })];

  test('at once rejects with its own error, and leaves no file', async () => {
    for (const error of thrown) {
      const broken = iterator([null, 4], () => {
        throw error;
      });
      expect(await failure(broken)).toBe(error);
      const late = asyncIterator([null, 4], async function* () {
        yield* [];
        throw error;
      });
      expect(await failure(late)).toBe(error);
      const unprepared = {
        ...iterator([null, 4], function* () {}),
        prepare: () => Promise.reject(error),
      };
      expect(await failure(unprepared)).toBe(error);
    }
  });

  test('midway rejects with its own error, and leaves no file', async () => {
    for (const error of thrown) {
      const broken = asyncIterator([null, 4], async function* () {
        for (let at = 0; at < 5; at++) yield rows(7 * at, 7, 4);
        throw error;
      });
      expect(await failure(broken)).toBe(error);
    }
  });

  test.each([1, 3])('midway keeps all data that came, with %i workers', async (workers) => {
    const error = new Error('broken');
    const { folder, path, what } = recording(
      iterator([null, 4], function* () {
        for (let at = 0; at < 5; at++) yield rows(7 * at, 7, 4);
        throw error;
      }),
    );
    expect(await rejection(convert(what, { workers }))).toBe(error);
    expect(listing(folder)).toEqual(['a.nwb.journal', 'a.nwb.partial']);
    expect(readBack(`${path}.partial`, DATA)).toMatchObject({
      shape: [35, 4],
      data: Int16Array.from(counted(35)),
    });
  });

  test('stops the other iterators, and calls their return()', async () => {
    const log: string[] = [];
    const error = new Error('broken');
    const folder = tempFolder();
    const endless = asyncIterator([null, 4], async function* () {
      try {
        for (let at = 0; ; at++) {
          yield rows(at, 1, 4);
          await setImmediate();
        }
      } finally {
        log.push('returned');
      }
    });
    const broken = asyncIterator([null, 4], async function* () {
      yield rows(0, 1, 4);
      throw error;
    });
    const what = description(join(folder, 'a.nwb'), [
      timeSeries('x', endless),
      timeSeries('y', broken),
    ]);
    expect(await rejection(convert(what, { workers: 1, keepPartial: false }))).toBe(error);
    expect(log).toEqual(['returned']);
    expect(listing(folder)).toEqual([]);
  });
});

describe('a signal', () => {
  /** Yields three DataChunks, then hangs; calls `onHang` when the fourth is requested. */
  function hanging(log: string[], onHang: () => void): AbstractDataChunkIterator {
    let at = 0;
    return asyncIterator([null, 4], () => ({
      next: async () => {
        if (at < 3) return { done: false, value: rows(7 * at++, 7, 4) };
        onHang();
        return new Promise(() => {});
      },
      return: () => {
        log.push('returned');
        return new Promise(() => {});
      },
    }));
  }

  test('ends the wait for a producer that hangs', async () => {
    const log: string[] = [];
    const controller = new AbortController();
    const reason = new Error('enough');
    const source = hanging(log, () => setTimeout(() => controller.abort(reason), 1));
    expect(await failure(source, { signal: controller.signal })).toBe(reason);
    expect(log).toEqual(['returned']);
  });

  test('keeps the data that came', async () => {
    const controller = new AbortController();
    const source = hanging([], () => setTimeout(() => controller.abort(), 1));
    const { path, what } = recording(source);
    const { signal } = controller;
    const error = await rejection(convert(what, { workers: 2, signal }));
    expect(error).toMatchObject({ name: 'AbortError' });
    expect(readBack(`${path}.partial`, DATA)).toMatchObject({
      shape: [21, 4],
      data: Int16Array.from(counted(21)),
    });
  });

  test('stops an iterator that never waits', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const log: string[] = [];
    const endless = iterator([null, 4], function* () {
      setTimeout(() => controller.abort(reason), 1);
      try {
        for (let at = 0; ; at++) yield rows(at % 100, 1, 4);
      } finally {
        log.push('returned');
      }
    });
    expect(await failure(endless, { signal: controller.signal })).toBe(reason);
    expect(log).toEqual(['returned']);
  });

  test('stops a conversion in the middle of an array', async ({ folder }) => {
    const path = join(folder, 'a.nwb');
    const array = ndarray(new Int16Array(16 * 2 ** 20), [2 ** 20, 16]);
    for (let at = 0; at < array.data.length; at++)
      array.data[at] = Math.imul(at, 2654435761) >>> 26;
    // The whole array would take seconds at level 9.
    const data = { data: array, chunks: [4096, 16], compressionOpts: 9 };
    const what = description(path, [timeSeries('x', data)]);
    const controller = new AbortController();
    let bytes = 0;
    const running = convert(what, {
      workers: 1,
      memory: '16MiB',
      keepPartial: false,
      signal: controller.signal,
      onProgress: ({ bytesRead }) => {
        bytes = bytesRead;
        if (bytesRead > 0) controller.abort();
      },
    });
    expect(await rejection(running)).toMatchObject({ name: 'AbortError' });
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(array.data.byteLength);
    expect(listing(folder)).toEqual([]);
  });
});

describe('a DataChunk that does not fit is refused', () => {
  const chunkOf = (data: DataChunk['data'], selection: DataChunk['selection']) =>
    iterator([100, 4], () => [rows(0, 3, 4), new DataChunk(data, selection)].values());

  test.each([
    [
      'of another type',
      chunkOf(ndarray(new Float32Array(4), [1, 4]), 0),
      DataError,
      /int16.* for DataChunk 1 of \/acquisition\/x\/data but received .*float32/i,
    ],
    [
      'of another shape',
      chunkOf(ndarray(new Int16Array(12), [3, 4]), slice(3, 5)),
      LayoutError,
      /^Expected data of shape \[2, 4\] for DataChunk 1 of \/acquisition\/x\/data but received shape \[3, 4\]$/,
    ],
    [
      'beyond maxshape',
      chunkOf(ndarray(new Int16Array(12), [3, 4]), slice(98, 101)),
      LayoutError,
      /^Expected indices below 100 along axis 0 for DataChunk 1 of \/acquisition\/x\/data but received 100 in \[98:101/,
    ],
  ])('%s', async (_, source, kind, message) => {
    const error = await failure(source);
    expect(error).toBeInstanceOf(kind);
    expect((error as Error).message).toMatch(message);
  });

  test('if it is not a DataChunk at all', async () => {
    const error = await failure(iterator([100, 4], () => [5 as never].values()));
    expect(error).toBeInstanceOf(DataError);
    expect((error as Error).message).toMatch(
      /^Expected a DataChunk for DataChunk 0 of \/acquisition\/x\/data but received 5$/,
    );
  });

  test('and return() of the iterator is called', async () => {
    const log: string[] = [];
    const source = iterator([null, 4], function* () {
      try {
        yield new DataChunk(ndarray(new Float64Array(4)), 0);
      } finally {
        log.push('returned');
      }
    });
    await failure(source);
    expect(log).toEqual(['returned']);
  });

  test('but earlier data are kept', async () => {
    const wrong = chunkOf(ndarray(new Int16Array(12), [3, 4]), slice(3, 5));
    const { path, what } = recording(wrong);
    await rejection(convert(what, { workers: 1 }));
    expect(readBack(`${path}.partial`, DATA).data).toEqual(Int16Array.from(counted(3, 100)));
  });
});

describe('several iterators', () => {
  test('take turns', async () => {
    const log: string[] = [];
    const source = (name: string) =>
      asyncIterator([null, 4], async function* () {
        for (let at = 0; at < 20; at++) {
          log.push(name);
          yield rows(at, 1, 4);
          await setImmediate();
        }
      });
    const path = join(tempFolder(), 'a.nwb');
    const names = ['x', 'y', 'z'];
    const what = description(
      path,
      names.map((name) => timeSeries(name, source(name))),
    );
    await convert(what, { workers: 2 });
    // No iterator is far ahead of the others.
    for (let at = 0; at < 20; at++) expect(log.slice(3 * at, 3 * at + 3).toSorted()).toEqual(names);
    for (const name of names)
      expect(readBack(path, `/acquisition/${name}/data`).data).toEqual(
        Int16Array.from(counted(20)),
      );
  });

  test('are converted together with files and arrays', async ({ folder }) => {
    const path = join(folder, 'a.nwb');
    const model = waves([200, 4]);
    const source = writeRaw(folder, 'a.bin', model);
    const array = ndarray(
      Float64Array.from({ length: 60 }, (_, at) => at / 7),
      [20, 3],
    );
    const times = Float64Array.from({ length: 21 }, (_, at) => at / 100);
    async function* items() {
      for (let at = 0; at < 21; at++) yield await Promise.resolve(Int16Array.of(at, -at));
    }
    const what = description(path, [
      timeSeries('file', { source, chunks: [10, 4] }),
      timeSeries('array', { data: array, chunks: [8, 2] }),
      timeSeries('stream', new DataChunkIterator(items(), { bufferSize: 4 }), {
        timestamps: { data: times, chunks: [5] },
      }),
      timeSeries(
        'own',
        iterator([null, 4], () => [rows(0, 9, 4)].values()),
      ),
    ]);
    const report = await convert(what, { workers: 2, memory: '64MiB' });
    expect(readBack(path, '/acquisition/file/data').data).toEqual(model.items);
    expect(readBack(path, '/acquisition/array/data')).toMatchObject({
      shape: [20, 3],
      data: array.data,
    });
    expect(readBack(path, '/acquisition/stream/data')).toMatchObject({
      shape: [21, 2],
      data: Int16Array.from({ length: 42 }, (_, at) => (at % 2 ? -(at >> 1) : at >> 1)),
    });
    expect(readBack(path, '/acquisition/stream/timestamps').data).toEqual(times);
    expect(readBack(path, '/acquisition/own/data').data).toEqual(Int16Array.from(counted(9)));
    const received = new Map(report.datasets.map((one) => [one.path, one.receivedBytes]));
    expect(Object.fromEntries(received)).toEqual({
      '/acquisition/file/data': 1600,
      '/acquisition/array/data': 480,
      '/acquisition/stream/data': 84,
      '/acquisition/stream/timestamps': 168,
      '/acquisition/own/data': 72,
    });
    expect(report.rawBytes).toBe(1600 + 480 + 84 + 168 + 72);
    expect(report.warnings.filter((line) => line.includes('timestamps'))).toEqual([]);
  });

  test('must be distinct: one DataChunkIterator for two datasets is refused', async ({
    folder,
  }) => {
    const one = new DataChunkIterator([
      [1, 2],
      [3, 4],
    ]);
    const what = description(join(folder, 'a.nwb'), [timeSeries('x', one), timeSeries('y', one)]);
    const error = await rejection(convert(what, { workers: 1, keepPartial: false }));
    expect(error).toBeInstanceOf(DataError);
    expect((error as Error).message).toBe(
      'Expected one iteration for a DataChunkIterator but received a second one, after its data were consumed',
    );
    expect(listing(folder)).toEqual([]);
  });

  test('give a warning if they bring different numbers of timestamps and samples', async () => {
    const path = join(tempFolder(), 'a.nwb');
    const times = new DataChunkIterator(Float64Array.of(0, 1, 2), { maxshape: [null] });
    const source = iterator([null, 4], () => [rows(0, 5, 4)].values());
    const what = description(path, [timeSeries('x', source, { timestamps: times })]);
    const { warnings } = await convert(what, { workers: 1 });
    expect(warnings).toContain('/acquisition/x/timestamps: received 3 timestamps for 5 samples');
  });
});

test('a dataset for which no data came gives a warning', async () => {
  const path = join(tempFolder(), 'a.nwb');
  const none = iterator([null, 4], () => [].values());
  const { warnings } = await convert(description(path, [timeSeries('x', none)]), { workers: 1 });
  expect(warnings).toContain('/acquisition/x/data: no data were received');
});

test('an iterator has cleaned up when its conversion has failed', async () => {
  const path = join(tempFolder(), 'a.nwb');
  let isClean = false;
  const source = asyncIterator([null, 4], async function* () {
    try {
      for (let row = 0; ; row++) yield rows(row, 1, row < 5 ? 4 : 3);
    } finally {
      await sleep(20);
      isClean = true;
    }
  });
  const error = await rejection(convert(description(path, [timeSeries('x', source)])));
  expect((error as Error).message).toMatch(/for DataChunk 5 of \/acquisition\/x\/data/);
  expect(isClean).toBe(true);
});

test('small rows that come one by one in reused arrays keep their values and places', async () => {
  const path = join(tempFolder(), 'a.nwb');
  const row = new Int16Array(4);
  const source = iterator([null, 4], function* () {
    for (let at = 0; at < 3000; at++) {
      // Gaps, rows that overwrite earlier ones, and large pieces between the small ones.
      const first = at % 1000 === 999 ? at - 500 : at + Math.floor(at / 700);
      if (at === 1500) yield rows(first, 9000, 4);
      else
        yield new DataChunk({ data: row.fill(at % 100), shape: [1, 4] }, slice(first, first + 1));
    }
  });
  const model: number[] = [];
  for (let at = 0; at < 3000; at++) {
    const first = at % 1000 === 999 ? at - 500 : at + Math.floor(at / 700);
    if (at !== 1500) model[first] = at % 100;
    else for (let k = 0; k < 9000; k++) model[first + k] = ((first + k) * 4) % 30_000;
  }
  await convert(description(path, [timeSeries('x', { data: source, chunks: [100, 2] })]), {
    workers: 1,
  });
  const { data, shape } = readBack(path, '/acquisition/x/data');
  expect(shape).toEqual([model.length, 4]);
  const firsts = Array.from({ length: model.length }, (_, at) => Number(data[4 * at]));
  expect(firsts).toEqual(Array.from(model, (value) => value ?? 0));
});

test('many short conversions in one program all end', async ({ folder }) => {
  for (let run = 0; run < 25; run++) {
    const path = join(folder, `${run}.nwb`);
    await convert(description(path, [timeSeries('x', new DataChunkIterator([[run, 1]]))]), {
      workers: 2,
    });
    expect(Number(readBack(path, '/acquisition/x/data').data[0])).toBe(run);
  }
});
