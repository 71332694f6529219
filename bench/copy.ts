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
  /** Any Python 3: it measures `cp`. */
  readonly python: string;
}

/** 4 MiB, hyperslab's default for a probe of 384 channels. */
const CHUNKS = [32_768, 64];

/**
 * A conversion without compression against `cp` of a file with just the bytes of the dataset. What
 * hyperslab brings to the disk before it ends, `cp` leaves to the system; a third trial waits for it.
 *
 * A copy that does not count goes before each trial: a virtual machine may have given memory that was
 * freed a second ago back to its host, and whoever writes next would pay for its return.
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
  const uncounted = cp('cp, uncounted', false);
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
