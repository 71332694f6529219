import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { File } from '../../src/hdf5/index.js';
import {
  convert,
  DataChunk,
  DataChunkIterator,
  DataWriter,
  type Description,
  dataIO,
  fill,
  resume,
  slice,
} from '../../src/index.js';
import { header, npy } from '../bad-input/npy.js';
import { WORKERS } from '../support/effort.js';
import { iterator } from '../support/iterators.js';
import {
  description,
  type Model,
  moduleText,
  rejection,
  tempFolder,
  timeSeries,
  writeModule,
  writeRaw,
} from '../support/recordings.js';

type Timestamps = NonNullable<Description['acquisition']>[number]['timestamps'];

const PATH = '/acquisition/s/timestamps';
const COUNT = 1000;

/** Ascending seconds, except for given values at some indices. */
function times(others: Readonly<Record<number, number>> = {}, count = COUNT): Model {
  const items = Float64Array.from({ length: count }, (_, at) => others[at] ?? at / 10);
  return { dtype: 'float64', shape: [count], items };
}

function series(timestamps: Timestamps, count = COUNT) {
  return timeSeries('s', new Int16Array(count), { timestamps });
}

/** The warnings of a conversion of timestamps, which may be in files of a folder. */
async function warningsOf(make: (folder: string) => Timestamps, count = COUNT): Promise<string[]> {
  const folder = tempFolder();
  const what = description(join(folder, 'a.nwb'), [series(make(folder), count)]);
  const { warnings } = await convert(what, { workers: WORKERS });
  return warnings.filter((line) => line.includes('timestamps'));
}

/** 100 chunks, a few in each job. */
const CHUNKS = { chunks: [10] };

type Way = (folder: string, model: Model) => Timestamps;

const items = ({ items }: Model) => items as Float64Array<ArrayBuffer>;

const ways: Readonly<Record<string, Way>> = {
  'raw file': (folder, model) => ({ source: writeRaw(folder, 't.bin', model), ...CHUNKS }),
  'big-endian raw file': (folder, model) => ({
    source: writeRaw(folder, 't.bin', model, { endian: 'big' }),
    ...CHUNKS,
  }),
  '.npy file': (folder, model) => {
    const bytes = npy(header("'<f8'", 'False', `(${COUNT},)`), new Uint8Array(items(model).buffer));
    writeFileSync(join(folder, 't.npy'), bytes);
    return { source: { type: 'npy', path: join(folder, 't.npy') }, ...CHUNKS };
  },
  'chain of files': (folder, model) => {
    const sources = [0, 1, 2, 3].map((at) => {
      const part = items(model).slice(250 * at, 250 * (at + 1));
      return writeRaw(folder, `t${at}.bin`, { dtype: 'float64', shape: [250], items: part });
    });
    return { source: { type: 'concat', sources }, ...CHUNKS };
  },
  module: (folder, model) => {
    const source = writeModule(
      folder,
      't.mjs',
      `const times = [${[...items(model)].map(String)}];
      export const open = () => ({
        dtype: 'float64',
        shape: [times.length],
        read: ([start], [count]) => Float64Array.from(times.slice(start, start + count)),
      });`,
    );
    return { source, ...CHUNKS };
  },
  'typed array': (_, model) => dataIO(items(model), CHUNKS),
  'nested list': (_, model) => dataIO([...items(model)], CHUNKS),
  DataChunkIterator: (_, model) =>
    dataIO(new DataChunkIterator([...items(model)], { dtype: 'float64' }), CHUNKS),
  'iterator whose DataChunks come backwards, and are not aligned': (_, model) =>
    dataIO(
      iterator(
        [COUNT],
        function* () {
          for (let end = COUNT; end > 0; end -= 8)
            yield new DataChunk(
              { data: items(model).slice(end - 8, end), shape: [8] },
              slice(end - 8, end),
            );
        },
        { dtype: 'float64' },
      ),
      CHUNKS,
    ),
};

describe.each(Object.entries(ways))('Timestamps of a %s', (_, way) => {
  test('give no warning if they ascend', async () => {
    expect(await warningsOf((folder) => way(folder, times()))).toEqual([]);
  });

  test('give a warning with the first one that falls, at a chunk border or within a chunk', async () => {
    expect(await warningsOf((folder) => way(folder, times({ 500: 7, 703: 1 })))).toEqual([
      `${PATH}: timestamps are not ascending (2 of 1000, the first at index 500: 7 after 49.9)`,
    ]);
  });

  test('give a warning with the first one that is not finite or is negative', async () => {
    const model = times({ 0: -1, 1: -1, 123: Number.NaN, 900: Number.POSITIVE_INFINITY });
    expect(await warningsOf((folder) => way(folder, model))).toEqual([
      `${PATH}: timestamps are not finite (2 of 1000, the first at index 123: NaN)`,
      `${PATH}: timestamps are negative (2 of 1000, the first at index 0: -1)`,
    ]);
  });
});

