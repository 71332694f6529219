import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { feed } from '../../../src/coordinator/gather/index.js';
import {
  type AbstractDataChunkIterator,
  BudgetError,
  type ConvertOptions,
  convert,
  DataChunk,
  ndarray,
  plan,
  slice,
} from '../../../src/index.js';
import { gatheringOf, withWorkers } from '../../support/gathering.js';
import { asyncIterator, iterator, rows } from '../../support/iterators.js';
import {
  bytesOf,
  description,
  listing,
  noise,
  readBack,
  rejection,
  tempFolder,
  timeSeries,
} from '../../support/recordings.js';

const DATA = '/acquisition/x/data';

/** Columns of a dataset with chunks of 10 x 4: all chunks are begun before the first one is full. */
function columns(count: number): AbstractDataChunkIterator {
  return iterator([count, 4], function* () {
    for (let column = 0; column < 4; column++) {
      const data = Int16Array.from({ length: count }, (_, row) => 4 * row + column);
      yield new DataChunk(ndarray(data), [null, column]);
    }
  });
}

async function converted(data: AbstractDataChunkIterator, options: ConvertOptions) {
  const path = join(tempFolder(), 'a.nwb');
  const what = description(path, [timeSeries('x', { data, chunks: [10, 4] })]);
  const { datasets, warnings, ...report } = await convert(what, options);
  const rewriting = warnings.filter((line) => line.includes('rewritten'));
  return { path, report, dataset: datasets[0], rewriting };
}

async function leastMemory(
  what: Parameters<typeof plan>[0],
  workers: number,
): Promise<BudgetError> {
  const error = await rejection(plan(what, { workers, memory: 1 }));
  if (!(error instanceof BudgetError)) throw error;
  return error;
}

describe('open chunks', () => {
  const expected = Int16Array.from({ length: 4 * 400 }, (_, at) => at);

  test('are encoded once if memory holds them all', async () => {
    const { path, dataset, rewriting } = await converted(columns(400), { workers: 2 });
    expect(dataset).toMatchObject({ chunkCount: 40, chunksRewritten: 0 });
    expect(rewriting).toEqual([]);
    expect(readBack(path, DATA).data).toEqual(expected);
  });

  test('are encoded several times if memory is short, which is counted and gives a warning', async () => {
    const folder = tempFolder();
    const data = { data: columns(400), chunks: [10, 4] };
    const least = await leastMemory(description(join(folder, 'a.nwb'), [timeSeries('x', data)]), 1);
    const memory = least.fields.needed;
    const { path, dataset, rewriting } = await converted(columns(400), { workers: 1, memory });
    // Memory holds one chunk, so every column opens every chunk again.
    expect(dataset).toMatchObject({ chunkCount: 40, chunksRewritten: 3 * 40, chunksSkipped: 0 });
    expect(rewriting).toEqual([
      expect.stringMatching(
        /^\/acquisition\/x\/data: chunks were rewritten 120 times \(there are 40\).*\[10, 4\].*memory$/,
      ),
    ]);
    expect(readBack(path, DATA).data).toEqual(expected);
  });

  test('give no warning if only a DataChunk ends within a chunk', async () => {
    const unaligned = iterator([null, 4], function* () {
      for (let at = 0; at < 57; at++) yield rows(7 * at, 7, 4);
    });
    const folder = tempFolder();
    const data = { data: iterator([399, 4], function* () {}), chunks: [10, 4] };
    const least = await leastMemory(description(join(folder, 'a.nwb'), [timeSeries('x', data)]), 1);
    // Memory holds two chunks: one that is written to, and one that is encoded.
    const memory = least.fields.needed + 100;
    const { dataset, rewriting } = await converted(unaligned, { workers: 1, memory });
    expect(dataset).toMatchObject({ shape: [399, 4], chunksRewritten: 0 });
    expect(rewriting).toEqual([]);
  });
});

describe('a producer', () => {
  test.each([
    ['one that is always ready', false],
    ['one that is waited for', true],
  ])('is never further ahead than memory allows: %s', async (_, isAsync) => {
    const chunkBytes = 64 * 1024;
    const model = noise([chunkBytes / 2]).items;
    for (const workers of [1, 2]) {
      await withWorkers(workers, async (place) => {
        const spec = {
          dtype: 'int16' as const,
          extent: [0],
          maxshape: [null],
          chunk: [chunkBytes / 2],
          filters: [{ kind: 'deflate' as const, level: 6 }],
        };
        const gathering = gatheringOf(place, 'a', [spec], 3 * chunkBytes);
        const { ledger, targets, gatherer } = gathering;
        let most = 0;
        function* chunks() {
          for (let at = 0; at < 200; at++) {
            most = Math.max(most, at - ledger.progress.chunksDone);
            const start = at * model.length;
            yield new DataChunk(ndarray(model as Int16Array), slice(start, start + model.length));
          }
        }
        async function* later() {
          yield* chunks();
        }
        const source = isAsync ? asyncIterator([null], later) : iterator([null], chunks);
        await feed(targets[0], source, gathering);
        await gatherer.flush();
        expect(ledger.progress.chunksDone).toBe(200);
        // The least memory holds one chunk.
        expect(most).toBeGreaterThan(0);
        expect(most).toBeLessThanOrEqual(1 + 3);
      });
    }
  });
});

