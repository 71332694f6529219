import { createHash } from 'node:crypto';
import { getEventListeners } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { File } from '../../src/hdf5/index.js';
import {
  BudgetError,
  DataChunk,
  DataError,
  DataWriter,
  type DType,
  type FillData,
  type FillOptions,
  fill,
  JobError,
  LayoutError,
  ndarray,
  open,
  type Progress,
  slice,
} from '../../src/index.js';
import { WORKERS } from '../support/effort.js';
import { asyncIterator, iterator, rows } from '../support/iterators.js';
import {
  bytesOf,
  type Model,
  moduleText,
  readBack,
  rejection,
  tempFolder,
  waves,
  writeModule,
  writeRaw,
} from '../support/recordings.js';

const DATA = '/a/data';

interface Made {
  readonly dtype?: DType;
  readonly shape?: readonly number[];
  readonly maxshape?: readonly (number | null)[];
  readonly chunks?: readonly number[];
}

/** A file with `/a/data`, which is empty, links to it, a dataset that is not chunked, and some with data. */
function made(options: Made = {}): { folder: string; path: string } {
  const folder = tempFolder();
  const path = join(folder, 'a.h5');
  using file = new File(path, 'w');
  const { dtype = 'int16', shape = [0, 4], maxshape = [null, 4], chunks = [10, 4] } = options;
  using group = file.createGroup('a');
  const filters = [{ kind: 'shuffle' }, { kind: 'deflate', level: 4 }] as const;
  group.createDataset('data', { dtype, shape, maxshape, chunks, filters: [...filters] }).close();
  group.createDataset('second', { dtype, shape, maxshape, chunks }).close();
  file.createSoftLink('soft', DATA);
  file.createSoftLink('loop', '/loop');
  const contiguous = { dtype: 'int16', shape: [3], data: Int16Array.of(7, 8, 9) } as const;
  file.writeDataset('contiguous', contiguous).close();
  file.writeDataset('scalar', { dtype: 'int16', shape: [], data: Int16Array.of(7) }).close();
  file.writeDataset('text', { dtype: 'string', shape: [1], data: ['a'] }).close();
  return { folder, path };
}

