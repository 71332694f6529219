import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BudgetError,
  cellAt,
  cellCount,
  cells,
  cellsWithin,
  type Hyperslab,
  isAligned,
  LayoutError,
  type PlanRequest,
  planDataset,
  slabSize,
} from '../../src/layout/index.js';
import { numRuns } from '../support/effort.js';

const MiB = 2 ** 20;

/** Half an hour of 384 channels in rows; the scratch memory of the source is the size of the slab. */
const rows: PlanRequest = {
  extent: [54e6, 384],
  chunk: [32768, 64],
  itemSize: 2,
  storageOrder: [0, 1],
  scratchBytes: (slab) => slabSize(slab) * 2,
  encodeBytes: 8 * MiB,
  workers: 2,
  memory: 1024 * MiB,
  name: 'acquisition/x',
};
const files: PlanRequest = { ...rows, storageOrder: [1, 0] };

/** The job cell of a plan, in chunks. */
function chunksOf(request: PlanRequest): number[] {
  return planDataset(request).jobs.cell.map((length, axis) => length / request.chunk[axis]);
}

describe('jobs of samples x channels in rows', () => {
  test('jobs span all channels', () => {
    expect(chunksOf(rows)).toEqual([1, 6]);
    expect(chunksOf({ ...rows, workers: 64, memory: 64 * 64 * MiB })).toEqual([1, 6]);
  });

  test('jobs take more chunks along time if the chunks are short', () => {
    const short = { ...rows, chunk: [1024, 64] };
    const [time, channels] = chunksOf(short);
    expect(channels).toBe(6);
    expect(time).toBe(42);
    expect(time * 1024 * 384 * 2).toBeLessThanOrEqual(32 * MiB);
  });

  test('jobs are small enough that each worker gets about four', () => {
    const small = { ...rows, chunk: [1024, 64], extent: [1024 * 64, 384] };
    expect(cellCount(planDataset(small).jobs)).toBe(8);
    expect(chunksOf({ ...small, workers: 1000, memory: 100000 * MiB })).toEqual([1, 6]);
  });

  test("jobs divide channels evenly if they don't all fit in memory", () => {
    expect(chunksOf({ ...rows, memory: 2 * (8 + 16) * MiB })).toEqual([1, 3]);
    expect(chunksOf({ ...rows, memory: 2 * (8 + 20) * MiB })).toEqual([1, 3]);
    expect(chunksOf({ ...rows, memory: 2 * (8 + 4) * MiB })).toEqual([1, 1]);
  });

  test('jobs grow along time if a chunk spans the channels', () => {
    expect(chunksOf({ ...rows, chunk: [1024, 384] })).toEqual([42, 1]);
  });
});

describe('jobs of one file per channel', () => {
  test('jobs run along time, with one chunk of channels', () => {
    expect(chunksOf(files)).toEqual([8, 1]);
  });

  test('jobs take more channels if the whole time fits', () => {
    const brief = { ...files, extent: [10000, 4096], chunk: [1000, 16], memory: 8192 * MiB };
    expect(chunksOf(brief)).toEqual([10, 32]);
  });

  test('jobs span all of a short time, even if each worker then has few jobs', () => {
    const brief = { ...files, extent: [10000, 64], chunk: [1000, 64] };
    expect(chunksOf(brief)).toEqual([10, 1]);
  });
});

describe('other plans', () => {
  test('a one-dimensional dataset is divided by the target', () => {
    const times = { extent: [54e6], chunk: [524288], itemSize: 8, storageOrder: [0] };
    const scratchBytes = (slab: Hyperslab) => slabSize(slab) * 8;
    expect(chunksOf({ ...rows, ...times, scratchBytes })).toEqual([8]);
  });

  test('jobs of a movie consist of whole frames', () => {
    const movie = { extent: [100000, 512, 512], chunk: [8, 512, 512], storageOrder: [0, 1, 2] };
    expect(chunksOf({ ...rows, ...movie })).toEqual([8, 1, 1]);
    const tiles = { ...movie, chunk: [8, 128, 128] };
    expect(chunksOf({ ...rows, ...tiles })).toEqual([8, 4, 4]);
  });

  test('an empty dataset has no jobs', () => {
    const plan = planDataset({ ...rows, extent: [0, 384] });
    expect(cellCount(plan.jobs)).toBe(0);
    expect(plan.jobBytes).toBe(0);
  });

  test('a chunk may be larger than the extent', () => {
    const plan = planDataset({ ...rows, extent: [10, 3], chunk: [100, 64] });
    expect([...cells(plan.jobs)]).toEqual([{ start: [0, 0], count: [10, 3] }]);
    expect(plan.scratchBytes).toBe(60);
  });

  test('a source may need more memory in some places', () => {
    const scratchBytes = (slab: Hyperslab) => slabSize(slab) * (slab.start[0] > 1e6 ? 8 : 2);
    const request = { ...rows, chunk: [1024, 64], scratchBytes, memory: 2 * 40 * MiB };
    const plan = planDataset(request);
    expect(plan.scratchBytes).toBeGreaterThan(16 * MiB);
    expect(plan.scratchBytes).toBeLessThanOrEqual(32 * MiB);
    for (const job of cells(plan.jobs)) {
      expect(scratchBytes(job)).toBeLessThanOrEqual(plan.scratchBytes);
    }
  });
});

