import { closeSync, openSync, readSync, rmSync } from 'node:fs';
import { runProcess } from './process.js';

/** What a trial measured. Its program prints this as one line of JSON. */
export interface Outcome {
  /** Time of writing, without the start of the program. */
  readonly seconds: number;
  /** Bytes of the values. */
  readonly rawBytes: number;
  /** Bytes of the stored chunks. */
  readonly storedBytes: number;
  /** Peak resident memory of the process, in bytes. */
  readonly peakRss: number;
  readonly [more: string]: unknown;
}

/** A program and its arguments, as data: two trials can be compared by reading them. */
export interface Trial {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** The file that the program writes; it is removed after each run. */
  readonly output: string;
}

export interface TrialResult {
  readonly name: string;
  readonly outcomes: readonly Outcome[];
  readonly median: Outcome;
}

/**
 * Runs trials in turn (A B A B …), because the speed of a machine drifts. Each run has a fresh process, with its
 * sources in the page cache.
 *
 * @param sources files that the trials read
 */
export async function runTrials(
  trials: readonly Trial[],
  runs: number,
  ...sources: readonly string[]
): Promise<TrialResult[]> {
  const outcomes = trials.map((): Outcome[] => []);
  for (let run = 0; run < runs; run++) {
    for (const [at, trial] of trials.entries()) {
      sources.forEach(warm);
      const outcome = JSON.parse(await runProcess(trial.program, trial.args)) as Outcome;
      rmSync(trial.output, { force: true });
      outcomes[at].push(outcome);
      console.error(
        `${run + 1}/${runs} ${trial.name}: ${outcome.seconds.toFixed(2)} s, ${throughput(outcome).toFixed(0)} MB/s`,
      );
    }
  }
  return trials.map(({ name }, at) => ({
    name,
    outcomes: outcomes[at],
    median: median(outcomes[at]),
  }));
}

/** Megabytes (10^6 bytes) of values per second. */
export const throughput = ({ rawBytes, seconds }: Outcome): number => rawBytes / 1e6 / seconds;

/** The median run, its throughput, and the times of all runs. */
export function summary({ median, outcomes }: TrialResult): object {
  return {
    ...median,
    megabytesPerSecond: throughput(median),
    allSeconds: outcomes.map(({ seconds }) => seconds),
  };
}

/** The run with the median time; if their number is even, the slower one of the two in the middle. */
function median(outcomes: readonly Outcome[]): Outcome {
  const sorted = outcomes.toSorted((a, b) => a.seconds - b.seconds);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Reads a file, so that it is in the page cache. */
function warm(path: string): void {
  // In parts, because a file may be larger than the longest Buffer.
  const part = Buffer.allocUnsafe(16 * 2 ** 20);
  const descriptor = openSync(path, 'r');
  try {
    while (readSync(descriptor, part) > 0);
  } finally {
    closeSync(descriptor);
  }
}
