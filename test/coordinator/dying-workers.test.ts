import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { describe, expect, onTestFinished } from 'vitest';
import { WorkerPool } from '../../src/coordinator/pool.js';
import { WorkerError } from '../../src/errors.js';
import { ChunkError } from '../../src/hdf5/index.js';
import { convert, JobError, SourceError, type SourceSpec, verify } from '../../src/index.js';
import type { WorkerPlan } from '../../src/workers/index.js';
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

/** Ways in which a user's module may end its thread in a read. */
const DEATHS: Record<string, string> = {
  'process.exit(0)': 'process.exit(0);',
  'process.exit(3)': 'process.exit(3);',
  'an error in a timer': `
    setTimeout(() => { throw new RangeError('later'); }, 1);
    await new Promise(() => setTimeout(() => {}, 10_000));`,
  'null thrown in a timer': `
    setTimeout(() => { throw null; }, 1);
    await new Promise(() => setTimeout(() => {}, 10_000));`,
  'undefined thrown in a timer': `
    setTimeout(() => { throw undefined; }, 1);
    await new Promise(() => setTimeout(() => {}, 10_000));`,
  'a rejection that no one handles': `
    Promise.reject(new RangeError('later'));
    await new Promise(() => setTimeout(() => {}, 10_000));`,
  'no memory': 'const all = []; for (;;) all.push(new Array(1000).fill(all.length));',
};

/** Threads that are started during the test get little memory, so that they soon run out of it. */
function limitHeaps(): void {
  setFlagsFromString('--max-old-space-size=64');
  onTestFinished(() => setFlagsFromString('--max-old-space-size=0'));
}

interface Dying {
  /** Expression of the module for the reads that end their thread. Default: those of the last quarter. */
  readonly when?: string;
  /** Whether such a read ends its thread every time, not only the first time. */
  readonly always?: boolean;
}

/** A module of [400, 4] with reads that end their thread. Each time they leave a file `died-ROW` before. */
function dying(folder: string, death: string, { when = 'start[0] >= 300', always }: Dying = {}) {
  const text = moduleText(
    [400, 4],
    `const mark = options + start[0];
    if ((${when}) && (${always ? 'true' : '!existsSync(mark)'})) {
      appendFileSync(mark, 'x');
      ${death}
    }`,
  );
  return writeModule(folder, 'm.mjs', text, join(folder, 'died-'));
}

/** The rows of the reads that ended a thread. A row is repeated if its read did so several times. */
function deaths(folder: string): number[] {
  const marks = listing(folder).filter((name) => name.startsWith('died-'));
  return marks.flatMap((name) =>
    Array.from(readFileSync(join(folder, name), 'utf8'), () => Number(name.slice('died-'.length))),
  );
}

function recording(folder: string, data: SourceSpec) {
  const path = join(folder, 'a.nwb');
  return { path, what: description(path, [timeSeries('x', { source: data, chunks: [10, 4] })]) };
}

const VALUES = Int16Array.from({ length: 1600 }, (_, i) => i % 1000);

describe('a job whose thread dies is run again', () => {
  test.each(Object.entries(DEATHS))('after %s', async (_, death) => {
    limitHeaps();
    const folder = tempFolder();
    const { path, what } = recording(folder, dying(folder, death));
    await convert(what, { workers: 2 });
    expect(deaths(folder).length).toBeGreaterThan(0);
    expect(readBack(path, DATA).data).toEqual(VALUES);
    expect((await verify(path, what, { workers: 2 })).equal).toBe(true);
  });

  test.each([1, 2, 3])(
    'even if every job kills its thread once, with %i workers',
    async (workers) => {
      const folder = tempFolder();
      const { path, what } = recording(folder, dying(folder, 'process.exit(1);', { when: 'true' }));
      await convert(what, { workers });
      const died = deaths(folder);
      expect(died.length).toBeGreaterThan(1);
      expect(new Set(died).size).toBe(died.length);
      expect(readBack(path, DATA).data).toEqual(VALUES);
    },
  );

  test('while other jobs run and wait', async ({ folder }) => {
    const path = join(folder, 'a.nwb');
    const others = waves([4000, 4]);
    const what = description(path, [
      timeSeries('x', { source: dying(folder, 'process.exit(0);'), chunks: [10, 4] }),
      timeSeries('y', { source: writeRaw(folder, 'y.bin', others), chunks: [10, 4] }),
    ]);
    await convert(what, { workers: 2 });
    expect(deaths(folder).length).toBeGreaterThan(0);
    expect(readBack(path, DATA).data).toEqual(VALUES);
    expect(readBack(path, '/acquisition/y/data').data).toEqual(others.items);
  });

  test('when a file is verified', async ({ folder }) => {
    const source = dying(folder, 'process.exit(0);', { when: "existsSync(options + 'now')" });
    const { path, what } = recording(folder, source);
    await convert(what, { workers: 2 });
    writeFileSync(join(folder, 'died-now'), '');
    expect((await verify(path, what, { workers: 2 })).equal).toBe(true);
    expect(deaths(folder).length).toBeGreaterThan(0);
  });
});

