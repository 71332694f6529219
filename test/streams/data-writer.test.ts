import { describe, expect, onTestFinished, test } from 'vitest';
import {
  DataChunk,
  DataError,
  DataWriter,
  type DataWriterOptions,
  FlushRequest,
  LayoutError,
  ndarray,
  type Selection,
  slice,
} from '../../src/index.js';
import { resolveGrowing } from '../../src/layout/index.js';
import { rejection } from '../support/recordings.js';

const ROWS: DataWriterOptions = { dtype: 'int16', maxshape: [null, 4] };

/** Returns a function that tells the present state of each promise: `waits`, `done` or its error. */
function watched(promises: readonly Promise<unknown>[]) {
  const states: unknown[] = promises.map(() => 'waits');
  for (const [at, promise] of promises.entries())
    promise.then(
      () => {
        states[at] = 'done';
      },
      (error) => {
        states[at] = error;
      },
    );
  return async () => {
    // Runs after all promise callbacks that are already due.
    await new Promise((resolve) => setImmediate(resolve));
    return states;
  };
}

/** Pulls the next element, which must be a DataChunk. */
async function nextChunk(elements: AsyncIterator<unknown>): Promise<DataChunk> {
  const { value } = await elements.next();
  if (value instanceof DataChunk) return value;
  throw new Error(`Expected a DataChunk but received ${value}`);
}

/** The indices along each axis that a DataChunk selects in a dataset of the given extent. */
function placeOf({ data, selection }: DataChunk, extent: readonly number[]) {
  const bounds = { extent, maxshape: extent.map(() => null) };
  return resolveGrowing(selection, data.shape, bounds, 'x').picks;
}

describe('the options of a DataWriter', () => {
  test('become its properties', () => {
    const writer = new DataWriter({
      ...ROWS,
      recommendedChunkShape: [10, 4],
      recommendedDataShape: [3, 4],
    });
    expect(writer).toMatchObject({
      dtype: 'int16',
      maxshape: [null, 4],
      recommendedChunkShape: [10, 4],
      recommendedDataShape: [3, 4],
    });
    expect(new DataWriter(ROWS)).toMatchObject({
      recommendedChunkShape: null,
      recommendedDataShape: null,
    });
  });

  test.each([
    [undefined, 'an object for the options of a DataWriter but received undefined'],
    [{ ...ROWS, dtype: 'int15' }, "for the dtype of a DataWriter but received 'int15'"],
    [{ dtype: 'int16' }, 'for the maxshape of a DataWriter but received undefined'],
    [{ ...ROWS, maxshape: [] }, 'for the maxshape of a DataWriter but received []'],
    [
      { ...ROWS, chunks: [1, 1] },
      "Unknown option 'chunks'; the options are dtype, maxshape, recommendedChunkShape, ",
    ],
    [
      { ...ROWS, recommendedChunkShape: [10] },
      'for the recommendedChunkShape of a DataWriter but received [10]',
    ],
    [
      { ...ROWS, recommendedDataShape: [1, 5] },
      'for the recommendedDataShape of a DataWriter but received [null, 4]',
    ],
  ])('are checked: %o', (options, message) => {
    const make = () => new DataWriter(options as DataWriterOptions);
    expect(make).toThrow(message);
    expect(make).toThrow(/^(Expected|Unknown option) /);
  });
});

