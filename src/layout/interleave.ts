/** A job's name within a file: which dataset, and which cell of its job grid. */
export interface JobName {
  readonly dataset: number;
  readonly job: number;
}

/**
 * All jobs of a file in the order in which to begin them: every dataset's jobs in their own order,
 * and the datasets interleaved in proportion to their number of jobs, so that all are written at
 * the same time and finish near the same time; none strays from its share by more than a few jobs.
 *
 * @param counts Number of jobs of each dataset.
 */
export function* interleave(counts: readonly number[]): Generator<JobName, void, undefined> {
  const done = counts.map(() => 0);
  const total = counts.reduce((sum, count) => sum + count, 0);
  for (let step = 0; step < total; step++) {
    const dataset = mostBehind(counts, done);
    yield { dataset, job: done[dataset]++ };
  }
}

/** Of the datasets that have jobs left, the one whose next job's middle comes first. */
function mostBehind(counts: readonly number[], done: readonly number[]): number {
  let chosen = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let dataset = 0; dataset < counts.length; dataset++) {
    const middle = (done[dataset] + 0.5) / counts[dataset];
    if (done[dataset] < counts[dataset] && middle < least) {
      least = middle;
      chosen = dataset;
    }
  }
  return chosen;
}
