import { expect, test } from 'vitest';
import { runBoth } from '../../src/coordinator/tasks.js';
import { rejection } from '../support/recordings.js';

const works = async () => {};
const fails = (error: unknown) => async () => {
  throw error;
};

test('the second function runs after the first, whether that one failed or not', async () => {
  for (const first of [works, fails(new Error('first'))]) {
    const done: string[] = [];
    const both = runBoth(
      async () => {
        await Promise.resolve();
        done.push('first');
        await first();
      },
      async () => {
        done.push('second');
      },
    );
    await both.catch(() => {});
    expect(done).toEqual(['first', 'second']);
  }
});

test('the first error is thrown, whatever it is', async () => {
  for (const error of [new Error('first'), undefined, null]) {
    expect(await rejection(runBoth(fails(error), works))).toBe(error);
    expect(await rejection(runBoth(fails(error), fails(new Error('second'))))).toBe(error);
    expect(await rejection(runBoth(works, fails(error)))).toBe(error);
  }
});