describe('append', () => {
  test.each<[string, DataWriterOptions, Parameters<DataWriter['append']>[0], number[]]>([
    ['a typed array of whole rows', ROWS, new Int16Array(8), [2, 4]],
    ['an array of rows', ROWS, ndarray(new Int16Array(12), [3, 4]), [3, 4]],
    ['one row', ROWS, ndarray(new Int16Array(4), [4]), [1, 4]],
    ['nested numbers', ROWS, [[1, 2, 3, 4]], [1, 4]],
    ['a row of numbers', ROWS, [1, 2, 3, 4], [1, 4]],
    ['no rows', ROWS, new Int16Array(0), [0, 4]],
    ['items', { dtype: 'int16', maxshape: [null] }, new Int16Array(5), [5]],
    ['an item', { dtype: 'int16', maxshape: [null] }, 5, [1]],
    [
      'rows of any length',
      { dtype: 'int16', maxshape: [null, null] },
      ndarray(new Int16Array(6), [2, 3]),
      [2, 3],
    ],
  ])('accepts %s', async (_, options, data, shape) => {
    const writer = new DataWriter(options);
    void writer.append(data);
    const chunk = await nextChunk(writer[Symbol.asyncIterator]());
    expect(chunk.data.shape).toEqual(shape);
  });

  test('puts data behind all rows that earlier calls appended or wrote', async () => {
    const writer = new DataWriter({ dtype: 'int16', maxshape: [100, 4] });
    const elements = writer[Symbol.asyncIterator]();
    void writer.append(new Int16Array(8));
    void writer.append(new Int16Array(4));
    void writer.write([slice(1, 10, 4), 2], new Int16Array(3));
    void writer.append(new Int16Array(4));
    void writer.write(0, new Int16Array(4));
    void writer.write(slice(50, 50), ndarray(new Int16Array(0), [0, 4]));
    void writer.append(new Int16Array(4));
    const places: unknown[] = [];
    for (let at = 0; at < 7; at++) places.push(placeOf(await nextChunk(elements), [100, 4])[0]);
    expect(places).toMatchObject([
      { first: 0, count: 2 },
      { first: 2, count: 1 },
      { first: 1, step: 4, count: 3 },
      { first: 10, count: 1 },
      { first: 0, count: 1 },
      { count: 0 },
      { first: 11, count: 1 },
    ]);
  });

  test('begins at the end of the recommendedDataShape', async () => {
    const writer = new DataWriter({ ...ROWS, recommendedDataShape: [7, 4] });
    void writer.append(new Int16Array(4));
    const chunk = await nextChunk(writer[Symbol.asyncIterator]());
    expect(placeOf(chunk, [7, 4])[0]).toMatchObject({ first: 7, count: 1 });
  });

  test('does not copy the data', async () => {
    const writer = new DataWriter(ROWS);
    const data = new Int16Array(8);
    void writer.append(data);
    expect((await nextChunk(writer[Symbol.asyncIterator]())).data.data).toBe(data);
  });
});

describe('write', () => {
  const data = new Int16Array([1, 2]);

  test.each<[Selection, object[]]>([
    [
      [slice(-2, null), -1],
      [
        { first: 5, count: 2 },
        { first: 3, count: 1 },
      ],
    ],
    [
      [[0, 1], 2],
      [{ first: 0, step: 1 }, { first: 2 }],
    ],
    [
      [3, [0, 3]],
      [{ first: 3 }, { first: 0, step: 3 }],
    ],
    [
      [slice(20, 22), slice(1, 2)],
      [{ first: 20, count: 2 }, { first: 1 }],
    ],
  ])('keeps the meaning that %j had at the call', async (selection, picks) => {
    const writer = new DataWriter({ ...ROWS, recommendedDataShape: [7, 4] });
    void writer.write(selection, data);
    const chunk = await nextChunk(writer[Symbol.asyncIterator]());
    // The selection was resolved at the call, so the dataset's later size does not change it.
    expect(placeOf(chunk, [1000, 1000])).toMatchObject(picks);
  });

  test('counts from the extent after all earlier calls', async () => {
    const writer = new DataWriter(ROWS);
    const elements = writer[Symbol.asyncIterator]();
    void writer.append(new Int16Array(12));
    void writer.write(-1, [1, 2, 3, 4]);
    await nextChunk(elements);
    expect(placeOf(await nextChunk(elements), [1000, 4])[0]).toMatchObject({ first: 2, count: 1 });
  });

  test('repeats a number over the extent at the call', async () => {
    const writer = new DataWriter({ ...ROWS, recommendedDataShape: [7, 4] });
    void writer.write(null, 5);
    const chunk = await nextChunk(writer[Symbol.asyncIterator]());
    expect(chunk.data).toEqual({ data: Int16Array.of(5), shape: [] });
    expect(placeOf(chunk, [1000, 4])).toMatchObject([{ count: 7 }, { count: 4 }]);
  });
});

