import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { WorkerPool } from '../../src/coordinator/pool.js';
import { WorkerError } from '../../src/errors.js';
import { asPlacements } from '../../src/hdf5/index.js';
import {
  CHECK_BYTES,
  CHECK_CHUNKS,
  type CheckedChunks,
  type CheckedPart,
  checkChunks,
  type FailedChunk,
} from '../../src/verify/check-chunks.js';
import type { CheckDone, CheckTask } from '../../src/workers/index.js';
import { numRuns } from '../support/effort.js';
import { rejection } from '../support/recordings.js';

const LAYOUT = {
  itemSize: 1,
  chunk: [1],
  extent: [1e6],
  fillvalue: Uint8Array.of(0),
  filters: [],
} as const;

/** A pool whose tasks report chunks of checksum 1 as broken, each after `wait`. */
class FakePool {
  readonly workers = 2;
  readonly tasks: CheckTask[] = [];
  stopped = false;
  running = 0;
  most = 0;
  readonly #wait: () => Promise<void>;

  constructor(wait: () => Promise<void> = async () => {}) {
    this.#wait = wait;
  }

  stop(): void {
    this.stopped = true;
  }

  async run(name: string, task: CheckTask): Promise<CheckDone> {
    expect(name).toBe('check');
    this.tasks.push(task);
    this.most = Math.max(this.most, ++this.running);
    await this.#wait();
    this.running--;
    const failed = [...sumsOf(task).entries()]
      .filter(([, sum]) => sum === 1n)
      .map(([at]) => ({ at, problem: `broken ${task.name}`, isUnreadable: false }));
    return { failed, seconds: 0 };
  }

  get pool(): WorkerPool {
    return this as unknown as WorkerPool;
  }
}

function sumsOf({ checksums }: CheckTask): BigUint64Array {
  return checksums as BigUint64Array;
}

/** Chunks of the given stored sizes; -1 for a chunk that is not stored. */
function chunksOf(dataset: number, sizes: readonly number[], broken: readonly number[] = []) {
  const numbers = Float64Array.from(sizes, (_, at) => 3 * at);
  const placements = sizes.flatMap((size) => (size < 0 ? [-1, 0, 0] : [64, size, 0]));
  const checksums = BigUint64Array.from(sizes, (_, at) => (broken.includes(at) ? 1n : 0n));
  const name = `/${dataset}`;
  return {
    dataset,
    name,
    layout: LAYOUT,
    numbers,
    placements: asPlacements(new Float64Array(placements)),
    checksums,
  };
}

test('every chunk is checked once, in tasks of limited size', async () => {
  const size = fc.oneof(
    fc.integer({ min: -1, max: 100 }),
    fc.integer({ min: 0, max: 2 * CHECK_BYTES }),
  );
  const sizes = fc.oneof(
    fc.array(size, { maxLength: 50 }),
    fc.integer({ max: 3000, min: 0 }).map((count) => new Array<number>(count).fill(5)),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(sizes, fc.array(fc.nat({ max: 40 }))), { maxLength: 4 }),
      fc.boolean(),
      async (datasets, decode) => {
        const fake = new FakePool();
        const failed: FailedChunk[] = [];
        const parts: CheckedPart[] = [];
        const all = datasets.map(([stored, broken], at) => chunksOf(at, stored, broken));
        await checkChunks(fake.pool, all, {
          decode,
          onFailed: (chunk) => failed.push(chunk),
          onProgress: (part) => parts.push(part),
        });
        expect(fake.stopped).toBe(false);
        for (const [at, { name, numbers, placements, checksums }] of all.entries()) {
          const tasks = fake.tasks.filter((task) => task.name === name);
          expect(tasks.flatMap((task) => [...task.placements])).toEqual([...placements]);
          expect(tasks.flatMap((task) => [...sumsOf(task)])).toEqual([...checksums]);
          const expected = [...numbers].filter((_, chunk) => checksums[chunk] === 1n);
          const found = failed.filter(({ dataset }) => dataset === at);
          expect(found.map(({ number }) => number)).toEqual(expected);
          expect(found.every(({ problem }) => problem === `broken ${name}`)).toBe(true);
          const told = parts.filter(({ dataset }) => dataset === at);
          const sum = (key: 'chunks' | 'storedBytes') =>
            told.reduce((total, part) => total + part[key], 0);
          expect(sum('chunks')).toBe(numbers.length);
          expect(sum('storedBytes')).toBe(
            datasets[at][0].reduce((total, stored) => total + Math.max(0, stored), 0),
          );
          for (const [index, task] of tasks.entries()) {
            const count = sumsOf(task).length;
            expect(task.decode).toBe(decode);
            expect(count).toBeGreaterThan(0);
            expect(count).toBeLessThanOrEqual(CHECK_CHUNKS);
            const bytes = bytesOf(task);
            if (count > 1) expect(bytes).toBeLessThanOrEqual(CHECK_BYTES);
            // A task ends if one more chunk would exceed the limit.
            const next = tasks[index + 1];
            if (next && count < CHECK_CHUNKS)
              expect(bytes + next.placements[1]).toBeGreaterThan(CHECK_BYTES);
            // The worker receives only its own part of the arrays.
            expect(task.placements.buffer.byteLength).toBe(24 * count);
            expect(sumsOf(task).buffer.byteLength).toBe(8 * count);
          }
        }
      },
    ),
    { numRuns: numRuns(100) },
  );
});