describe('a job whose thread dies twice', () => {
  test.each(Object.entries(DEATHS))('ends the run, and is named, after %s', async (_, death) => {
    limitHeaps();
    const folder = tempFolder();
    const source = dying(folder, death, { always: true });
    const { path, what } = recording(folder, source);
    const error = await rejection(convert(what, { workers: 2 }));
    if (!(error instanceof JobError)) throw error;
    expect(error.cause).toBeInstanceOf(WorkerError);
    expect(error).toMatchObject({ fields: { dataset: DATA, sources: [source.path] } });
    const [row] = error.fields.hyperslab.start;
    expect(deaths(folder).filter((died) => died === row)).toHaveLength(2);
    expect(error.message).toMatch(/^worker thread died: /);
    const where = `(${DATA}, [${row}:${row + error.fields.hyperslab.count[0]}, 0:4], source ${source.path})`;
    expect(error.message).toContain(where);
    // Nothing of it is left in this process.
    const next = recording(folder, writeRaw(folder, 'b.bin', waves([400, 4]))).what;
    await convert(next, { workers: 2, overwrite: true });
    expect((await verify(path, next, { workers: 2 })).equal).toBe(true);
  });

  test('gives an error whose cause is the error of the module', async ({ folder }) => {
    const death = DEATHS['an error in a timer'];
    const { what } = recording(folder, dying(folder, death, { always: true }));
    const error = (await rejection(convert(what, { workers: 1 }))) as JobError;
    const own = (error.cause as WorkerError).cause as Error;
    expect(own).toMatchObject({ name: 'RangeError', message: 'later' });
    expect(own.stack).toMatch(/m\.mjs:\d+/);
  });

  test('stops the other jobs', async ({ folder }) => {
    const death = 'await new Promise((done) => setTimeout(done, 20)); process.exit(1);';
    const { what } = recording(folder, dying(folder, death, { when: 'true', always: true }));
    const error = await rejection(convert(what, { workers: 2 }));
    expect(error).toBeInstanceOf(JobError);
    // For each of two workers, one job that runs and one that waits, each at most twice.
    expect(deaths(folder).length).toBeLessThanOrEqual(8);
  });

  test('when a file is verified', async ({ folder }) => {
    const when = "existsSync(options + 'now')";
    const source = dying(folder, 'process.exit(0);', { when, always: true });
    const { path, what } = recording(folder, source);
    await convert(what, { workers: 2 });
    writeFileSync(join(folder, 'died-now'), '');
    const error = await rejection(verify(path, what, { workers: 2 }));
    expect(error).toMatchObject({
      tag: 'JobError',
      fields: { dataset: DATA },
      cause: { tag: 'WorkerError' },
    });
  });
});

test('a job whose thread dies after the run was stopped is not read again', async ({ folder }) => {
  const death = `
    while (!existsSync(options + 'now')) await new Promise((done) => setTimeout(done, 2));
    process.exit(1);`;
  const { what } = recording(folder, dying(folder, death, { always: true }));
  const controller = new AbortController();
  const reason = new Error('enough');
  const running = convert(what, { workers: 2, signal: controller.signal });
  await expect.poll(() => deaths(folder).length, { timeout: 20_000 }).toBeGreaterThan(0);
  controller.abort(reason);
  writeFileSync(join(folder, 'died-now'), '');
  expect(await rejection(running)).toBe(reason);
  const died = deaths(folder);
  expect(new Set(died).size).toBe(died.length);
});