function hash(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

function array({ items, shape }: Model): FillData {
  return ndarray(items, shape);
}

function expectHeld(path: string, dataset: string, model: Model): void {
  const held = readBack(path, dataset);
  expect([held.dtype, held.shape]).toEqual([model.dtype, model.shape]);
  const items = { data: model.items };
  expect(bytesOf(held).equals(bytesOf(items))).toBe(true);
}

describe('fill', () => {
  test('sources, arrays and iterators are filled together, with paths that count from baseDir', async () => {
    const { folder, path } = made();
    const model = waves([95, 4]);
    const source = { ...writeRaw(folder, 'ap.bin', model), path: 'ap.bin' };
    const data = iterator([null, 4], function* () {
      for (let first = 60; first >= 0; first -= 30) yield rows(first, 30, 4);
    });
    const progress: Progress[] = [];
    const options = {
      baseDir: folder,
      workers: WORKERS,
      onProgress: (p: Progress) => progress.push(p),
    };
    const report = await fill('a.h5', { [DATA]: source, '/a/second': data }, options);
    expectHeld(path, DATA, model);
    expect([...readBack(path, '/a/second').data].map(Number)).toEqual(
      Array.from({ length: 360 }, (_, at) => at),
    );
    expect(report).toMatchObject({ path, workers: WORKERS, rawBytes: 760 + 720, warnings: [] });
    expect(report.fileBytes).toBe(readFileSync(path).length);
    expect(report.datasets).toMatchObject([
      { path: DATA, shape: [95, 4], chunkCount: 10, rawBytes: 760, receivedBytes: 760 },
      { path: '/a/second', shape: [90, 4], chunkCount: 9, rawBytes: 720, receivedBytes: 720 },
    ]);
    using file = new File(path, 'r');
    const stored = [DATA, '/a/second'].map((name) => file.dataset(name).storedBytes);
    expect(report.datasets.map(({ storedBytes }) => storedBytes)).toEqual(stored);
    expect(report.storedBytes).toBe(stored[0] + stored[1]);
    expect(progress.at(-1)).toMatchObject({ bytesRead: 1480, bytesPlanned: 1480 });
  });

  test('acknowledged data are in the file even if the process is killed then', async () => {
    const { path } = made();
    const writer = new DataWriter({ dtype: 'int16', maxshape: [null, 4] });
    const filling = fill(path, { [DATA]: writer }, { workers: 1 });
    const copy = `${path}.copy`;
    for (const rows of [25, 50]) {
      await writer.append(new Int16Array(100).fill(rows));
      await writer.flush();
      // The copy is what a process killed at this moment would leave.
      copyFileSync(path, copy);
      const { shape, data } = readBack(copy, DATA);
      expect(shape).toEqual([rows, 4]);
      expect([...data].slice(-100)).toEqual(Array(100).fill(rows));
    }
    writer.end();
    await filling;
  });

  test('filling again replaces the values, and the dataset grows', async () => {
    const { folder, path } = made();
    const first = waves([40, 4]);
    await fill(path, { [DATA]: array(first) }, { workers: 1 });
    expectHeld(path, DATA, first);
    const second = waves([95, 4]);
    second.items.reverse();
    await fill(path, { [DATA]: writeRaw(folder, 'a.bin', second) }, { workers: WORKERS });
    expectHeld(path, DATA, second);
  });

  test('an iterator changes only the elements that it yields', async () => {
    const { path } = made();
    const model = waves([45, 4]);
    await fill(path, { [DATA]: array(model) }, { workers: 1 });
    const data = iterator([null, 4], function* () {
      yield new DataChunk(ndarray(Int16Array.of(-1, -2, -3), [3]), [[3, 17, 44], 2]);
      yield rows(50, 2, 4);
    });
    const report = await fill(path, { [DATA]: data }, { workers: WORKERS });
    const items = new Int16Array(52 * 4);
    items.set(model.items as Int16Array);
    for (const [at, row] of [3, 17, 44].entries()) items[row * 4 + 2] = -1 - at;
    for (let at = 200; at < 208; at++) items[at] = at;
    expectHeld(path, DATA, { dtype: 'int16', shape: [52, 4], items });
    expect(report.datasets).toMatchObject([{ shape: [52, 4], rawBytes: 416, receivedBytes: 22 }]);
  });

  test('a dataset gets the extent that an iterator recommends, or that of its maxshape', async () => {
    for (const [maxshape, declared] of [
      [[30, 4], {}],
      [[null, 4], { recommendedDataShape: [30, 4] }],
    ] as const) {
      const { path } = made();
      const data = iterator(maxshape, () => [rows(3, 5, 4)][Symbol.iterator](), declared);
      const report = await fill(path, { [DATA]: data }, { workers: 1 });
      expect(report.datasets[0].shape).toEqual([30, 4]);
      expect(readBack(path, DATA).shape).toEqual([30, 4]);
    }
  });

  test('an iterator that yields nothing changes nothing', async () => {
    const { path } = made();
    const model = waves([25, 4]);
    await fill(path, { [DATA]: array(model) }, { workers: 1 });
    await fill(path, { [DATA]: iterator([null, 4], function* () {}) }, { workers: 1 });
    expectHeld(path, DATA, model);
  });

  test('soft links to datasets are followed', async () => {
    const { path } = made();
    const model = waves([12, 4]);
    await fill(path, { '/soft': array(model) }, { workers: 1 });
    expectHeld(path, DATA, model);
  });

  test('a file can be opened and filled while the process has others open', async () => {
    const { path } = made();
    const { path: other } = made();
    const model = waves([31, 4]);
    await fill(other, { [DATA]: array(model) }, { workers: 1 });
    const from = await open(other, 'r', { workers: 1 });
    try {
      const blocks = from.dataset(DATA).blocks({ shape: [7, 4] });
      const data = asyncIterator([null, 4], () => blocks);
      await fill(path, { [DATA]: data }, { workers: 1 });
    } finally {
      await from.close();
    }
    expectHeld(path, DATA, model);
  });
});

interface Refusal {
  readonly name: string;
  readonly data: (folder: string) => Readonly<Record<string, unknown>>;
  readonly error: string;
  readonly message: string | RegExp;
  readonly options?: Record<string, unknown>;
  readonly made?: Made;
}

const raw = (folder: string, shape: readonly number[] = [30, 4]) =>
  writeRaw(folder, 'a.bin', waves(shape));
const other = (name: string) => (folder: string) => ({ [name]: raw(folder) });
const held = { shape: [30, 4] };

const REFUSALS: readonly Refusal[] = [
  {
    name: 'no such dataset',
    data: other('/a/none'),
    error: 'LayoutError',
    message:
      /^Expected a dataset of .*a\.h5 for \/a\/none but received none: object 'none' doesn't/,
  },
  {
    name: 'a group',
    data: other('/a'),
    error: 'LayoutError',
    message: /for \/a but received a group$/,
  },
  {
    name: 'a loop of links',
    data: other('/loop'),
    error: 'LayoutError',
    message: /too many links$/,
  },
  {
    name: 'a source longer than a contiguous dataset',
    data: (folder) => ({ '/contiguous': raw(folder, [4]) }),
    error: 'LayoutError',
    message:
      "Expected data of shape [3], since a contiguous dataset can't grow, for /contiguous but received data of shape [4]",
  },
  {
    name: 'an iterator longer than a contiguous dataset',
    data: () => ({ '/contiguous': iterator([4], () => [][Symbol.iterator]()) }),
    error: 'LayoutError',
    message: /^Expected data of shape \[3\], since .* received data of shape \[4\]$/,
  },
  {
    name: 'a scalar',
    data: other('/scalar'),
    error: 'LayoutError',
    message: 'Expected a dataset that has axes for /scalar but received a scalar',
  },
  {
    name: 'too little memory for a row of a contiguous dataset',
    data: (folder) => ({ '/contiguous': raw(folder, [3]) }),
    options: { memory: 1 },
    error: 'BudgetError',
    message: /^Expected at least .* for \/contiguous /,
  },
  {
    name: 'a dataset of text',
    data: other('/text'),
    error: 'LayoutError',
    message: 'Expected a dataset of numbers for /text but received one of strings',
  },
  {
    name: 'the second of two',
    data: (folder) => ({ [DATA]: raw(folder), '/none': raw(folder) }),
    error: 'LayoutError',
    message: /for \/none but received none/,
  },
  {
    name: 'one dataset by two paths',
    data: (folder) => ({ '/soft': raw(folder), [DATA]: raw(folder) }),
    error: 'LayoutError',
    message: 'Expected a dataset of its own for /a/data but received the same dataset as /soft',
  },
  {
    name: 'a relative path',
    data: other('a/data'),
    error: 'DescriptionError',
    message: /^Expected an absolute path/,
  },
  {
    name: 'another type',
    data: (folder) => ({ [DATA]: writeRaw(folder, 'a.bin', waves([30, 4], 'float32')) }),
    error: 'LayoutError',
    message: 'Expected data of int16 for /a/data but received float32',
  },
  {
    name: 'another rank',
    data: (folder) => ({ [DATA]: raw(folder, [120]) }),
    error: 'LayoutError',
    message:
      'Expected data of shape [0, 4], or longer within [null, 4], for /a/data but received data of shape [120]',
  },
  {
    name: 'rows of another length',
    data: (folder) => ({ [DATA]: raw(folder, [30, 5]) }),
    error: 'LayoutError',
    message: /received data of shape \[30, 5\]$/,
  },
  {
    name: 'a source that is shorter',
    data: (folder) => ({ [DATA]: raw(folder, [29, 4]) }),
    made: held,
    error: 'LayoutError',
    message: /^Expected data of shape \[30, 4\], or longer .* received data of shape \[29, 4\]$/,
  },
  {
    name: 'an array beyond maxshape',
    data: () => ({ [DATA]: array(waves([51, 4])) }),
    made: { maxshape: [50, 4] },
    error: 'LayoutError',
    message: /within \[50, 4\], for \/a\/data but received data of shape \[51, 4\]$/,
  },
  {
    name: 'an iterator whose extent is beyond maxshape',
    data: () => ({ [DATA]: iterator([51, 4], () => [][Symbol.iterator]()) }),
    made: { maxshape: [50, 4] },
    error: 'LayoutError',
    message: /received data of shape \[51, 4\]$/,
  },
  {
    name: 'an iterator without a dtype',
    data: () => ({ [DATA]: { dtype: 'int', maxshape: [null, 4], *[Symbol.iterator]() {} } }),
    error: 'DataError',
    message: /^Expected one of .* for the dtype of the data of \/a\/data but received 'int'$/,
  },
  {
    name: 'a source that is missing',
    data: (folder) => ({ [DATA]: { ...raw(folder), path: join(folder, 'none.bin') } }),
    error: 'SourceError',
    message: /none\.bin but received nothing: no such file$/,
  },
  {
    name: 'too little memory for jobs',
    data: (folder) => ({ [DATA]: raw(folder) }),
    options: { memory: 64 },
    error: 'BudgetError',
    message: /^Expected at least/,
  },
  {
    name: 'too little memory for gathering into a dataset that is empty',
    data: () => ({ [DATA]: iterator([null, 4], () => [rows(0, 9, 4)][Symbol.iterator]()) }),
    options: { memory: 1024 },
    error: 'BudgetError',
    message: /^Expected at least/,
  },
  {
    name: 'options of a conversion',
    data: (folder) => ({ [DATA]: raw(folder) }),
    options: { overwrite: true },
    error: 'OptionError',
    message: /^Unknown option 'overwrite'; the options are workers, /,
  },
];

describe('refusals before anything is written', () => {
  test.each(REFUSALS)(
    'fill refuses $name',
    async ({ data, error, message, options, made: how }) => {
      const { folder, path } = made(how);
      const before = hash(path);
      const datasets = data(folder) as Record<string, FillData>;
      const refused = await rejection(
        fill(path, datasets, { workers: WORKERS, ...options } as FillOptions),
      );
      expect(refused).toMatchObject({ name: error });
      expect((refused as Error).message).toMatch(message);
      expect(hash(path)).toBe(before);
    },
  );

  test('a file that is its own source is refused by any of its paths', async () => {
    const { folder, path } = made({ dtype: 'uint8', shape: [0], maxshape: [null], chunks: [10] });
    symlinkSync(path, join(folder, 'link'));
    const before = hash(path);
    const source = {
      type: 'raw',
      dtype: 'uint8',
      path: join(folder, 'link'),
      shape: [null],
    } as const;
    const refused = await rejection(fill(path, { [DATA]: { ...source, shape: [null] } }));
    expect(refused).toMatchObject({
      name: 'OutputError',
      message: `writing ${path} would overwrite an input, the source of ${DATA}; choose another path`,
    });
    expect(hash(path)).toBe(before);
  });

  test('a path without a writable HDF5 file is refused', async () => {
    const { folder, path } = made();
    writeFileSync(join(folder, 'text.h5'), 'this is not a file of HDF5');
    mkdirSync(join(folder, 'folder'));
    const expected = (name: string, problem: string) => `${join(folder, name)} ${problem}`;
    const asked: string[] = [];
    const data = asyncIterator([null, 4], async function* () {}, {
      prepare: async () => void asked.push('prepare'),
    });
    for (const [name, problem] of [
      ['none.h5', "doesn't exist"],
      ['a.h5/none.h5', "doesn't exist"],
      ['folder', 'is a folder, not an HDF5 file'],
      ['text.h5', "can't be opened as an HDF5 file: file signature not found"],
    ])
      expect(await rejection(fill(join(folder, name), { [DATA]: data }))).toMatchObject({
        name: 'OutputError',
        message: expected(name, problem),
      });
    const using = await open(path, 'r');
    try {
      const refused = await rejection(fill(path, { [DATA]: array(waves([5, 4])) }));
      expect(refused).toMatchObject({ name: 'OutputError' });
    } finally {
      await using.close();
    }
    expect(asked).toEqual([]);
  });
});

// Permissions of files do not apply to root.
test.skipIf(process.getuid?.() === 0)('a read-only file is refused', async () => {
  const { path } = made();
  chmodSync(path, 0o444);
  const refused = await rejection(fill(path, { [DATA]: array(waves([5, 4])) }));
  expect(refused).toMatchObject({
    name: 'OutputError',
    message: `Expected an HDF5 file that can be written for ${path} but received one that is not`,
  });
});

describe('failures while data are written', () => {
  test('a job that fails keeps the data before it, and filling again completes the dataset', async () => {
    const { folder, path } = made();
    const late = `if (start[0] + count[0] > 3950) throw new Error('the disk is gone');`;
    const source = writeModule(folder, 'm.mjs', moduleText([4000, 4], late));
    const failed = await rejection(fill(path, { [DATA]: source }, { workers: 1 }));
    expect(failed).toBeInstanceOf(JobError);
    const left = readBack(path, DATA);
    expect(left.shape).toEqual([4000, 4]);
    expect([...left.data.slice(0, 40)]).toEqual(Array.from({ length: 40 }, (_, at) => at));
    const model = waves([4000, 4]);
    await fill(path, { [DATA]: writeRaw(folder, 'a.bin', model) }, { workers: WORKERS });
    expectHeld(path, DATA, model);
  });

  test('an iterator that fails keeps the data before it', async () => {
    const { path } = made();
    const broken = new Error('no more');
    const data = iterator([null, 4], function* () {
      yield rows(0, 25, 4);
      throw broken;
    });
    expect(await rejection(fill(path, { [DATA]: data }, { workers: WORKERS }))).toBe(broken);
    const held = readBack(path, DATA);
    expect(held.shape).toEqual([25, 4]);
    expect([...held.data].map(Number)).toEqual(Array.from({ length: 100 }, (_, at) => at));
  });

  test.each([
    ['LayoutError', () => rows(40, 20, 4), LayoutError],
    ['DataError', () => rows(0, 5, 4, 'int8'), DataError],
  ])(
    'a DataChunk that does not fit is a %s, and the ones before it are kept',
    async (_, bad, type) => {
      const { path } = made({ maxshape: [50, 4] });
      const data = iterator([null, 4], function* () {
        yield rows(0, 12, 4);
        yield bad();
      });
      const error = await rejection(fill(path, { [DATA]: data }, { workers: 1 }));
      expect(error).toBeInstanceOf(type);
      expect((error as Error).message).toContain('DataChunk 1 of /a/data');
      expect(readBack(path, DATA).shape).toEqual([12, 4]);
    },
  );

  test('a signal stops filling, and the file keeps the data before it', async () => {
    const { path } = made();
    const controller = new AbortController();
    const reason = new Error('enough');
    const data = asyncIterator([null, 4], async function* () {
      for (let first = 0; ; first += 10) {
        if (first === 200) controller.abort(reason);
        yield rows(first, 10, 4);
      }
    });
    const { signal } = controller;
    expect(await rejection(fill(path, { [DATA]: data }, { workers: WORKERS, signal }))).toBe(
      reason,
    );
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    const held = readBack(path, DATA);
    expect(held.shape[0]).toBeGreaterThanOrEqual(190);
    expect([...held.data].map(Number)).toEqual(
      Array.from({ length: held.data.length }, (_, at) => at),
    );
    const model = waves([400, 4]);
    await fill(path, { [DATA]: array(model) }, { workers: WORKERS });
    expectHeld(path, DATA, model);
  });

  test('a signal before anything is written leaves the file unchanged', async () => {
    const { path } = made();
    const before = hash(path);
    const reason = new Error('never mind');
    const data = { [DATA]: array(waves([30, 4])) };
    expect(await rejection(fill(path, data, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    const controller = new AbortController();
    const prepared = asyncIterator([30, 4], async function* () {}, {
      prepare: async () => controller.abort(reason),
    });
    const { signal } = controller;
    expect(await rejection(fill(path, { [DATA]: prepared }, { signal }))).toBe(reason);
    expect(hash(path)).toBe(before);
  });

  test('an error of onProgress is thrown unchanged, and the file can be filled again', async () => {
    const { path } = made();
    const model = waves([400, 4]);
    const thrown = new RangeError('no');
    const onProgress = () => {
      throw thrown;
    };
    const data = { [DATA]: array(model) };
    expect(await rejection(fill(path, data, { workers: 1, onProgress }))).toBe(thrown);
    await fill(path, data, { workers: 1 });
    expectHeld(path, DATA, model);
  });
});

test('little memory is enough, and less is refused', async () => {
  const { path } = made();
  const model = waves([5000, 4]);
  const data = iterator([null, 4], function* () {
    for (let part = 0; part < 5; part++)
      for (let row = part; row < 5000; row += 5)
        yield new DataChunk(
          ndarray(model.items.slice(row * 4, row * 4 + 4), [1, 4]),
          slice(row, row + 1),
        );
  });
  let memory = 1024;
  for (; ; memory *= 2)
    try {
      const report = await fill(path, { [DATA]: data }, { workers: 1, memory });
      expect(report.memory.allowed).toBe(memory);
      expect(report.memory.planned).toBeLessThanOrEqual(memory);
      break;
    } catch (error) {
      expect(error).toBeInstanceOf(BudgetError);
    }
  expect(memory).toBeGreaterThan(1024);
  expectHeld(path, DATA, model);
});
