import fc from 'fast-check';
import { expect, test } from 'vitest';
import { interleave } from '../../src/layout/index.js';

const order = (counts: number[]) => [...interleave(counts)].map(({ dataset }) => dataset);

test('datasets take turns in proportion to their jobs', () => {
  expect(order([2, 4])).toEqual([1, 0, 1, 1, 0, 1]);
  expect(order([3, 3])).toEqual([0, 1, 0, 1, 0, 1]);
  expect(order([0, 2])).toEqual([1, 1]);
  expect(order([])).toEqual([]);
});

test('every job occurs once, in the order of its dataset, and no dataset runs ahead', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(40), { maxLength: 6 }), (counts) => {
      const done = counts.map(() => 0);
      const total = counts.reduce((a, b) => a + b, 0);
      let steps = 0;
      for (const { dataset, job } of interleave(counts)) {
        expect(job).toBe(done[dataset]++);
        steps++;
        counts.forEach((count, at) => {
          expect(Math.abs(done[at] - (count * steps) / total)).toBeLessThan(3);
        });
      }
      expect(done).toEqual(counts);
    }),
  );
});

test('interleave is lazy', () => {
  const jobs = interleave([1e12]);
  expect(jobs.next().value).toEqual({ dataset: 0, job: 0 });
});