function bytesOf({ placements }: CheckTask): number {
  return placements.filter((_, at) => at % 3 === 1).reduce((sum, size) => sum + size, 0);
}

test('chunks are asked for only when a worker will soon be free', async () => {
  let drawn = 0;
  function* many(): Generator<CheckedChunks> {
    for (; drawn < 50; drawn++) yield chunksOf(0, [1]);
  }
  const fake = new FakePool(async () => {
    expect(drawn).toBeLessThanOrEqual(fake.tasks.length);
  });
  await checkChunks(fake.pool, many(), { decode: false, onFailed: () => {} });
  expect(fake.tasks).toHaveLength(50);
  expect(fake.most).toBe(2 * fake.workers);
});

test('a task whose thread died is repeated once', async () => {
  for (const deaths of [1, 2]) {
    const died = WorkerError.from(new Error('out of memory'));
    const fake = new FakePool(async () => {
      if (fake.tasks.length > deaths) return;
      fake.running--;
      throw died;
    });
    const failed: FailedChunk[] = [];
    const run = checkChunks(fake.pool, [chunksOf(0, [1, 1], [1])], {
      decode: false,
      onFailed: (chunk) => failed.push(chunk),
    });
    if (deaths === 1) {
      await run;
      expect(failed).toMatchObject([{ dataset: 0, number: 3, problem: 'broken /0' }]);
    } else expect(await rejection(run)).toBe(died);
    expect(fake.tasks).toHaveLength(2);
  }
});

test('a stopped pool gets no more tasks', async () => {
  const fake = new FakePool(async () => {
    if (fake.tasks.length === 6) fake.stop();
  });
  const many = Array.from({ length: 50 }, () => chunksOf(0, [1]));
  await checkChunks(fake.pool, many, { decode: false, onFailed: () => {} });
  expect(fake.tasks.length).toBeLessThan(6 + 2 * fake.workers);
  expect(fake.running).toBe(0);
});

test.each(['task', 'chunks', 'onFailed', 'onProgress'] as const)(
  'an error of %s ends the run after all running tasks have ended',
  async (who) => {
    const error = new Error(`of ${who}`);
    const raise = (by: typeof who) => {
      if (by === who && fake.tasks.length >= 5) throw error;
    };
    const fake = new FakePool(async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (who === 'task' && fake.tasks.length >= 5) {
        fake.running--;
        throw error;
      }
    });
    function* many(): Generator<CheckedChunks> {
      for (let at = 0; at < 50; at++) {
        raise('chunks');
        yield chunksOf(0, [1, 1], [1]);
      }
    }
    const run = checkChunks(fake.pool, many(), {
      decode: false,
      onFailed: () => raise('onFailed'),
      onProgress: () => raise('onProgress'),
    });
    expect(await rejection(run)).toBe(error);
    expect(fake.stopped).toBe(true);
    expect(fake.running).toBe(0);
    expect(fake.tasks.length).toBeLessThan(50);
  },
);