describe('memory that does not hold one chunk', () => {
  const growing = () => iterator([null, 4], () => [rows(0, 35, 4)].values());
  const fixed = () => iterator([35, 4], () => [rows(0, 35, 4)].values());

  test.each([
    ['of fixed extent', fixed],
    ['that grows from nothing', growing],
  ])('is refused with the least memory that does, for a dataset %s', async (_, source) => {
    for (const workers of [1, 3]) {
      const folder = tempFolder();
      const what = () =>
        description(join(folder, 'a.nwb'), [timeSeries('x', { data: source(), chunks: [10, 4] })]);
      const { message, fields } = await leastMemory(what(), workers);
      expect(fields).toMatchObject({ name: DATA, workers, memory: 1 });
      expect(message).toMatch(/^Expected at least \S+ \S+ .*of memory for \/acquisition\/x\/data/);
      expect(message).toContain('but received 1 B');
      const memory = fields.needed;
      const less = await rejection(convert(what(), { workers, memory: memory - 1 }));
      expect(less).toBeInstanceOf(BudgetError);
      expect((less as BudgetError).fields.needed).toBe(memory);
      expect(listing(folder)).toEqual([]);
      await convert(what(), { workers, memory });
      expect(readBack(join(folder, 'a.nwb'), DATA).data).toEqual(
        Int16Array.from({ length: 140 }, (_, at) => at),
      );
    }
  });
});

test('two datasets are admitted together only if the larger chunk and the larger encoder fit together', async () => {
  await withWorkers(2, async (place) => {
    const plain = { dtype: 'int16' as const, extent: [0], maxshape: [null], chunk: [4000] };
    const filters = [
      { kind: 'shuffle' as const },
      { kind: 'deflate' as const, level: 1 },
      { kind: 'fletcher32' as const },
    ];
    const costly = { ...plain, chunk: [3000], filters };
    for (const [at, specs] of [
      [plain, costly],
      [costly, plain],
    ].entries()) {
      const gathering = gatheringOf(place, `${at}_`, specs, 0);
      const source = () => iterator([null], () => pieces().values());
      const pieces = () =>
        [0, 1, 2, 3].map(
          (k) => new DataChunk(noise([2500]).items, slice(2500 * k, 2500 * (k + 1))),
        );
      await Promise.all(gathering.targets.map((target) => feed(target, source(), gathering)));
      await gathering.gatherer.flush();
      gathering.ledger.settle();
      const expected = Buffer.concat(pieces().map(({ data }) => bytesOf(data)));
      for (const dataset of gathering.datasets) {
        expect(bytesOf(dataset.read()).equals(expected)).toBe(true);
        dataset.close();
      }
    }
  });
});

test('if a chunk could not be encoded, its error is reported and no other chunk gets its data', async () => {
  const failed = new Error('no space left');
  await withWorkers(1, async (place) => {
    const spec = { dtype: 'int16' as const, extent: [4000], maxshape: [4000], chunk: [10] };
    const gathering = gatheringOf(place, 'a', [spec], 200);
    const { pool, gatherer, ledger, targets, datasets } = gathering;
    const run = pool.run.bind(pool);
    let count = 0;
    pool.run = ((...task: Parameters<typeof run>) =>
      ++count === 20 ? Promise.reject(failed) : run(...task)) as typeof pool.run;
    const data = Int16Array.from({ length: 4000 }, (_, at) => at + 1);
    const error = { tag: 'JobError', fields: { dataset: targets[0].path }, cause: failed };
    expect(await rejection(feed(targets[0], ndarray(data), gathering))).toMatchObject(error);
    expect(await rejection(gatherer.flush())).toMatchObject(error);
    ledger.settle();
    const stored = datasets[0].read().data as Int16Array;
    expect(stored.some((item) => item !== 0)).toBe(true);
    expect(stored.some((item) => item === 0)).toBe(true);
    expect(stored.every((item, at) => item === 0 || item === at + 1)).toBe(true);
    datasets[0].close();
  });
});

