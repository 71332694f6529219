import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { slice } from '../../src/layout/index.js';
import { OptionError } from '../../src/option-error.js';
import {
  type DataChunk,
  DataChunkIterator,
  type DataChunkIteratorOptions,
  DataError,
  type IterableData,
  type NdArrayLike,
  ndarray,
} from '../../src/streams/index.js';
import { closing, closingLater, drain, drainAsync, later, seen } from './iterating.js';

const ROWS = [
  [1, 2],
  [3, 4],
  [5, 6],
];
const WHOLE = [{ start: 0, stop: 3, shape: [3, 2], items: [1, 2, 3, 4, 5, 6] }];

describe('synchronous data', () => {
  test.each<[string, () => IterableData]>([
    ['nested arrays', () => ROWS],
    ['a generator', () => closing(ROWS, [])],
    ['a set', () => new Set(ROWS)],
    ['rows of typed arrays', () => ROWS.map((row) => Float64Array.from(row))],
    ['rows of n-d arrays', () => ROWS.map((row) => ndarray(Float64Array.from(row)))],
    ['an n-d array', () => ndarray(Float64Array.from(ROWS.flat()), [3, 2])],
  ])('are iterated from %s', async (_, data) => {
    const options = { bufferSize: 5 };
    expect(drain(new DataChunkIterator(data(), options))).toEqual(WHOLE);
    expect(await drainAsync(new DataChunkIterator(data(), options))).toEqual(WHOLE);
  });

  test('of typed arrays are views of the array', () => {
    const data = BigInt64Array.of(1n, 2n, 3n);
    const chunks = new DataChunkIterator(data, { bufferSize: 2 });
    expect(chunks).toMatchObject({ dtype: 'int64', maxshape: [3], recommendedDataShape: [3] });
    const all = Array.from(chunks as Iterable<DataChunk>);
    expect(all.map(seen)).toEqual([
      { start: 0, stop: 2, shape: [2], items: [1n, 2n] },
      { start: 2, stop: 3, shape: [1], items: [3n] },
    ]);
    expect(all[1].data.data.buffer).toBe(data.buffer);
  });

  test('without rows have a shape', () => {
    const chunks = new DataChunkIterator(ndarray(new Int16Array(0), [0, 4]));
    expect(chunks).toMatchObject({ dtype: 'int16', maxshape: [0, 4] });
    expect(drain(chunks)).toEqual([]);
  });

  test('of bigints are int64, and images keep their axes', () => {
    expect(new DataChunkIterator([1n, 2n]).dtype).toBe('int64');
    const images = new DataChunkIterator([[[1, 2, 3]]], { dtype: 'uint8' });
    expect(images).toMatchObject({ dtype: 'uint8', maxshape: [1, 1, 3] });
    expect(drain(images)[0].shape).toEqual([1, 1, 3]);
  });
});

describe('asynchronous data', () => {
  test.each<[string, () => IterableData]>([
    ['an async generator', () => later(ROWS)],
    ['a Node stream', () => Readable.from(ROWS)],
    ['a web stream', () => webStream(ROWS)],
  ])('are iterated from %s', async (_, data) => {
    const chunks = new DataChunkIterator(data(), { bufferSize: 5 });
    expect(Symbol.iterator in chunks).toBe(false);
    await chunks.prepare();
    await chunks.prepare();
    expect(chunks).toMatchObject({
      dtype: 'float64',
      maxshape: [null, 2],
      recommendedDataShape: [3, 2],
    });
    expect(await drainAsync(chunks)).toEqual(WHOLE);
  });

  test('need not be prepared before they are iterated', async () => {
    const chunks = new DataChunkIterator(later(ROWS), { bufferSize: 5 });
    expect(await drainAsync(chunks)).toEqual(WHOLE);
    expect(chunks.maxshape).toEqual([null, 2]);
  });

  test.each(['dtype', 'maxshape', 'recommendedDataShape'] as const)(
    'have no %s before prepare()',
    (what) => {
      const chunks = new DataChunkIterator(later(ROWS));
      expect(() => chunks[what]).toThrow(
        `Expected 'await prepare()' before anything is asked for the ${what} of a DataChunkIterator ` +
          'over asynchronous data but received none',
      );
    },
  );

  test('need no prepare() for what is declared', () => {
    const options: DataChunkIteratorOptions = { dtype: 'int16', maxshape: [null, 2] };
    const chunks = new DataChunkIterator(later(ROWS), options);
    expect(chunks).toMatchObject({ ...options, recommendedDataShape: [1, 2] });
  });
});

