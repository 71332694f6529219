import { appendFileSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { convert, JobError, SourceError } from '../../src/index.js';
import { test } from '../support/fixtures.js';
import {
  description,
  listing,
  moduleText,
  readBack,
  rejection,
  tempFolder,
  timeSeries,
  waves,
  writeModule,
  writeRaw,
} from '../support/recordings.js';

const DATA = '/acquisition/x/data';

/** Converts a module, checks that no file is left, and returns the error. */
async function failure(text: string, options?: unknown, workers = 2): Promise<JobError> {
  const folder = tempFolder();
  const source = writeModule(folder, 'm.mjs', text, options);
  const what = description(join(folder, 'a.nwb'), [
    timeSeries('x', { source, chunks: [10, 4], compression: null }),
  ]);
  const error = await rejection(convert(what, { workers, keepPartial: false }));
  expect(listing(folder)).toEqual(['m.mjs']);
  if (!(error instanceof JobError)) throw error;
  return error;
}

test('a slow module is awaited', async ({ folder }) => {
  const slow = 'await new Promise((done) => setTimeout(done, (start[0] % 3) * 4));';
  const source = writeModule(folder, 'm.mjs', moduleText([300, 4], slow));
  const path = join(folder, 'a.nwb');
  const what = description(path, [timeSeries('x', { source, chunks: [10, 4] })]);
  await convert(what, { workers: 3 });
  const expected = Int16Array.from({ length: 1200 }, (_, i) => i % 1000);
  expect(readBack(path, DATA).data).toEqual(expected);
});

describe('a module that throws', () => {
  test('fails its job, which the error names', async () => {
    const error = await failure(
      moduleText(
        [400, 4],
        `if (start[0] > 100) throw Object.assign(new RangeError('no such block'), {
          code: 'EBLOCK', retry() {}, nested: { socket: () => {} },
        });`,
      ),
    );
    expect(error).toMatchObject({ tag: 'JobError', name: 'JobError', fields: { dataset: DATA } });
    const { start, count } = error.fields.hyperslab;
    expect(start[0]).toBeGreaterThan(100);
    expect(start[1]).toBe(0);
    expect(count).toEqual([50, 4]);
    expect(error.message).toContain('no such block');
    expect(error.message).toContain(`(${DATA}, [${start[0]}:${start[0] + 50}, 0:4])`);

    const cause = error.cause as SourceError;
    expect(cause).toBeInstanceOf(SourceError);
    expect(cause).toMatchObject({ tag: 'SourceError', name: 'SourceError' });
    expect(cause.fields.path).toMatch(/m\.mjs$/);
    expect(cause.fields.received).toBe('an error: no such block');
    // The cause is the user's own error, with the line of the module that threw it.
    const own = cause.cause as Error;
    expect(own).toMatchObject({ name: 'RangeError', message: 'no such block', code: 'EBLOCK' });
    expect(own.stack).toMatch(/m\.mjs:\d+/);
  });

  test.each(['undefined', 'null', "'a text'", '{ message: 5 }', 'Symbol.iterator'])(
    'may throw %s',
    async (thrown) => {
      const error = await failure(moduleText([40, 4], `throw ${thrown};`));
      expect(error.cause).toBeInstanceOf(SourceError);
    },
  );

  test('may throw an error that is its own cause', async () => {
    const circle = "const e = new Error('circle'); e.cause = e; throw e;";
    expect((await failure(moduleText([40, 4], circle))).message).toContain('circle');
  });

  test('may do so only when a worker opens it', async () => {
    const text = moduleText([40, 4]).replace(
      'return {',
      "if (!isMainThread) throw new Error('not here'); return {",
    );
    const error = await failure(text);
    expect(error.cause).toBeInstanceOf(SourceError);
    expect(error.message).toContain('not here');
  });

  test('may do so after it has answered', async () => {
    const later = `
      setTimeout(() => { throw new Error('later'); }, 1);
      await new Promise((done) => setTimeout(done, 50));`;
    expect((await failure(moduleText([40, 4], later))).message).toContain('later');
  });

  test('may end its thread instead', async () => {
    const error = await failure(moduleText([40, 4], 'process.exit(3);'));
    expect(error.message).toMatch(/^worker thread died: .*exit.*m\.mjs/);
    expect(error).toMatchObject({ fields: { dataset: DATA }, cause: { tag: 'WorkerError' } });
  });
});

describe('a module that answers wrongly', () => {
  test.each([
    ['return new Int16Array(3);', /Expected Int16Array of \d+ .* but received Int16Array of 3/],
    ['return new Float32Array(count[0] * 4);', /but received Float32Array of \d+/],
    ['return Array(count[0] * 4).fill(0);', /but received array/],
    ['return undefined;', /but received undefined/],
    ['return new DataView(new ArrayBuffer(count[0] * 8));', /but received dataview/],
  ])('%s', async (answer, message) => {
    const error = await failure(moduleText([400, 4], answer));
    expect(error.cause).toBeInstanceOf(SourceError);
    expect(error.message).toMatch(message);
  });

  test('with another shape than at first', async () => {
    const text = moduleText([400, 4]).replace('shape,', 'shape: isMainThread ? shape : [401, 4],');
    const error = await failure(text);
    expect(error.cause).toBeInstanceOf(SourceError);
    expect(error.message).toMatch(
      /Expected 400 x 4 x int16, as planned, in .*m\.mjs but received 401 x 4 x int16/,
    );
  });
});

describe('a file that changes after it was planned', () => {
  const change = async (order: 'C' | 'F', edit: (path: string) => void, first = false) => {
    const folder = tempFolder();
    const raw = writeRaw(folder, 'a.bin', waves([4000, 4]), { order });
    const source = { ...raw, shape: [null, 4] };
    const path = join(folder, 'a.nwb');
    const what = description(path, [timeSeries('x', { source, chunks: [10, 4] })]);
    const onProgress = ({ chunksDone }: { chunksDone: number }) => {
      if (first === (chunksDone === 0)) edit(source.path);
    };
    const error = await rejection(convert(what, { workers: 1, onProgress, keepPartial: false }));
    if (!(error instanceof JobError)) throw error;
    expect(error.cause).toBeInstanceOf(SourceError);
    expect(listing(folder)).toEqual(['a.bin']);
    return error.message;
  };

  test.each([8, 800, 31_992])(
    'fails the conversion if it is cut to %i bytes while it is read',
    async (size) => {
      const message = await change('C', (path) => truncateSync(path, size));
      expect(message).toMatch(/a\.bin .* the source is shorter than planned/);
    },
  );

  // In Fortran order, every channel would be read from a wrong position.
  test.each(['C', 'F'] as const)(
    'fails the conversion if it changes before it is read, in %s order',
    async (order) => {
      const cut = await change(order, (path) => truncateSync(path, 800), true);
      expect(cut).toMatch(/Expected 4000 x 4 x int16, as planned, .* received 100 x 4 x int16/);
      const grown = await change(order, (path) => appendFileSync(path, Buffer.alloc(8)), true);
      expect(grown).toMatch(/received 4001 x 4 x int16: the source has changed/);
    },
  );

  test('fails the conversion if it is removed', async ({ folder }) => {
    const text = moduleText([400, 4]).replace(
      'return {',
      "if (!isMainThread) writeFileSync(options, 'x', { flag: 'r+' }); return {",
    );
    const source = writeModule(folder, 'm.mjs', text, join(folder, 'gone'));
    const what = description(join(folder, 'a.nwb'), [timeSeries('x', { source })]);
    const error = await rejection(convert(what, { workers: 2 }));
    expect((error as JobError).message).toMatch(/ENOENT/);
    expect((error as JobError).cause).toBeInstanceOf(SourceError);
  });
});

test('the first failure stops all running jobs, and no other job begins', async ({ folder }) => {
  const log = join(folder, 'log');
  const read = `
    appendFileSync(options, start[0] + '\\n');
    await new Promise((done) => setTimeout(done, 20));
    throw new Error('broken');`;
  const series = Array.from({ length: 5 }, (_, i) => {
    const source = writeModule(folder, `${i}.mjs`, moduleText([480, 4], read), log);
    return timeSeries(`s${i}`, { source, chunks: [10, 4] });
  });
  const what = description(join(folder, 'a.nwb'), series);
  const error = await rejection(convert(what, { workers: 3, keepPartial: true }));
  expect(error).toBeInstanceOf(JobError);
  // There are 60 jobs. Each of three workers has one running job and one waiting.
  const reads = readFileSync(log, 'utf8').trim().split('\n').length;
  expect(reads).toBeLessThanOrEqual(6);
  // No chunk is on record, so there is nothing to resume.
  expect(listing(folder)).toEqual(['0.mjs', '1.mjs', '2.mjs', '3.mjs', '4.mjs', 'log']);
});
