import { describe, expect, test } from 'vitest';
import { type CreateOptions, DataChunk, ndarray, slice } from '../../src/index.js';
import { BUILT, startChild } from '../support/child.js';
import { readBack, rejection } from '../support/recordings.js';
import { newFile, withOpen } from './files.js';

const ROWS: CreateOptions = {
  dtype: 'int32',
  shape: [0, 3],
  maxshape: [null, 3],
  chunks: [4, 2],
  fillvalue: -1,
};

describe('calls that are not awaited', () => {
  test('calls that are not awaited run in order', async () => {
    const path = await newFile({ x: ROWS });
    await withOpen(path, 'r+', async (file) => {
      const x = file.dataset('x');
      void x.resize([9, 3]);
      void x.write(null, 1);
      void x.write([slice(2, 5)], 2);
      const between = x.read([slice(1, 6), 0]);
      void x.resize([3, 3]);
      void x.resize([5, 3]);
      const afterwards = x.read([null, 2]);
      void x.append([7, 8, 9]);
      const last = x.read(-1);
      const blocks = x.blocks({ shape: [4, 3] }).next();
      void x.write(0, 3);
      expect([...(await between).data]).toEqual([1, 2, 2, 2, 1]);
      expect([...(await afterwards).data]).toEqual([1, 1, 2, -1, -1]);
      expect([...(await last).data]).toEqual([7, 8, 9]);
      expect((await blocks).value).toMatchObject({ selection: [slice(0, 4), slice(0, 3)] });
    });
    const rows = [
      [3, 3, 3],
      [1, 1, 1],
      [2, 2, 2],
      [-1, -1, -1],
      [-1, -1, -1],
      [7, 8, 9],
    ];
    expect(readBack(path, 'x').data).toEqual(Int32Array.from(rows.flat()));
  });

  test('calls to several datasets run at the same time', async () => {
    const names = Array.from({ length: 6 }, (_, at) => `d${at}`);
    const path = await newFile(Object.fromEntries(names.map((name) => [name, ROWS])));
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    await withOpen(
      path,
      'r+',
      async (file) => {
        const [held, ...others] = names.map((name) => file.dataset(name));
        const consumed = held.consume({
          dtype: 'int32',
          maxshape: [null, 3],
          async *[Symbol.asyncIterator]() {
            await gate;
            yield new DataChunk(ndarray(Int32Array.of(1, 2, 3), [1, 3]), [slice(0, 1)]);
          },
        });
        // The other datasets do not wait for the blocked one.
        await Promise.all(
          others.flatMap((dataset, at) =>
            Array.from({ length: 20 }, (_, row) => dataset.append([at, row, 0])),
          ),
        );
        open();
        await consumed;
      },
      { workers: 2 },
    );
    expect(readBack(path, 'd0').data).toEqual(Int32Array.of(1, 2, 3));
    for (const [at, name] of names.slice(1).entries()) {
      const rows = Array.from({ length: 20 }, (_, row) => [at, row, 0]);
      expect(readBack(path, name).data).toEqual(Int32Array.from(rows.flat()));
    }
  });

  test('a refused call writes nothing and does not affect the calls after it', async () => {
    const path = await newFile({ x: ROWS, fixed: { ...ROWS, shape: [4, 3], maxshape: [6, 3] } });
    await withOpen(path, 'r+', async (file) => {
      const x = file.dataset('x');
      const fixed = file.dataset('fixed');
      const refused = [
        x.write(0, 1),
        x.append([1, 2]),
        x.append(ndarray(Float64Array.of(1, 2, 3), [1, 3])),
        x.resize([4, 4]),
        x.resize([4]),
        x.resize([-1, 3]),
        x.read([0, 0]),
        fixed.write([slice(0, 2)], [[1, 2, 3]] as never),
        fixed.write([null, [1, 0]], 1),
        fixed.append(ndarray(new Int32Array(9), [3, 3])),
        fixed.write(0, 1.5),
      ];
      void x.append([4, 5, 6]);
      const errors = await Promise.all(refused.map(rejection));
      expect(errors.map((error) => (error as Error).message)).toEqual([
        'Expected no index along axis 0 for /x but received 0 in [0] (the axis is empty)',
        'Expected data of shape [n, 3] to append to [0, 3] for /x but received shape [2]',
        'Expected int32 for /x but received float64',
        'Expected an extent within its maxshape [null, 3] for /x but received [4, 4]',
        'Expected an extent of 2 axes for /x but received [4]',
        'Expected an extent of whole numbers of at least 0 for /x but received [-1, 3]',
        expect.stringContaining('the axis is empty'),
        'Expected data of shape [2, 3] for /fixed but received shape [1, 3]',
        expect.stringContaining('strictly increasing indices'),
        'Expected an extent within its maxshape [6, 3] for /fixed but received [7, 3]',
        expect.stringContaining('/fixed'),
      ]);
    });
    expect(readBack(path, 'x').data).toEqual(Int32Array.of(4, 5, 6));
    expect(readBack(path, 'fixed').data).toEqual(new Int32Array(12).fill(-1));
  });

  test('too little memory is reported before an extent changes', async () => {
    const path = await newFile({ x: ROWS });
    await withOpen(
      path,
      'r+',
      async (file) => {
        const x = file.dataset('x');
        expect(await rejection(x.append([1, 2, 3]))).toMatchObject({ name: 'BudgetError' });
        expect(x.shape).toEqual([0, 3]);
      },
      { workers: 1, memory: 1000 },
    );
    expect(readBack(path, 'x').shape).toEqual([0, 3]);
  });
});

describe('a full disk', () => {
  test('a full disk is reported by the calls that follow, and the file is closed nevertheless', async () => {
    const small: CreateOptions = { dtype: 'int8', shape: [4], chunks: [4] };
    const path = await newFile({ small });
    const child = startChild(
      `
      process.on('warning', ({ message }) => say(message));
      const { open } = await import(${JSON.stringify(BUILT.index)});
      const file = await open(${JSON.stringify(path)}, 'r+', { workers: 2 });
      const small = file.dataset('small');
      await small.write(null, 5);
      await file.flush();
      const options = { shape: [100, 10000], chunks: [1, 10000], compression: null };
      const large = file.createDataset('large', { dtype: 'float64', ...options });
      const tell = (what, promise) => promise.then(
        () => say(what + ' done'),
        ({ name, message }) => say(what + ' ' + name + ' ' + message),
      );
      await large.write(null, 1).catch(() => {});
      await tell('flush', large.flush());
      await tell('write', small.write(0, 6));
      await tell('close', file.close());
      await tell('close', file.close());
      await tell('read', large.read(0));`,
      600,
    );
    for (const call of ['flush', 'write', 'close'])
      expect(await child.line()).toMatch(new RegExp(`^${call} JobError EFBIG.*\\(/large, `));
    expect(await child.line()).toBe('close done');
    expect(await child.line()).toMatch(/^read ClosedError .* is closed/);
    // The process ends by itself, so the threads have ended, too.
    expect(await child.end()).toBe(0);
    expect(readBack(path, 'small').data).toEqual(new Int8Array(4).fill(5));
  });
});
