/**
 * How many times as many random cases the tests run as in `npm test`. `npm run stress -- --parts tests` sets the
 * environment variable HYPERSLAB_TEST_EFFORT, to find failures that are rare.
 */
export const EFFORT = Number(process.env.HYPERSLAB_TEST_EFFORT ?? 1);

/** The option `numRuns` of a property that runs `count` cases in `npm test`. */
export function numRuns(count: number): number {
  return count * EFFORT;
}

/** Every `share`-th case, or all cases if the effort is greater than in `npm test`. */
export function sample<Case>(cases: readonly Case[], share: number): readonly Case[] {
  return EFFORT > 1 ? cases : cases.filter((_, index) => index % share === share - 1);
}

/**
 * Number of workers in tests that are not about workers. Starting a thread takes longer than the few jobs of such a
 * test, so there are two only if the effort is greater than in `npm test`.
 */
export const WORKERS = EFFORT > 1 ? 2 : 1;
