import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConvertTrialOptions } from './convert-trial.js';
import { channelsOnly } from './rearranged.js';
import { recording } from './recording.js';
import { runTrials, summary, type Trial, type TrialResult, throughput } from './trial.js';

export interface CopyOptions {
  readonly folder: string;
  readonly megabytes: number;
  readonly runs: number;
  readonly workers: number;
  /** Path of any Python 3, which measures `cp`. */
  readonly python: string;
}

/** 4 MiB, hyperslab's default for a probe of 384 channels. */
const CHUNKS = [32_768, 64];

/**
 * Compares a conversion without compression with `cp` of a file that holds just the bytes of the dataset. hyperslab
 * syncs its file before it ends, `cp` does not; a third trial is `cp` with a sync.
 *
 * Before each trial, an additional copy is made and not counted: a virtual machine may have returned memory that was
 * freed a second ago to its host, and the next program that writes pays for getting it back.
 */
export async function copy(options: CopyOptions): Promise<object> {
  const { folder, megabytes, runs, workers, python } = options;
  const source = await recording(folder, megabytes);
  const bytes = await channelsOnly(folder, megabytes);
  const output = join(folder, 'out.nwb');
  rmSync(output, { force: true });
  const convert: ConvertTrialOptions = { source, output, chunks: CHUNKS, gzip: null, workers };
  const cp = (name: string, fsync: boolean): Trial => ({
    name,
    program: python,
    args: [
      fileURLToPath(new URL('../../bench/peers/cp.py', import.meta.url)),
      JSON.stringify({ source: bytes, output, fsync }),
    ],
    output,
  });
  const uncounted = cp('cp, not counted', false);
  const ours: Trial = {
    name: 'hyperslab, no compression',
    program: process.execPath,
    args: [fileURLToPath(new URL('./convert-trial.js', import.meta.url)), JSON.stringify(convert)],
    output,
  };
  const trials = [ours, cp('cp', false), cp('cp and fsync', true)];
  const results = await runTrials(
    trials.flatMap((trial) => [uncounted, trial]),
    runs,
    source,
    bytes,
  );
  const [hyperslab, plain, synced] = results.filter((_, at) => at % 2 === 1);
  const ratio = (peer: TrialResult) => throughput(hyperslab.median) / throughput(peer.median);
  return {
    megabytes,
    runs,
    workers,
    chunks: CHUNKS,
    throughputRatio: ratio(plain),
    throughputRatioFsync: ratio(synced),
    hyperslab: summary(hyperslab),
    cp: summary(plain),
    cpFsync: summary(synced),
  };
}
