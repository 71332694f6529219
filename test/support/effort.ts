/**
 * How many times as much the tests draw as `npm test` does: `npm run stress -- --parts tests` sets the
 * environment variable HYPERSLAB_TEST_EFFORT, to find what only many draws find.
 */
export const EFFORT = Number(process.env.HYPERSLAB_TEST_EFFORT ?? 1);

/** The `numRuns` of a property: `count` in `npm test`. */
export function numRuns(count: number): number {
  return count * EFFORT;
}

/** Every `share`-th of the cases, or all of them where tests are to draw more than usual. */
export function sample<Case>(cases: readonly Case[], share: number): readonly Case[] {
  return EFFORT > 1 ? cases : cases.filter((_, index) => index % share === share - 1);
}

/**
 * The workers of conversions whose tests are not about workers. A thread takes longer to start than the
 * few jobs of such a conversion take, so there are two only where tests are to draw more than usual.
 */
export const WORKERS = EFFORT > 1 ? 2 : 1;