describe('reading ahead', () => {
  test('reads the first chunk if a property needs it', () => {
    let read = 0;
    function* rows() {
      for (const row of ROWS) {
        read++;
        yield row;
      }
    }
    const chunks = new DataChunkIterator(rows());
    expect(read).toBe(0);
    expect(chunks.maxshape).toEqual([null, 2]);
    expect(chunks.recommendedDataShape).toEqual([1, 2]);
    expect(read).toBe(1);
    expect(drain(chunks).map(({ items }) => items)).toEqual(ROWS);
  });

  test('reads nothing if everything is declared', () => {
    const rows = closing(ROWS, []);
    const chunks = new DataChunkIterator(rows, { dtype: 'int8', maxshape: [null, 2] });
    expect(chunks).toMatchObject({ dtype: 'int8', recommendedDataShape: [1, 2] });
    expect(rows.next().value).toEqual([1, 2]);
  });
});

describe('empty data', () => {
  const nothing: (number | null)[][] = [[], [null, null]];

  test.each(nothing)('of declared shape begin with 0 rows', async (...items) => {
    const options: DataChunkIteratorOptions = { dtype: 'int16', maxshape: [null, 10] };
    const chunks = new DataChunkIterator(later(items), options);
    await chunks.prepare();
    expect(chunks).toMatchObject({ ...options, recommendedDataShape: [0, 10] });
    expect(await drainAsync(chunks)).toEqual([]);
  });

  test.each(nothing)('of unknown shape are refused', async (...items) => {
    const first = new DataChunkIterator(items.values(), { dtype: 'int16' });
    const message =
      'Expected dtype and maxshape for a DataChunkIterator without any data but received no ';
    expect(() => first.maxshape).toThrow(`${message}maxshape`);
    const second = new DataChunkIterator(later(items), { maxshape: [null] });
    await expect(second.prepare()).rejects.toThrow(`${message}dtype`);
  });
});

describe('buffers', () => {
  /** Yields all rows in the same array, as acquisition systems do. */
  function* reused() {
    const row = new Int16Array(2);
    for (let i = 0; i < 5; i++) yield row.fill(i);
  }

  test('hold copies of the items', () => {
    const all = Array.from(
      new DataChunkIterator(reused(), { bufferSize: 2 }) as Iterable<DataChunk>,
    );
    expect(all.flatMap((chunk) => seen(chunk).items)).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
  });

  test('of one item are that item', () => {
    const row = Int16Array.of(1, 2);
    const [chunk] = new DataChunkIterator([row]) as Iterable<DataChunk>;
    expect(chunk.data.data).toBe(row);
    expect(chunk.data.shape).toEqual([1, 2]);
  });

  test('of any size leave every item at its place, also with gaps', () => {
    const items = fc.array(fc.option(fc.integer()), { maxLength: 40 });
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 9 }), (given, bufferSize) => {
        const options: DataChunkIteratorOptions = { bufferSize, dtype: 'int32', maxshape: [null] };
        const placed: unknown[] = new Array(given.length).fill(null);
        for (const { start, stop, shape, items } of drain(new DataChunkIterator(given, options))) {
          expect(shape).toEqual([stop - start]);
          expect(stop - start).toBeLessThanOrEqual(bufferSize);
          placed.splice(start, stop - start, ...items);
        }
        expect(placed).toEqual(given);
      }),
    );
  });
});

