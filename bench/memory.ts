import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConvertTrialOptions } from './convert-trial.js';
import { recording } from './recording.js';
import { runTrials } from './trial.js';

export interface MemoryOptions {
  readonly folder: string;
  /** Sizes of the recordings, MiB. */
  readonly sizes: readonly number[];
  readonly runs: number;
  readonly workers: number;
  /** Bound of memory that is passed to hyperslab. */
  readonly memory: string;
}

/** Measures the peak memory of converting recordings of several sizes, with the same options. */
export async function memory(options: MemoryOptions): Promise<object> {
  const { folder, sizes, runs, workers } = options;
  const output = join(folder, 'out.nwb');
  rmSync(output, { force: true });
  const peaks: { megabytes: number; peakRss: number; allPeakRss: number[] }[] = [];
  for (const megabytes of sizes) {
    const source = await recording(folder, megabytes);
    const trial: ConvertTrialOptions = {
      source,
      output,
      chunks: [32_768, 64],
      gzip: 1,
      workers,
      memory: options.memory,
    };
    const program = fileURLToPath(new URL('./convert-trial.js', import.meta.url));
    const [{ outcomes }] = await runTrials(
      [
        {
          name: `${megabytes} MiB`,
          program: process.execPath,
          args: [program, JSON.stringify(trial)],
          output,
        },
      ],
      runs,
      source,
    );
    const allPeakRss = outcomes.map(({ peakRss }) => peakRss).sort((a, b) => a - b);
    peaks.push({ megabytes, peakRss: allPeakRss[Math.floor(allPeakRss.length / 2)], allPeakRss });
  }
  const medians = peaks.map(({ peakRss }) => peakRss);
  return { ...options, peaks, spreadBytes: Math.max(...medians) - Math.min(...medians) };
}