describe('errors that a job answers', () => {
  test('are not run again', async ({ folder }) => {
    const { what } = recording(folder, dying(folder, "throw new Error('broken');"));
    const error = await rejection(convert(what, { workers: 1 }));
    if (!(error instanceof JobError)) throw error;
    expect(error.cause).toBeInstanceOf(SourceError);
    expect(deaths(folder)).toEqual(expect.arrayContaining([error.fields.hyperslab.start[0]]));
    // Named once, by the cause.
    expect(error.message.split('m.mjs')).toHaveLength(2);
  });

  test('name the first file of a source, and say how many there are', () => {
    const slab = { start: [0, 5], count: [10, 1] };
    const files = ['/a/1.bin', '/a/2.bin', '/a/3.bin'];
    const message = (cause: string, sources?: string[]) =>
      new JobError({ dataset: '/x', hyperslab: slab, sources }, { cause: new Error(cause) })
        .message;
    expect(message('no space')).toBe('no space (/x, [0:10, 5:6])');
    expect(message('no space', files.slice(0, 1))).toBe(
      'no space (/x, [0:10, 5:6], source /a/1.bin)',
    );
    expect(message('no space', files)).toBe(
      'no space (/x, [0:10, 5:6], source /a/1.bin and 2 more)',
    );
    expect(message('/a/2.bin is short', files)).toBe('/a/2.bin is short (/x, [0:10, 5:6])');
  });

  test('name the output if no source can be the reason', () => {
    const slab = { start: [0], count: [10] };
    const message = (cause: Error, sources: string[] = []) =>
      new JobError({ dataset: '/x', hyperslab: slab, sources, file: '/b.nwb' }, { cause }).message;
    expect(message(new Error('broken'))).toBe('broken (/x, [0:10], file /b.nwb)');
    expect(message(new Error('broken'), ['/a.bin'])).toBe('broken (/x, [0:10], source /a.bin)');
    const damaged = new ChunkError({ problem: 'damaged' });
    expect(message(damaged, ['/a.bin'])).toBe('damaged (/x, [0:10], file /b.nwb)');
    expect(message(new Error('/b.nwb ends'))).toBe('/b.nwb ends (/x, [0:10])');
  });
});

describe('a pool', () => {
  const layout = {
    itemSize: 2,
    chunk: [10, 4],
    extent: [400, 4],
    fillvalue: new Uint8Array(2),
    filters: [],
  };

  test('reports each thread that dies, and runs the next task', async () => {
    const source = dying(tempFolder(), 'process.exit(0);', { when: 'start[0] < 20', always: true });
    const jobs = { extent: [400, 4], cell: [10, 4] };
    const shared = { name: '/x', source, dtype: 'int16' as const, bigEndian: false };
    const datasets = [{ ...shared, jobs, layout }];
    const pool = new WorkerPool({ filename: '', token: 0n, datasets }, 1);
    const run = (job: number) => pool.run('convert', { dataset: 0, job });
    const results = await Promise.allSettled([0, 1, 2, 0].map(run));
    await pool.close();
    const reasons = results.map((result) => result.status === 'rejected' && result.reason.tag);
    // The file to write does not exist, which is the task's own error.
    expect(reasons).toEqual(['WorkerError', 'WorkerError', 'ClosedError', 'WorkerError']);
  });

  test('whose threads can not start rejects all tasks, and does not hang', async () => {
    const pool = new WorkerPool(undefined as unknown as WorkerPlan, 2);
    for (let round = 0; round < 2; round++) {
      const tasks = Array.from({ length: 6 }, (_, job) => pool.run('convert', { dataset: 0, job }));
      for (const result of await Promise.allSettled(tasks))
        expect(result).toMatchObject({ status: 'rejected', reason: { tag: 'WorkerError' } });
    }
    await pool.close();
  });
});
