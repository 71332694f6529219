/**
 * Does one thing, then another, though the first may have failed. The first error is the one to report:
 * those that come after it are mostly of its making.
 *
 * @throws the first error
 */
export async function runBoth(
  first: () => Promise<void>,
  second: () => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  for (const step of [first, second])
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  if (failures.length > 0) throw failures[0];
}
