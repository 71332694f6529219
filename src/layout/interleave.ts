/** Identifies a job within a file by the index of its dataset and the index of its cell in the grid of jobs. */
export interface JobName {
  readonly dataset: number;
  readonly job: number;
}

/**
 * All jobs of a file in the order in which to begin them. The jobs of each dataset keep their order, and the
 * datasets are interleaved in proportion to their number of jobs, so that all datasets are written at the same
 * time and finish at nearly the same time.
 *
 * @param counts number of jobs of each dataset
 */
export function* interleave(counts: readonly number[]): Generator<JobName, void, undefined> {
  const done = counts.map(() => 0);
  const total = counts.reduce((sum, count) => sum + count, 0);
  for (let step = 0; step < total; step++) {
    const dataset = mostBehind(counts, done);
    yield { dataset, job: done[dataset]++ };
  }
}

/** The dataset with jobs left that is furthest behind, measured at the middle of its next job. */
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