describe('different items are refused, and the data are closed', () => {
  test.each<[string, unknown[], DataChunkIteratorOptions, string]>([
    [
      'shape',
      [[1, 2], [3]],
      {},
      'shape [2] for item 1 of a DataChunkIterator but received shape [1]',
    ],
    [
      'rank',
      [1, [3]],
      {},
      'a single number for item 1 of a DataChunkIterator but received shape [1]',
    ],
    [
      'typed length',
      [new Int8Array(3), null, new Int8Array(4)],
      {},
      'shape [3] for item 2 of a DataChunkIterator but received shape [4]',
    ],
    [
      'dtype',
      [new Int16Array(2), new Float32Array(2)],
      {},
      'int16 for item 1 of a DataChunkIterator but received float32',
    ],
    [
      'declared dtype',
      [new Int16Array(2)],
      { dtype: 'int32' },
      'int32 for item 0 of a DataChunkIterator but received int16',
    ],
    [
      'range',
      [1, 300],
      { dtype: 'uint8' },
      'numbers that uint8 can hold for item 1 of a DataChunkIterator but received 300',
    ],
    [
      'kind',
      [1, 'a'],
      {},
      "numbers or a typed array for item 1 of a DataChunkIterator but received 'a'",
    ],
    [
      'first kind',
      [undefined],
      {},
      'numbers or a typed array for item 0 of a DataChunkIterator but received undefined',
    ],
    [
      'maxshape',
      [[1, 2, 3]],
      { maxshape: [null, 2] },
      'a row of shape [2] or smaller for item 0 of a DataChunkIterator but received shape [3]',
    ],
    [
      'rank of maxshape',
      [[1]],
      { maxshape: [null] },
      'a single number for item 0 of a DataChunkIterator but received shape [1]',
    ],
  ])('%s', async (_, items, options, message) => {
    for (const bufferSize of [1, 2, 4]) {
      const log: string[] = [];
      const data = closing(items, log) as Iterable<NdArrayLike>;
      const chunks = new DataChunkIterator(data, { ...options, bufferSize });
      expect(() => drain(chunks)).toThrow(`Expected ${message}`);
      const slow = closingLater(items, log) as AsyncIterable<NdArrayLike>;
      const waited = new DataChunkIterator(slow, { ...options, bufferSize });
      await expect(drainAsync(waited)).rejects.toThrow(`Expected ${message}`);
      expect(log).toEqual(['closed', 'closed']);
    }
  });

  test('an invalid first item is refused every time', async () => {
    const chunks = new DataChunkIterator(['a'] as never);
    expect(() => chunks.dtype).toThrow(DataError);
    expect(() => chunks.maxshape).toThrow("received 'a'");
    await expect(chunks.prepare()).rejects.toThrow("received 'a'");
    expect(() => drain(chunks)).toThrow("received 'a'");
  });
});

describe('the wrapped iterator', () => {
  const broken = new Error('unplugged');

  test('passes its errors on', async () => {
    function* rows() {
      yield [1];
      throw broken;
    }
    expect(() => drain(new DataChunkIterator(rows()))).toThrow(broken);
    await expect(drainAsync(new DataChunkIterator(later(rows())))).rejects.toBe(broken);
    const stream = Readable.from(later(rows()));
    await expect(drainAsync(new DataChunkIterator(stream))).rejects.toBe(broken);
  });

  test('is closed if the iteration stops early', async () => {
    const log: string[] = [];
    for (const _ of new DataChunkIterator(closing(ROWS, log)) as Iterable<DataChunk>) break;
    for await (const _ of new DataChunkIterator(closing(ROWS, log))) break;
    for await (const _ of new DataChunkIterator(closingLater(ROWS, log))) break;
    expect(log).toEqual(['closed', 'closed', 'closed']);
    const stream = Readable.from(ROWS);
    for await (const _ of new DataChunkIterator(stream)) break;
    expect(stream.destroyed).toBe(true);
  });

  test('is closed even if only the first chunk was read', async () => {
    const log: string[] = [];
    const waited = new DataChunkIterator(closingLater(ROWS, log));
    await waited.prepare();
    const iterator = waited[Symbol.asyncIterator]();
    await iterator.return?.();
    expect(log).toEqual(['closed']);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });

    const chunks = new DataChunkIterator(closing(ROWS, log));
    expect(chunks.dtype).toBe('float64');
    const atOnce = chunks[Symbol.iterator]?.();
    atOnce?.return?.();
    expect(log).toEqual(['closed', 'closed']);
    expect(atOnce?.next()).toEqual({ done: true, value: undefined });
  });

  test('can be iterated only once', () => {
    const chunks = new DataChunkIterator(ROWS);
    drain(chunks);
    const message = 'Expected one iteration for a DataChunkIterator but received a second';
    expect(() => drain(chunks)).toThrow(message);
    expect(() => chunks[Symbol.asyncIterator]()).toThrow(message);
  });
});

