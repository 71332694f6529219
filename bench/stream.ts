import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { channelsOnly } from './rearranged.js';
import type { StreamTrialOptions } from './stream-trial.js';
import {
  type Outcome,
  runTrials,
  summary,
  type Trial,
  type TrialResult,
  throughput,
} from './trial.js';

export interface StreamOptions {
  readonly folder: string;
  readonly megabytes: number;
  readonly runs: number;
  readonly workers: number;
}

/** 4 MiB, hyperslab's default for a probe of 384 channels. */
const CHUNKS = [32_768, 64];

/** Compares a stream of blocks with the same data from a file, with the same chunks and filters. */
export async function stream(options: StreamOptions): Promise<object> {
  const { folder, megabytes, runs, workers } = options;
  const source = await channelsOnly(folder, megabytes);
  const output = join(folder, 'out.nwb');
  rmSync(output, { force: true });
  const results: Record<string, object> = {};
  for (const [name, gzip] of [
    ['gzip 4 and shuffle', 4],
    ['no compression', null],
  ] as const) {
    const trial = (from: StreamTrialOptions['from']): Trial => {
      const common = { source, output, chunks: CHUNKS, gzip, workers };
      return {
        name: `${from}, ${name}`,
        program: process.execPath,
        args: [
          fileURLToPath(new URL('./stream-trial.js', import.meta.url)),
          JSON.stringify({ ...common, from } satisfies StreamTrialOptions),
        ],
        output,
      };
    };
    results[name] = compare(await runTrials([trial('stream'), trial('file')], runs, source));
  }
  return { megabytes, runs, workers, chunks: CHUNKS, results };
}

function compare([streamed, filed]: readonly TrialResult[]): object {
  return {
    throughputRatio: throughput(streamed.median) / throughput(filed.median),
    cpuRatio: cpuSeconds(streamed.median) / cpuSeconds(filed.median),
    // The maximum of all runs, because a bound on memory has to hold in every run.
    rssAboveIdle: Math.max(...streamed.outcomes.map(rssAboveIdle)),
    stream: summary(streamed),
    file: summary(filed),
  };
}

const cpuSeconds = (outcome: Outcome) => outcome.cpuSeconds as number;
const rssAboveIdle = (outcome: Outcome) => outcome.rssAboveIdle as number;
