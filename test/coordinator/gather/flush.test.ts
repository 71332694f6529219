import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { feed, rejectWriters } from '../../../src/coordinator/gather/index.js';
import {
  type ConvertOptions,
  convert,
  DataError,
  DataWriter,
  type DataWriterOptions,
  dataIO,
  FlushRequest,
  LayoutError,
  ndarray,
  open,
  recover,
  slice,
} from '../../../src/index.js';
import { BUILT, startChild } from '../../support/child.js';
import { numRuns } from '../../support/effort.js';
import {
  type Gathering,
  gatheringOf,
  type Workplace,
  withWorkers,
} from '../../support/gathering.js';
import { asyncIterator, rows } from '../../support/iterators.js';
import {
  description,
  noise,
  readBack,
  rejection,
  tempFolder,
  timeSeries,
} from '../../support/recordings.js';

const DATA = '/acquisition/x/data';
const WIDTH = 4;
const ROWS: DataWriterOptions = { dtype: 'int16', maxshape: [null, WIDTH] };
const SPEC = {
  dtype: 'int16' as const,
  extent: [0, WIDTH],
  maxshape: [null, WIDTH],
  chunk: [10, WIDTH],
};

/** Rows of numbered items. */
function block(first: number, count: number): Int16Array {
  return rows(first, count, WIDTH).data.data as Int16Array;
}

/** One call on a DataWriter. */
type Call =
  | { readonly kind: 'append'; readonly count: number }
  | {
      readonly kind: 'write';
      readonly at: readonly [number, number];
      readonly count: readonly [number, number];
    }
  | { readonly kind: 'flush' };

interface Step {
  readonly call: Call;
  readonly seed: number;
  /** Whether the program awaits it before the next call. */
  readonly waits: boolean;
}

interface Script {
  readonly chunk: readonly [number, number];
  readonly width: number;
  readonly deflate: boolean;
  readonly steps: readonly Step[];
}

const scripts: fc.Arbitrary<Script> = fc.integer({ min: 1, max: 9 }).chain((width) => {
  const call = fc.oneof(
    fc.record({ kind: fc.constant('append' as const), count: fc.nat(30) }),
    fc.tuple(fc.nat(60), fc.nat(width - 1)).chain(([row, column]) =>
      fc.record({
        kind: fc.constant('write' as const),
        at: fc.constant([row, column] as const),
        count: fc.tuple(fc.nat(20), fc.integer({ min: 1, max: width - column })),
      }),
    ),
    fc.record({ kind: fc.constant('flush' as const) }),
  );
  return fc.record({
    chunk: fc.tuple(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: width })),
    width: fc.constant(width),
    deflate: fc.boolean(),
    steps: fc.array(fc.record({ call, seed: fc.nat(999), waits: fc.boolean() }), { maxLength: 25 }),
  });
});

const runs = fc.record({
  scripts: fc.array(scripts, { minLength: 1, maxLength: 3 }),
  spare: fc.constantFrom(0, 0, 300, 100_000),
});

/** The rows that must be in a dataset. */
class Table {
  readonly #width: number;
  rows: number[][] = [];

  constructor(width: number) {
    this.#width = width;
  }