describe('blocks', () => {
  function blocks(data: unknown[], options: DataChunkIteratorOptions = {}) {
    return new DataChunkIterator(data as NdArrayLike[], { ...options, yields: 'blocks' });
  }

  test('can have any number of rows', () => {
    const chunks = blocks([ROWS, [], [[7, 8]]], { dtype: 'int8' });
    expect(chunks).toMatchObject({
      dtype: 'int8',
      maxshape: [null, 2],
      recommendedDataShape: [3, 2],
    });
    expect(drain(chunks)).toEqual([...WHOLE, { start: 3, stop: 4, shape: [1, 2], items: [7, 8] }]);
  });

  test('of typed arrays are numbers, or rows of the maxshape', () => {
    const block = Int16Array.of(1, 2, 3, 4, 5, 6);
    expect(drain(blocks([block]))[0].shape).toEqual([6]);
    expect(drain(blocks([block], { maxshape: [null, 3] }))[0].shape).toEqual([2, 3]);
    expect(drain(blocks([block], { maxshape: [9, 3, 2] }))[0].shape).toEqual([1, 3, 2]);
  });

  test('can be asynchronous', async () => {
    const data = later([Int16Array.of(1, 2), Int16Array.of(3)]);
    const chunks = new DataChunkIterator(data, { yields: 'blocks' });
    await chunks.prepare();
    expect(chunks).toMatchObject({ dtype: 'int16', maxshape: [null] });
    expect((await drainAsync(chunks)).map(({ start, stop }) => [start, stop])).toEqual([
      [0, 2],
      [2, 3],
    ]);
  });

  test.each<[string, unknown[], DataChunkIteratorOptions, string]>([
    [
      'half rows',
      [new Int8Array(5)],
      { maxshape: [null, 2] },
      'whole rows of shape [2], 2 items each, for block 0 of a DataChunkIterator but received 5 items',
    ],
    [
      'single numbers',
      [3],
      {},
      'an array of whole rows for block 0 of a DataChunkIterator but received a single number',
    ],
    [
      'gaps',
      [[1], null],
      {},
      'numbers or a typed array for block 1 of a DataChunkIterator but received null',
    ],
    [
      'other rows',
      [[[1, 2]], [[1]]],
      {},
      'rows of shape [2] for block 1 of a DataChunkIterator but received rows of shape [1]',
    ],
    [
      'other types',
      [new Int8Array(1), new Int16Array(1)],
      {},
      'int8 for block 1 of a DataChunkIterator but received int16',
    ],
    [
      'rows beyond',
      [[[1, 2]]],
      { maxshape: [null, 1] },
      'a row of shape [1] or smaller for block 0 of a DataChunkIterator but received shape [2]',
    ],
  ])('refuses %s', (_, data, options, message) => {
    expect(() => drain(blocks(data, options))).toThrow(`Expected ${message}`);
  });
});

describe('bytes', () => {
  const options = { yields: 'bytes', dtype: 'int32', maxshape: [null, 3] } as const;

  test('that are cut anywhere give the original rows', async () => {
    const cuts = fc.array(fc.nat({ max: 120 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer(), { maxLength: 10 }), cuts, async (column, at) => {
        const items = column.flatMap((item) => [item, -1, 7]);
        const bytes = littleEndian(items);
        const ends = [...at, bytes.length]
          .filter((end) => end <= bytes.length)
          .sort((a, b) => a - b);
        const parts = ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
        const chunks = new DataChunkIterator(Readable.from(parts, { objectMode: true }), options);
        await chunks.prepare();
        expect(chunks.maxshape).toEqual([null, 3]);
        const all = await drainAsync(chunks);
        expect(all.flatMap((chunk) => chunk.items)).toEqual(items);
        let row = 0;
        for (const { start, stop, shape } of all) {
          expect([start, stop, shape]).toEqual([row, row + shape[0], [shape[0], 3]]);
          row = stop;
        }
        expect(row).toBe(column.length);
      }),
    );
  });

  test('are viewed without a copy if they are aligned', () => {
    const bytes = littleEndian([1, 2, 3, 4, 5, 6]);
    const [chunk] = new DataChunkIterator([bytes], options) as unknown as Iterable<DataChunk>;
    expect(chunk.data.data.buffer).toBe(bytes.buffer);
    expect(chunk.selection).toEqual(slice(0, 2));
  });

  test('can be single numbers instead of rows', () => {
    const parts = [Uint8Array.of(1), Uint8Array.of(0, 2), Uint8Array.of(0)];
    const chunks = new DataChunkIterator(parts, {
      yields: 'bytes',
      dtype: 'uint16',
      maxshape: [null],
    });
    expect(drain(chunks).flatMap(({ items }) => items)).toEqual([1, 2]);
  });

  test('are refused if they end within a row', () => {
    const chunks = new DataChunkIterator([new Uint8Array(19)], options);
    expect(() => drain(chunks)).toThrow(
      'Expected complete rows of 12 bytes (3 x int32) for a byte stream but received an incomplete row of 7 bytes after row 0',
    );
    expect(() => drain(new DataChunkIterator([Uint8Array.of(1)], options))).toThrow(
      'but received an incomplete row of 1 byte and nothing before it',
    );
  });

  test.each<[string, unknown]>([
    ["'abc'", 'abc'],
    ['Int16Array', new Int16Array(6)],
    ['null', null],
  ])('are refused as %s', (received, item) => {
    const chunks = new DataChunkIterator([new Uint8Array(2), item] as never, options);
    expect(() => drain(chunks)).toThrow(
      `Expected a Uint8Array for item 1 of a byte stream but received ${received}`,
    );
  });
});