describe('data that do not fit', () => {
  const items = new Int16Array(8);
  const misfits: [
    string,
    (writer: DataWriter) => Promise<void>,
    typeof DataError | typeof LayoutError,
    string,
  ][] = [
    ['another type', (w) => w.append(new Int32Array(8)), DataError, 'int16'],
    [
      'half a row',
      (w) => w.append(new Int16Array(6)),
      DataError,
      'whole rows of shape [4], 4 items each,',
    ],
    ['numbers of another type', (w) => w.append([[1, 2, 3, 0.5]]), DataError, 'int16'],
    ['no numbers', (w) => w.append('1234' as never), DataError, "'1234'"],
    ['shorter rows', (w) => w.append(ndarray(items, [4, 2])), LayoutError, '[4, 4]'],
    ['another rank', (w) => w.append(ndarray(items, [1, 2, 4])), LayoutError, '[n, 4]'],
    ['too many rows', (w) => w.append(new Int16Array(24)), LayoutError, 'indices below 5'],
    ['an index beyond', (w) => w.write(5, items.subarray(4)), LayoutError, '-5 to 4'],
    ['other counts', (w) => w.write(slice(0, 3), items), LayoutError, '[3, 4]'],
    ['no selection', (w) => w.write({} as never, items), LayoutError, 'an object'],
  ];

  test.each(misfits)('are refused at the call, and nothing is written: %s', async (...given) => {
    const [, push, kind, words] = given;
    const writer = new DataWriter({ dtype: 'int16', maxshape: [5, 4] });
    const elements = writer[Symbol.asyncIterator]();
    const error = await rejection(push(writer));
    expect(error).toBeInstanceOf(kind);
    expect((error as Error).message).toContain(words);
    expect((error as Error).message).toMatch(
      /^Expected .* for the data of a DataWriter but received /,
    );
    void writer.append(items);
    const chunk = await nextChunk(elements);
    expect(chunk.data.data).toBe(items);
    expect(placeOf(chunk, [5, 4])[0]).toMatchObject({ first: 0, count: 2 });
  });
});

describe('pushed data', () => {
  test('are settled one after the other, each when the next is requested', async () => {
    const writer = new DataWriter(ROWS);
    const states = watched([0, 1, 2].map(() => writer.append(new Int16Array(4))));
    expect(await states()).toEqual(['waits', 'waits', 'waits']);
    const elements = writer[Symbol.asyncIterator]();
    await elements.next();
    expect(await states()).toEqual(['waits', 'waits', 'waits']);
    await elements.next();
    expect(await states()).toEqual(['done', 'waits', 'waits']);
    await elements.next();
    void elements.next();
    expect(await states()).toEqual(['done', 'done', 'done']);
  });

  test('reach a consumer that asked for them before', async () => {
    const writer = new DataWriter(ROWS);
    const elements = writer[Symbol.asyncIterator]();
    const pulled = [elements.next(), elements.next(), elements.next(), elements.next()];
    const blocks = [new Int16Array(4), new Int16Array(8)];
    for (const block of blocks) void writer.append(block);
    writer.end();
    const results = await Promise.all(pulled);
    expect(results.map(({ value }) => (value as DataChunk | undefined)?.data.data)).toEqual([
      ...blocks,
      undefined,
      undefined,
    ]);
    expect(results.map(({ done }) => done)).toEqual([false, false, true, true]);
  });

  test('and flushes keep their order, and only its answer settles a flush', async () => {
    const writer = new DataWriter(ROWS);
    const calls = [
      writer.flush(),
      writer.append(new Int16Array(4)),
      writer.flush(),
      writer.append(new Int16Array(4)),
    ];
    const states = watched(calls);
    writer.end();
    const elements: unknown[] = [];
    for await (const element of writer) elements.push(element);
    const kinds = [FlushRequest, DataChunk, FlushRequest, DataChunk];
    for (const [at, kind] of kinds.entries()) expect(elements[at]).toBeInstanceOf(kind);
    expect(elements).toHaveLength(4);
    expect(await states()).toEqual(['waits', 'done', 'waits', 'done']);
    const failed = new Error('no space left');
    (elements[0] as FlushRequest).settle();
    (elements[2] as FlushRequest).settle(failed);
    expect(await states()).toEqual(['done', 'done', failed, 'done']);
  });

  test('can be iterated only once', () => {
    const writer = new DataWriter(ROWS);
    writer[Symbol.asyncIterator]();
    expect(() => writer[Symbol.asyncIterator]()).toThrow(
      'Expected one iteration for a DataWriter but received a second one, after its data were consumed',
    );
  });
});