describe('plans that are impossible', () => {
  function refusal(request: PlanRequest): unknown {
    try {
      planDataset(request);
    } catch (error) {
      return error;
    }
    return undefined;
  }

  test('the error for too little memory names the memory needed and the workers that fit', () => {
    const error = refusal({ ...rows, memory: 20 * MiB });
    expect(error).toBeInstanceOf(BudgetError);
    expect(error).toMatchObject({
      tag: 'BudgetError',
      message:
        'Expected at least 24 MiB (25165824 B) of memory for acquisition/x ' +
        '(2 workers x 12 MiB (12582912 B) for one chunk) but received 20 MiB (20971520 B) ' +
        '(raise memory, lower workers to 1, or choose smaller chunks)',
      fields: { name: 'acquisition/x', needed: 24 * MiB, workersThatFit: 1, workers: 2 },
    });
  });

  test('the error for one worker does not advise fewer workers', () => {
    expect(refusal({ ...rows, memory: 100 })).toMatchObject({
      message: expect.stringMatching(/received 100 B \(raise memory, or choose smaller chunks\)$/),
      fields: { workersThatFit: 0 },
    });
  });

  test('just enough memory is enough', () => {
    expect(refusal({ ...rows, memory: 24 * MiB })).toBeUndefined();
    expect(refusal({ ...rows, memory: 24 * MiB - 1 })).toBeInstanceOf(BudgetError);
  });

  test('invalid numbers are refused', () => {
    expect(refusal({ ...rows, workers: 0 })).toBeInstanceOf(LayoutError);
    expect(refusal({ ...rows, memory: Number.NaN })).toBeInstanceOf(LayoutError);
    expect(refusal({ ...rows, storageOrder: [0, 0] })).toMatchObject({
      message: 'Expected a storage order of the axes 0 to 1 for acquisition/x but received [0, 0]',
    });
    expect(refusal({ ...rows, chunk: [1024] })).toBeInstanceOf(LayoutError);
  });
});

const requests = fc
  .array(
    fc.record({
      length: fc.integer({ min: 0, max: 11 }),
      chunk: fc.integer({ min: 1, max: 6 }),
      padding: fc.nat(3),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .chain((axes) =>
    fc.record({
      extent: fc.constant(axes.map(({ length }) => length)),
      chunk: fc.constant(axes.map(({ chunk }) => chunk)),
      // A source may read more than the slab, so that the scratch memory differs from the data.
      padding: fc.constant(axes.map(({ padding }) => padding)),
      hill: fc.boolean(),
      storageOrder: fc.shuffledSubarray(
        axes.map((_, axis) => axis),
        { minLength: axes.length },
      ),
      itemSize: fc.constantFrom(1, 2, 4, 8),
      encodeBytes: fc.nat(5000),
      workers: fc.integer({ min: 1, max: 9 }),
      memory: fc.integer({ min: 0, max: 300_000 }),
    }),
  )
  .map(({ padding, hill, ...rest }): PlanRequest => {
    const scratchBytes = ({ start, count }: Hyperslab) =>
      count.reduce((bytes, length, axis) => bytes * (length + padding[axis]), rest.itemSize) +
      (hill && start[0] % 3 === 2 ? 100 : 0);
    return { ...rest, scratchBytes, name: 'x' };
  });

test('jobs cover the extent once, share no chunks, consist of whole chunks and stay within the budget', () => {
  fc.assert(
    fc.property(requests, (request) => {
      const { extent, chunk, workers, memory, encodeBytes } = request;
      const chunks = { extent, cell: chunk };
      let plan: ReturnType<typeof planDataset>;
      try {
        plan = planDataset(request);
      } catch (error) {
        if (!(error instanceof BudgetError)) throw error;
        const worst = Math.max(...[...cells(chunks)].map(request.scratchBytes));
        expect(error.fields.needed).toBe(workers * (worst + encodeBytes));
        expect(error.fields.needed).toBeGreaterThan(memory);
        return;
      }
      expect(plan.jobs.cell.every((length, axis) => length % chunk[axis] === 0)).toBe(true);

      const seen = new Set<string>();
      let covered = 0;
      for (let index = 0; index < cellCount(plan.jobs); index++) {
        const job = cellAt(plan.jobs, index);
        expect(isAligned(job, chunk, extent)).toBe(true);
        expect(workers * (request.scratchBytes(job) + encodeBytes)).toBeLessThanOrEqual(memory);
        expect(request.scratchBytes(job)).toBeLessThanOrEqual(plan.scratchBytes);
        covered += slabSize(job);
        for (const cell of cellsWithin(chunks, job)) {
          expect(seen.has(String(cell.start))).toBe(false);
          seen.add(String(cell.start));
        }
      }
      expect(seen.size).toBe(cellCount(chunks));
      expect(covered).toBe(extent.reduce((a, b) => a * b, 1));
    }),
    { numRuns: numRuns(1000) },
  );
});