test.each(['raw file', 'chain of files', 'typed array'])(
  'Timestamps of a %s that fall at borders between chunks, jobs and files are all counted',
  async (way) => {
    const borders = Array.from({ length: COUNT / 10 - 1 }, (_, at) => 10 * (at + 1));
    const model = times(Object.fromEntries(borders.map((at) => [at, 0])));
    expect(await warningsOf((folder) => ways[way](folder, model))).toEqual([
      `${PATH}: timestamps are not ascending (99 of 1000, the first at index 10: 0 after 0.9)`,
    ]);
  },
);

test('Timestamps in the description give the same warnings', async () => {
  expect(await warningsOf(() => [0, 2, 1], 3)).toEqual([
    `${PATH}: timestamps are not ascending (1 of 3, at index 2: 1 after 2)`,
  ]);
});

test('Timestamps that a writer appends are judged in their final state, however often it flushes', async () => {
  const writer = new DataWriter({ dtype: 'float64', maxshape: [null] });
  const running = warningsOf(() => dataIO(writer, CHUNKS), 9);
  await writer.append(Float64Array.of(0, 1, 2, 3));
  await writer.flush();
  await writer.append(Float64Array.of(4, 3.5, 5, 6, 7));
  writer.end();
  expect(await running).toEqual([
    `${PATH}: timestamps are not ascending (1 of 9, at index 5: 3.5 after 4)`,
  ]);
});

test('Timestamps that an iterator overwrites are judged in their final state', async () => {
  const chunk = (...values: number[]) =>
    new DataChunk(
      { data: Float64Array.from(values), shape: [values.length] },
      slice(0, values.length),
    );
  const twice = (first: DataChunk, second: DataChunk) =>
    warningsOf(
      () =>
        iterator(
          [3],
          function* () {
            yield first;
            yield second;
          },
          { dtype: 'float64' },
        ),
      3,
    );
  expect(await twice(chunk(0, 2, 1), chunk(0, 1, 2))).toEqual([]);
  expect(await twice(chunk(0, 1, 2), chunk(0, 2, 1))).toHaveLength(1);
});

test('Timestamps that an interrupted run wrote are reported as not checked', async () => {
  const folder = tempFolder();
  const path = join(folder, 'a.nwb');
  // The last timestamps are read late and slowly.
  const slow = moduleText([COUNT], 'if (start[0] > 0) await new Promise((r) => setTimeout(r, 20));')
    .replace("'int16'", "'float64'")
    .replace('Int16Array', 'Float64Array');
  const source = writeModule(folder, 't.mjs', slow);
  const stop = new AbortController();
  const timestamps = { source, ...CHUNKS };
  const data = { source: writeRaw(folder, 'd.bin', times()) };
  const running = convert(description(path, [timeSeries('s', data, { timestamps })]), {
    workers: WORKERS,
    signal: stop.signal,
    onProgress: ({ datasets }) => {
      if (datasets.some((one) => one.path === PATH && one.bytesRead > 0)) stop.abort();
    },
  });
  expect(await rejection(running)).toBe(stop.signal.reason);
  const { warnings, chunksRestored } = await resume(path, { workers: 1 });
  expect(chunksRestored).toBeGreaterThan(0);
  const told = warnings.filter((line) => line.startsWith(PATH));
  expect(told).toEqual([
    expect.stringMatching(
      /: \d+0 of 1000 timestamps were not written by this run and not checked$/,
    ),
  ]);
});

test.each([
  ['float32', true],
  ['float64', true],
  ['float64', false],
] as const)(
  'Timestamps that fill a dataset of %s, chunked: %s, are judged, too',
  async (dtype, isChunked) => {
    const path = join(tempFolder(), 'a.h5');
    {
      using file = new File(path, 'w');
      using group = file.createGroup('s');
      group
        .createDataset('timestamps', {
          ...{ dtype, shape: [3] },
          ...(isChunked && { maxshape: [null], chunks: [2] }),
        })
        .close();
    }
    const data = (dtype === 'float32' ? Float32Array : Float64Array).of(0, 2, 1);
    const { warnings } = await fill(path, { '/s/timestamps': data }, { workers: 1 });
    expect(warnings).toEqual([
      '/s/timestamps: timestamps are not ascending (1 of 3, at index 2: 1 after 2)',
    ]);
  },
);