describe('the end', () => {
  test('comes after all pushed data; then every call is refused', async () => {
    const writer = new DataWriter(ROWS);
    void writer.append(new Int16Array(4));
    writer.end();
    writer.end(new Error('too late'));
    for (const call of [
      () => writer.append(new Int16Array(4)),
      () => writer.write(0, new Int16Array(4)),
      () => writer.flush(),
    ]) {
      const error = await rejection(call());
      expect(error).toBeInstanceOf(DataError);
      expect((error as Error).message).toBe(
        'Expected nothing more after end() for the data of a DataWriter but received a further call',
      );
    }
    const elements = writer[Symbol.asyncIterator]();
    await nextChunk(elements);
    expect(await elements.next()).toEqual({ done: true, value: undefined });
    expect(await elements.next()).toEqual({ done: true, value: undefined });
  });

  test('with an error throws it once, after all pushed data', async () => {
    for (const waits of [false, true]) {
      const writer = new DataWriter(ROWS);
      const elements = writer[Symbol.asyncIterator]();
      const error = new Error('unplugged');
      void writer.append(new Int16Array(4));
      const pulled = waits ? [elements.next(), elements.next()] : [];
      writer.end(error);
      const [first, second] = waits ? pulled : [elements.next(), elements.next()];
      expect((await first).value).toBeInstanceOf(DataChunk);
      expect(await rejection(second)).toBe(error);
      expect(await elements.next()).toEqual({ done: true, value: undefined });
    }
  });

  test.each([
    ['with a reason', new Error('the disk is full')],
    ['without one', undefined],
  ])('of the iteration rejects waiting and later calls, %s', async (_, reason) => {
    const writer = new DataWriter(ROWS);
    const elements = writer[Symbol.asyncIterator]();
    const calls = () => [
      writer.append(new Int16Array(4)),
      writer.flush(),
      writer.write(0, new Int16Array(4)),
    ];
    const before = calls();
    const states = watched(before);
    await elements.next();
    await elements.next();
    expect(await states()).toEqual(['done', 'waits', 'waits']);
    await elements.return?.(reason);
    const errors = await Promise.all([...before.slice(1), ...calls()].map(rejection));
    expect(new Set(errors).size).toBe(1);
    if (reason) expect(errors[0]).toBe(reason);
    else
      expect(errors[0]).toMatchObject({
        tag: 'DataError',
        message: expect.stringContaining('its conversion had ended'),
      });
    expect(await elements.next()).toEqual({ done: true, value: undefined });
    writer.end(new Error('ignored'));
    expect(await elements.next()).toEqual({ done: true, value: undefined });
  });

  test('of the iteration reaches a consumer that waits for the next element', async () => {
    const writer = new DataWriter(ROWS);
    const elements = writer[Symbol.asyncIterator]();
    const pulled = elements.next();
    await elements.return?.();
    expect(await pulled).toEqual({ done: true, value: undefined });
  });

  test('of the iteration causes no unhandled rejection', async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', note);
    onTestFinished(() => {
      process.off('unhandledRejection', note);
    });
    const writer = new DataWriter(ROWS);
    void writer.append(new Int16Array(4));
    writer.reject(new Error('the disk is full'));
    void writer.append(new Int16Array(4));
    void writer.flush();
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).toEqual([]);
  });

  test('of an iteration that never began is reported, too', async () => {
    const writer = new DataWriter(ROWS);
    const call = writer.append(new Int16Array(4));
    const reason = new Error('refused');
    writer.reject(reason);
    expect(await rejection(call)).toBe(reason);
    writer.reject(new Error('another'));
    expect(await rejection(writer.flush())).toBe(reason);
  });
});