test.each<[string, unknown, unknown, string]>([
  [
    'text',
    'abc',
    {},
    "an array, a generator or a stream for the data of a DataChunkIterator but received 'abc'",
  ],
  [
    'a number',
    3,
    {},
    'an array, a generator or a stream for the data of a DataChunkIterator but received 3',
  ],
  [
    'an object',
    {},
    {},
    'an array, a generator or a stream for the data of a DataChunkIterator but received Object',
  ],
  [
    'a type that the array has not',
    new Int8Array(2),
    { dtype: 'int16' },
    'int16 for the data of a DataChunkIterator but received int8',
  ],
  [
    'an array beyond its maxshape',
    ndarray(new Int8Array(4), [2, 2]),
    { maxshape: [null, 1] },
    'a row of shape [1] or smaller for the data of a DataChunkIterator but received shape [2]',
  ],
  [
    'an array longer than its maxshape',
    new Int8Array(4),
    { maxshape: [3] },
    'at most 3 elements along axis 0 for the data of a DataChunkIterator but received 4',
  ],
])('refuses %s', (_, data, options, message) => {
  const make = () =>
    new DataChunkIterator(data as IterableData, options as DataChunkIteratorOptions);
  expect(make).toThrow(DataError);
  expect(make).toThrow(message);
});

test.each([
  [
    'an unknown option',
    { buffersize: 2 },
    "Unknown option 'buffersize'; did you mean 'bufferSize'?",
  ],
  ['no buffer', { bufferSize: 0 }, 'a whole number of at least 1 for bufferSize but received 0'],
  [
    'an unknown type',
    { dtype: 'float16' },
    "a type such as 'int16' for dtype but received 'float16'",
  ],
  [
    'an unknown yield',
    { yields: 'rows' },
    "'elements', 'blocks' or 'bytes' for yields but received 'rows'",
  ],
  [
    'no axes',
    { maxshape: [] },
    'null or a whole number for each of one or more axes for maxshape but received []',
  ],
  [
    'half an axis',
    { maxshape: [0.5] },
    'null or a whole number for each of one or more axes for maxshape but received [0.5]',
  ],
  [
    'an invalid maxshape',
    { maxshape: 3 },
    'null or a whole number for each of one or more axes for maxshape but received 3',
  ],
  [
    'bytes without a dtype',
    { yields: 'bytes', maxshape: [null] },
    "a type such as 'int16' (required with yields: 'bytes') for dtype but received undefined",
  ],
  [
    'bytes without a maxshape',
    { yields: 'bytes', dtype: 'int8' },
    "a shape with every row length known, such as [null, 384] (required with yields: 'bytes') for maxshape but received undefined",
  ],
  [
    'bytes of rows of unknown length',
    { yields: 'bytes', dtype: 'int8', maxshape: [null, null] },
    "such as [null, 384] (required with yields: 'bytes') for maxshape but received [null, null]",
  ],
])('refuses %s', (_, options, message) => {
  const make = () => new DataChunkIterator([], options as DataChunkIteratorOptions);
  expect(make).toThrow(OptionError);
  expect(make).toThrow(message);
});

function littleEndian(items: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(items.length * 4));
  for (const [i, item] of items.entries()) view.setInt32(i * 4, item, true);
  return new Uint8Array(view.buffer);
}

function webStream<T>(items: readonly T[]): ReadableStream<T> {
  return new ReadableStream<T>({
    start(controller) {
      for (const item of items) controller.enqueue(item);
      controller.close();
    },
  });
}

test('a stream that has ended is refused, and so are bytes in place of elements', async () => {
  const over = Readable.from([[1, 2]]);
  for await (const _ of over);
  expect(() => new DataChunkIterator(over)).toThrow(
    'Expected a stream that has not ended for the data of a DataChunkIterator but received one that was read to its end or destroyed',
  );
  const bytes = new DataChunkIterator(Readable.from([Buffer.alloc(8)]));
  await expect(bytes.prepare()).rejects.toThrow(
    /^Expected an element, or the option yields: 'bytes' .* but received a Buffer of 8 bytes$/,
  );
  const rows = new DataChunkIterator([Buffer.of(1, 2)], { dtype: 'uint8' });
  expect(rows.recommendedDataShape).toEqual([1, 2]);
});