test('if a chunk could not be read back, its error is reported and the next chunk is unchanged', async () => {
  const failed = new Error('no such bytes');
  await withWorkers(1, async (place) => {
    const spec = { dtype: 'int16' as const, extent: [30], maxshape: [30], chunk: [10] };
    const gathering = gatheringOf(place, 'a', [spec], 100);
    const { pool, gatherer, ledger, targets, datasets } = gathering;
    const [target] = targets;
    const write = (first: number, end: number) => {
      const data = Int16Array.from({ length: end - first }, (_, at) => first + at + 1);
      const chunks = [new DataChunk(data, slice(first, end))];
      return feed(
        target,
        iterator([30], () => chunks.values()),
        gathering,
      );
    };
    await write(0, 5);
    await write(20, 25);
    await gatherer.flush();
    const run = pool.run.bind(pool);
    pool.run = ((...task: Parameters<typeof run>) =>
      task[0] === 'decode' ? Promise.reject(failed) : run(...task)) as typeof pool.run;
    // The first chunk has to be read back; the second would be filled completely.
    const error = {
      tag: 'JobError',
      fields: { dataset: target.path, file: place.file.filename },
      cause: failed,
    };
    expect(await rejection(write(5, 20))).toMatchObject(error);
    await gatherer.flush();
    ledger.settle();
    const row = (first: number) =>
      Array.from({ length: 10 }, (_, at) => (at < 5 ? first + at + 1 : 0));
    const expected = [...row(0), ...new Array(10).fill(0), ...row(20)];
    expect(datasets[0].read().data).toEqual(Int16Array.from(expected));
    datasets[0].close();
  });
});

test('a DataChunk that needs a chunk which can not be read back does not grow the dataset', async () => {
  const failed = new Error('no such bytes');
  await withWorkers(1, async (place) => {
    const spec = {
      dtype: 'int16' as const,
      extent: [0, 4],
      maxshape: [null, null],
      chunk: [10, 2],
    };
    const gathering = gatheringOf(place, 'a', [spec], 200);
    const { pool, gatherer, ledger, targets, datasets } = gathering;
    const write = (first: number, count: number, columns: number) => {
      const array = ndarray(new Int16Array(count * columns).fill(first + 1), [count, columns]);
      const chunks = [new DataChunk(array, [slice(first, first + count), slice(0, columns)])];
      const blocks = iterator([null, null], () => chunks.values());
      return feed(targets[0], blocks, gathering);
    };
    await write(0, 5, 4);
    const run = pool.run.bind(pool);
    pool.run = ((...task: Parameters<typeof run>) =>
      task[0] === 'decode' ? Promise.reject(failed) : run(...task)) as typeof pool.run;
    for (const [count, columns] of [
      [30, 4],
      [5, 6],
    ]) {
      expect(await rejection(write(5, count, columns))).toMatchObject({ cause: failed });
      expect(ledger.extent(0)).toEqual([5, 4]);
    }
    // Beyond the stored chunks.
    await write(10, 10, 4);
    await gatherer.flush();
    ledger.settle();
    expect(ledger.extent(0)).toEqual([20, 4]);
    const expected = Array.from({ length: 80 }, (_, at) => (at < 20 ? 1 : at < 40 ? 0 : 11));
    expect(datasets[0].read().data).toEqual(Int16Array.from(expected));
    datasets[0].close();
  });
});

test('a chunk that skipped its filter is read back, although the next one was not stored', async () => {
  await withWorkers(1, async (place) => {
    const spec = {
      dtype: 'int8' as const,
      extent: [0],
      maxshape: [6],
      chunk: [2],
      filters: [{ kind: 'deflate' as const, level: 1 }],
      skipFill: true,
    };
    // Memory holds one chunk, so each of these evicts the one before.
    const gathering = gatheringOf(place, 'a', [spec], 0);
    const { gatherer, ledger, targets, datasets } = gathering;
    const items = [
      [0, 5],
      [2, 7],
      [4, 0],
      [3, 9],
    ];
    const chunks = items.map(([at, item]) => new DataChunk(Int8Array.of(item), slice(at, at + 1)));
    await feed(
      targets[0],
      iterator([6], () => chunks.values(), { dtype: 'int8' }),
      gathering,
    );
    await gatherer.flush();
    ledger.settle();
    expect(datasets[0].read().data).toEqual(Int8Array.of(5, 0, 7, 9, 0));
    datasets[0].close();
  });
});

test('streams that need more chunks at a time than memory holds give a warning beforehand', async () => {
  const rowsOf = () => iterator([null, 384], () => [].values(), { recommendedDataShape: [1, 384] });
  const stream = () => ({ data: rowsOf(), chunks: [1000, 64] });
  const what = description(join(tempFolder(), 'a.nwb'), [
    timeSeries('x', stream()),
    timeSeries('y', stream()),
  ]);
  const planned = async (memory: string) => (await plan(what, { memory, workers: 1 })).warnings;
  expect(await planned('3.5MiB')).toContainEqual(
    expect.stringMatching(
      /^\/acquisition\/x\/data, \/acquisition\/y\/data: one row of chunks takes 1.56 MiB, .* chunks may have to be rewritten/,
    ),
  );
  expect(await planned('30MiB')).not.toContainEqual(expect.stringContaining('rewritten'));
});
