import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConvertTrialOptions } from './convert-trial.js';
import { CHANNELS, COLUMNS, RATE, recording } from './recording.js';
import { runTrials, summary, type Trial, type TrialResult, throughput } from './trial.js';

export interface AgainstPynwbOptions {
  readonly folder: string;
  readonly megabytes: number;
  readonly runs: number;
  readonly workers: number;
  /** Path of a Python interpreter that has PyNWB. */
  readonly python: string;
}

/** 4 MiB, hyperslab's default for a probe of 384 channels. */
const CHUNKS = [32_768, 64];

/** Compares hyperslab and PyNWB on the same recording, with the same chunks and filters. */
export async function againstPynwb(options: AgainstPynwbOptions): Promise<object> {
  const { folder, megabytes, runs, workers, python } = options;
  const source = await recording(folder, megabytes);
  const results: Record<string, object> = {};
  for (const [name, gzip] of [
    ['gzip 4 and shuffle', 4],
    ['no compression', null],
  ] as const) {
    const output = join(folder, 'out.nwb');
    rmSync(output, { force: true });
    const common = { source, output, chunks: CHUNKS, gzip };
    const trials: Trial[] = [
      {
        name: `hyperslab, ${name}`,
        program: process.execPath,
        args: [
          fileURLToPath(new URL('./convert-trial.js', import.meta.url)),
          JSON.stringify({ ...common, workers } satisfies ConvertTrialOptions),
        ],
        output,
      },
      {
        name: `PyNWB, ${name}`,
        program: python,
        args: [
          fileURLToPath(new URL('../../bench/peers/pynwb_convert.py', import.meta.url)),
          JSON.stringify({ ...common, columns: COLUMNS, channels: CHANNELS, rate: RATE }),
        ],
        output,
      },
    ];
    results[name] = compare(await runTrials(trials, runs, source));
  }
  return { megabytes, runs, workers, chunks: CHUNKS, results };
}

function compare([ours, peer]: readonly TrialResult[]): object {
  return {
    throughputRatio: throughput(ours.median) / throughput(peer.median),
    sizeRatio: ours.median.storedBytes / peer.median.storedBytes,
    hyperslab: summary(ours),
    pynwb: summary(peer),
  };
}
