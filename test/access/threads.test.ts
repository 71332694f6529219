import { expect, test } from 'vitest';
import { BUILT, startChild } from '../support/child.js';
import { readBack } from '../support/recordings.js';
import { newFile } from './files.js';

const ROWS = { dtype: 'float64', maxshape: [null, 64], chunks: [1000, 64], fillvalue: -1 } as const;

/** A program with an open file; its `threads()` returns the number of its worker threads. */
function program(path: string, text: string) {
  return startChild(`
    const { DataChunkIterator, ndarray, open, slice } = await import(${JSON.stringify(BUILT.index)});
    const threads = () => process.report.getReport().workers.length;
    const rows = (count, value) => ndarray(new Float64Array(count * 64).fill(value), [count, 64]);
    const file = await open(${JSON.stringify(path)}, 'r+', { workers: 2 });
    const x = file.dataset('x');
    ${text}`);
}

test('a few rows are read and written without starting a thread', async () => {
  const path = await newFile({ x: { ...ROWS, shape: [0, 64] } });
  const child = program(
    path,
    `
    for (let trial = 0; trial < 3; trial++) {
      await x.append(rows(3, trial));
      await x.flush();
    }
    await x.append(new DataChunkIterator([rows(1, 3)], { yields: 'blocks' }));
    await x.write(0, 9);
    const { data } = await x.read([null, 63]);
    say([...data].join(' '));
    say('threads ' + threads());
    await file.close();`,
  );
  expect(await child.line()).toBe('9 0 0 1 1 1 2 2 2 3');
  expect(await child.line()).toBe('threads 0');
  expect(await child.end()).toBe(0);
  const { shape, data } = readBack(path, 'x');
  expect(shape).toEqual([10, 64]);
  expect([...data].filter((_, at) => at % 64 === 63)).toEqual([9, 0, 0, 1, 1, 1, 2, 2, 2, 3]);
});

test.each([
  ['at once', 'await x.append(rows(20_000, 7));'],
  ['bit by bit', 'for (let row = 0; row < 20_000; row += 500) await x.append(rows(500, 7));'],
])('threads start when more is written (%s), and end with the file', async (_, more) => {
  const path = await newFile({ x: { ...ROWS, shape: [0, 64] } });
  const child = program(
    path,
    `
    const counts = [];
    for (const write of [() => x.append(rows(3, 7)), async () => { ${more} }]) {
      await write();
      await x.flush();
      counts.push(threads());
    }
    await file.close();
    counts.push(threads());
    say(counts.join(' '));`,
  );
  expect(await child.line()).toBe('0 2 0');
  expect(await child.end()).toBe(0);
  const { shape, data } = readBack(path, 'x');
  expect(shape).toEqual([20_003, 64]);
  expect(data.every((item) => item === 7)).toBe(true);
});