  put([row, column]: readonly [number, number], values: readonly (readonly number[])[]): void {
    if (values.length === 0) return;
    while (this.rows.length < row + values.length)
      this.rows.push(new Array<number>(this.#width).fill(0));
    for (const [at, items] of values.entries())
      this.rows[row + at].splice(column, items.length, ...items);
  }
}

/** Compares a dataset in a file with the rows that it must hold. */
function expectStored({ ledger, datasets }: Gathering, at: number, { rows }: Table): void {
  ledger.settle();
  const { shape, data } = datasets[at].read();
  expect(shape[0]).toBe(rows.length);
  expect(Array.from(data as Int16Array)).toEqual(rows.flat());
}

async function push(
  gathering: Gathering,
  at: number,
  { steps, width }: Script,
  table: Table,
  writer: DataWriter,
): Promise<void> {
  const calls: Promise<void>[] = [];
  for (const { call, seed, waits } of steps) {
    const before = calls.length;
    let buffer: Int16Array | undefined;
    if (call.kind === 'flush') calls.push(writer.flush());
    else {
      const [count, length] = call.kind === 'append' ? [call.count, width] : call.count;
      buffer = noise([seed + count * length]).items.slice(seed) as Int16Array;
      const values = Array.from({ length: count }, (_, row) =>
        Array.from((buffer as Int16Array).subarray(row * length, (row + 1) * length)),
      );
      const [row, column] = call.kind === 'append' ? [table.rows.length, 0] : call.at;
      table.put([row, column], values);
      const selection = [slice(row, row + count), slice(column, column + length)];
      const array = ndarray(buffer, [count, length]);
      calls.push(call.kind === 'append' ? writer.append(buffer) : writer.write(selection, array));
    }
    if (!waits) continue;
    await calls[before];
    // The caller may reuse the array.
    buffer?.fill(-1);
    // No data came after the flush.
    if (call.kind === 'flush') expectStored(gathering, at, table);
  }
  writer.end();
  await Promise.all(calls);
}

async function runIn(
  place: Workplace,
  name: string,
  { scripts, spare }: { scripts: readonly Script[]; spare: number },
): Promise<void> {
  const specs = scripts.map(({ chunk, width, deflate }) => ({
    dtype: 'int16' as const,
    extent: [0, width],
    maxshape: [null, width],
    chunk,
    filters: deflate ? [{ kind: 'deflate' as const, level: 1 }] : [],
  }));
  const gathering = gatheringOf(place, name, specs, spare);
  const { targets, datasets } = gathering;
  const tables = scripts.map(({ width }) => new Table(width));
  await Promise.all(
    scripts.flatMap((script, at) => {
      const writer = new DataWriter({ dtype: 'int16', maxshape: [null, script.width] });
      return [
        feed(targets[at], writer, gathering),
        push(gathering, at, script, tables[at], writer),
      ];
    }),
  );
  for (const [at, dataset] of datasets.entries()) {
    // No data of a stream that has ended are left in memory.
    expectStored(gathering, at, tables[at]);
    dataset.close();
  }
}

test('rows that are appended, written and flushed to several datasets at the same time are in the file', {
  timeout: 120_000,
}, async () => {
  let count = 0;
  for (const workers of [1, 2])
    await withWorkers(workers, async (place) => {
      await fc.assert(
        fc.asyncProperty(runs, (run) => runIn(place, `run${count++}_`, run)),
        { numRuns: numRuns(50), timeout: 20_000 },
      );
    });
});

/** Gathers the data of a writer, and passes a log of the events to `body`. */
async function gathered(
  body: (gathering: Gathering, writer: DataWriter, log: string[]) => Promise<void>,
  spare = 100_000,
): Promise<void> {
  await withWorkers(1, async (place) => {
    const gathering = gatheringOf(place, 'a', [SPEC], spare);
    const { ledger, datasets } = gathering;
    const log: string[] = [];
    const commitChunks = ledger.commitChunks.bind(ledger);
    ledger.commitChunks = (dataset, chunks, written) => {
      log.push(...chunks.map(({ start }) => `chunk ${start}`));
      commitChunks(dataset, chunks, written);
    };
    ledger.acknowledge = async (dataset) => {
      log.push(`acknowledged ${ledger.extent(dataset)}`);
      await setImmediate();
      log.push('settled');
    };
    ledger.ended = (dataset) => {
      log.push(`ended ${ledger.extent(dataset)}`);
    };
    await body(gathering, new DataWriter(ROWS), log);
    for (const dataset of datasets) dataset.close();
  });
}

describe('a flush', () => {
  test('is answered when its chunks are committed, and then acknowledged', async () => {
    await gathered(async (gathering, writer, log) => {
      const { targets } = gathering;
      const fed = feed(targets[0], writer, gathering);
      await writer.append(block(0, 15));
      await writer.flush();
      log.push('flushed');
      await writer.append(block(15, 2));
      await writer.flush();
      log.push('flushed');
      // No data have come since.
      await writer.flush();
      log.push('flushed');
      writer.end();
      await fed;
      expect(log).toEqual([
        ...['chunk 0,0', 'chunk 10,0', 'acknowledged 15,4', 'settled', 'flushed'],
        ...['chunk 10,0', 'acknowledged 17,4', 'settled', 'flushed'],
        ...['acknowledged 17,4', 'settled', 'flushed'],
        'ended 17,4',
      ]);
      expect(targets[0].chunksRewritten).toBe(1);
    });
  });

  test('that fails rejects with the error, which also ends the conversion', async () => {
    await gathered(async (gathering, writer) => {
      const failed = new Error('no space left');
      gathering.ledger.acknowledge = () => Promise.reject(failed);
      const fed = rejection(feed(gathering.targets[0], writer, gathering));
      const calls = [writer.append(block(0, 5)), writer.flush(), writer.append(block(5, 5))];
      expect(await rejection(calls[1])).toBe(failed);
      expect(await fed).toBe(failed);
      await calls[0];
      expect(await rejection(calls[2])).toBe(failed);
      expect(await rejection(writer.flush())).toBe(failed);
    });
  });

  test('can be requested by an iterator of the user', async () => {
    await gathered(async (gathering, _, log) => {
      const errors: unknown[] = [];
      const source = {
        ...ROWS,
        *[Symbol.iterator]() {
          yield rows(0, 5, WIDTH);
          yield new FlushRequest((error) => errors.push(error));
          yield rows(5, 5, WIDTH);
        },
      };
      await feed(gathering.targets[0], source, gathering);
      expect(errors).toEqual([undefined]);
      expect(log[0]).toBe('chunk 0,0');
      expect(log[1]).toBe('acknowledged 5,4');
    });
  });

  test('rejects with the error of data that came before it', async () => {
    await gathered(async (gathering) => {
      const failed = new Error('no room');
      gathering.ledger.received = () => {
        throw failed;
      };
      const errors: unknown[] = [];
      const source = {
        ...ROWS,
        *[Symbol.iterator]() {
          yield rows(0, 5, WIDTH);
          yield new FlushRequest((error) => errors.push(error));
        },
      };
      expect(await rejection(feed(gathering.targets[0], source, gathering))).toBe(failed);
      expect(errors).toEqual([failed]);
    });
  });

  test('passes through a generator around a DataWriter', async () => {
    await gathered(async (gathering, writer, log) => {
      const source = {
        ...ROWS,
        async *[Symbol.asyncIterator]() {
          yield* writer;
        },
      };
      const fed = feed(gathering.targets[0], source, gathering);
      await writer.append(block(0, 5));
      await writer.flush();
      expect(log).toContain('settled');
      writer.end();
      await fed;
    });
  });
});

describe('data that have ended', () => {
  test('are recorded as ended if the iterator ended by itself', async () => {
    await gathered(async (gathering, _, log) => {
      await feed(gathering.targets[0], ndarray(block(0, 15), [15, WIDTH]), gathering);
      expect(log).toEqual(['chunk 0,0', 'chunk 10,0', 'ended 15,4']);
    });
  });

  test('are not recorded as ended if they were stopped or failed', async () => {
    await gathered(async (gathering, writer, log) => {
      const { pool, targets } = gathering;
      const error = new Error('unplugged');
      const failing = asyncIterator([null, WIDTH], async function* () {
        yield rows(0, 15, WIDTH);
        throw error;
      });
      expect(await rejection(feed(targets[0], failing, gathering))).toBe(error);
      const fed = feed(targets[0], writer, gathering);
      await writer.append(block(0, 5));
      pool.stop();
      await fed;
      await gathering.gatherer.flush();
      expect(log.filter((line) => line.startsWith('ended'))).toEqual([]);
    });
  });

  test('stay in memory if more data may come', async () => {
    await gathered(async (gathering, _, log) => {
      const { targets, gatherer, ledger, datasets } = gathering;
      const goingOn = { ...gathering, goesOn: true };
      await feed(targets[0], ndarray(block(0, 15), [15, WIDTH]), goingOn);
      const rest = asyncIterator([null, WIDTH], async function* () {
        yield rows(15, 5, WIDTH);
      });
      await feed(targets[0], rest, goingOn);
      await gatherer.flush();
      expect(log.sort()).toEqual(['chunk 0,0', 'chunk 10,0']);
      ledger.settle();
      expect(datasets[0].read().data).toEqual(block(0, 20));
    });
  });
});

test('the error that ends an iterator is reported, even if earlier rows can not be written', async () => {
  await gathered(async (gathering) => {
    gathering.ledger.received = () => {
      throw new Error('no room');
    };
    const unplugged = new Error('the amplifier was unplugged');
    const source = asyncIterator([null, WIDTH], async function* () {
      yield rows(0, 5, WIDTH);
      throw unplugged;
    });
    expect(await rejection(feed(gathering.targets[0], source, gathering))).toBe(unplugged);
  });
});

test('append() waits while memory is short', async () => {
  // Smaller blocks would be joined first.
  const chunkRows = 8192;
  const chunkBytes = chunkRows * WIDTH * 2;
  const data = noise([chunkRows * WIDTH]).items as Int16Array;
  for (const workers of [1, 2])
    await withWorkers(workers, async (place) => {
      const filters = [{ kind: 'deflate' as const, level: 6 }];
      const spec = { ...SPEC, chunk: [chunkRows, WIDTH], filters };
      const gathering = gatheringOf(place, 'a', [spec], 3 * chunkBytes);
      const { ledger, targets } = gathering;
      const writer = new DataWriter(ROWS);
      let taken = 0;
      let most = 0;
      const calls = Array.from({ length: 100 }, () =>
        writer.append(data).then(() => {
          taken++;
          most = Math.max(most, taken - ledger.progress.chunksDone);
        }),
      );
      writer.end();
      await setImmediate();
      expect(taken).toBe(0);
      await feed(targets[0], writer, gathering);
      await Promise.all(calls);
      expect(ledger.progress.chunksDone).toBe(100);
      // The least memory holds one chunk.
      expect(most).toBeGreaterThan(0);
      expect(most).toBeLessThanOrEqual(1 + 3);
    });
});

/** Converts the data of a writer, as one of two series. */
function converting(
  writer: DataWriter,
  options: ConvertOptions & { readonly other?: DataWriter } = {},
) {
  const { other, ...rest } = options;
  const path = join(tempFolder(), 'a.nwb');
  const series = [timeSeries('x', dataIO(writer, { chunks: [10, WIDTH] }))];
  if (other) series.push(timeSeries('y', { data: other }));
  const what = description(path, series);
  return { path, what, done: convert(what, { workers: 2, ...rest }) };
}

describe('a conversion', () => {
  test('writes pushed rows, and counts the chunks that were rewritten', async () => {
    const writer = new DataWriter(ROWS);
    const { path, done } = converting(writer);
    for (let at = 0; at < 12; at++) {
      await writer.append(block(3 * at, 3));
      await writer.flush();
    }
    await writer.write([slice(0, 2), 1], [-1, -2]);
    writer.end();
    const report = await done;
    // With three rows at a time, the chunks are rewritten 3, 3, 3 and 1 times, and the first one again at the end.
    expect(report.datasets[0]).toMatchObject({ shape: [36, WIDTH], chunkCount: 4 });
    expect(report.datasets[0].chunksRewritten).toBe(11);
    const expected = block(0, 36);
    expected[1] = -1;
    expected[5] = -2;
    expect(readBack(path, DATA)).toMatchObject({ shape: [36, WIDTH], data: expected });
  });

  test('waits for the end of the writer', async () => {
    const writer = new DataWriter(ROWS);
    const { done } = converting(writer);
    let isDone = false;
    void done.then(() => {
      isDone = true;
    });
    await writer.append(block(0, 5));
    await writer.flush();
    for (let turn = 0; turn < 20; turn++) await setImmediate();
    expect(isDone).toBe(false);
    writer.end();
    await done;
  });

  test('fails with the error of end(), and keeps the data that came before', async () => {
    const writer = new DataWriter(ROWS);
    const { path, done } = converting(writer, { keepPartial: true });
    const failed = rejection(done);
    const error = new Error('unplugged');
    const call = writer.append(block(0, 15));
    writer.end(error);
    expect(await failed).toBe(error);
    await call;
    expect(await rejection(writer.append(block(0, 1)))).toBe(error);
    await recover(path, { workers: 1 });
    expect(readBack(path, DATA).data).toEqual(block(0, 15));
  });

  test('that is stopped rejects all pushes', async () => {
    const writer = new DataWriter(ROWS);
    const controller = new AbortController();
    const reason = new Error('enough');
    const { done } = converting(writer, { signal: controller.signal });
    const failed = rejection(done);
    await writer.append(block(0, 15));
    await writer.flush();
    controller.abort(reason);
    expect(await failed).toBe(reason);
    for (const call of [writer.append(block(15, 1)), writer.write(0, 1), writer.flush()]) {
      const error = await rejection(call);
      expect(error).toBeInstanceOf(DataError);
      expect((error as Error).message).toContain('its conversion had ended');
    }
    writer.end();
  });

  test('that fails because of another dataset rejects all pushes', async () => {
    const writer = new DataWriter(ROWS);
    const other = new DataWriter(ROWS);
    const { done } = converting(writer, { other });
    const failed = rejection(done);
    await writer.append(block(0, 15));
    const error = new Error('unplugged');
    other.end(error);
    expect(await failed).toBe(error);
    expect(await rejection(writer.flush())).toBeInstanceOf(DataError);
  });
});

test('data that do not fit reject their append, and the conversion', async () => {
  const path = join(tempFolder(), 'a.h5');
  const file = await open(path, 'a', { workers: 1 });
  const dataset = file.createDataset('x', {
    shape: [0, WIDTH],
    maxshape: [12, WIDTH],
    chunks: [10, WIDTH],
    dtype: 'int16',
  });
  const writer = new DataWriter(ROWS);
  const consumed = rejection(dataset.consume(writer));
  await writer.append(block(0, 10));
  const refused = writer.append(block(10, 5));
  const later = writer.flush();
  const error = await rejection(refused);
  expect(error).toBeInstanceOf(LayoutError);
  expect(await rejection(later)).toBe(error);
  expect(await consumed).toBe(error);
  expect((await dataset.read()).data).toEqual(block(0, 10));
  await file.close();
});

test.each([1, 7, 33])('flushed rows survive a kill, in blocks of %i rows', async (count) => {
  const path = join(tempFolder(), 'a.nwb');
  const what = description(path, []);
  const child = startChild(`
    import { convert, DataWriter } from '${BUILT.index}';
    const options = { dtype: 'int16', maxshape: [null, ${WIDTH}] };
    const writers = { x: new DataWriter(options), y: new DataWriter(options) };
    const acquisition = Object.entries(writers).map(([name, data]) =>
      ({ type: 'TimeSeries', name, unit: 'volts', rate: 1000, data: { data, chunks: [10, 3] } }));
    void convert({ ...${JSON.stringify(what)}, acquisition }, { workers: 2 });
    const acquire = async (writer, blocks) => {
      const block = new Int16Array(${count * WIDTH});
      for (let at = 0; at < blocks * block.length; at += block.length) {
        for (let item = 0; item < block.length; item++) block[item] = (at + item) % 30000;
        await writer.append(block);
        if ((at / block.length) % 3 === 2) await writer.flush();
      }
    };
    await Promise.all([acquire(writers.x, 12), acquire(writers.y, 9)]);
    void writers.x.append(new Int16Array(${WIDTH}));
    process.kill(process.pid, 'SIGKILL');`);
  expect(await child.end()).toBe('SIGKILL');
  await recover(path, { workers: 1 });
  for (const [name, blocks] of [
    ['x', 12],
    ['y', 9],
  ] as const) {
    const { shape, data } = readBack(path, `/acquisition/${name}/data`);
    const flushed = blocks * count;
    expect(shape[0]).toBeGreaterThanOrEqual(flushed);
    expect((data as Int16Array).subarray(0, flushed * WIDTH)).toEqual(block(0, flushed));
  }
});

test('DataWriters that a conversion never read from reject with its error', async () => {
  const writers = [0, 1, 2].map(() => new DataWriter(ROWS));
  const [bare, wrapped, other] = writers;
  const calls = writers.map((writer) => writer.append(block(0, 1)));
  const what = description('a.nwb', [
    timeSeries('x', { data: bare }),
    timeSeries('y', dataIO(wrapped, { chunks: [10, WIDTH] })),
  ]);
  const error = new Error('refused');
  rejectWriters(what, error);
  expect(await rejection(calls[0])).toBe(error);
  expect(await rejection(calls[1])).toBe(error);
  rejectWriters({ '/acquisition/x/data': other, nothing: [null, 5, { data: undefined }] }, error);
  expect(await rejection(calls[2])).toBe(error);
  for (const what of [undefined, null, 5, 'a text', []]) rejectWriters(what, error);
});
