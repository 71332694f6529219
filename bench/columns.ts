import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ColumnsTrialOptions } from './columns-trial.js';
import { columnwise, NARROW } from './rearranged.js';
import { runTrials, summary, type Trial, throughput } from './trial.js';

export interface ColumnsOptions {
  readonly folder: string;
  readonly megabytes: number;
  /** MiB of data for h5py, which is much slower. */
  readonly peerMegabytes: number;
  readonly runs: number;
  readonly workers: number;
  /** Path of a Python interpreter that has h5py. */
  readonly python: string;
}

/** Chunks of 512 KiB, of whole rows, so that every column has a part in every chunk. */
const CHUNKS = [4096, NARROW];
const GZIP = 4;

/**
 * Compares hyperslab and h5py at writing columns into chunks of whole rows. h5py encodes every chunk again for every
 * column and would take very long, so it gets less data; hyperslab is measured with both sizes.
 */
export async function columns(options: ColumnsOptions): Promise<object> {
  const { folder, megabytes, peerMegabytes, runs, workers, python } = options;
  const output = join(folder, 'out.nwb');
  rmSync(output, { force: true });
  const trialOptions = async (size: number): Promise<ColumnsTrialOptions> => {
    const { path, rows } = await columnwise(folder, size);
    return { source: path, rows, columns: NARROW, output, chunks: CHUNKS, gzip: GZIP, workers };
  };
  const ours = async (size: number): Promise<Trial> => ({
    name: `hyperslab, ${size} MiB`,
    program: process.execPath,
    args: [
      fileURLToPath(new URL('./columns-trial.js', import.meta.url)),
      JSON.stringify(await trialOptions(size)),
    ],
    output,
  });
  const peer: Trial = {
    name: `h5py, ${peerMegabytes} MiB`,
    program: python,
    args: [
      fileURLToPath(new URL('../../bench/peers/h5py_columns.py', import.meta.url)),
      JSON.stringify(await trialOptions(peerMegabytes)),
    ],
    output,
  };
  const trials = [await ours(megabytes), await ours(peerMegabytes), peer];
  const sources = await Promise.all(
    [megabytes, peerMegabytes].map(async (size) => (await columnwise(folder, size)).path),
  );
  const [large, small, h5py] = await runTrials(trials, runs, ...sources);
  const ratio = (result: typeof large) => throughput(result.median) / throughput(h5py.median);
  return {
    megabytes,
    peerMegabytes,
    runs,
    workers,
    chunks: CHUNKS,
    gzip: GZIP,
    throughputRatio: ratio(large),
    throughputRatioSameSize: ratio(small),
    hyperslab: summary(large),
    hyperslabSameSize: summary(small),
    h5py: summary(h5py),
  };
}
