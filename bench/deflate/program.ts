import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProcess } from '../process.js';
import type { RowFile } from './catalogue/files.js';

/** What the program (native/deflate/bench) says of one encoder and level on one row. */
export interface Figures {
  readonly encoder: 'ours' | 'zlib' | 'libdeflate';
  readonly level: number;
  /** CPU time of the encoding thread: on a busy machine it varies less than the time does. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly runs: number;
  readonly streamBytes: number;
  /** As HDF5 stores it: of each chunk what is smaller, it or its stream. */
  readonly storedBytes: number;
  /** Bytes of input by what became of them; of ours only. */
  readonly encoded?: Readonly<Record<string, number>>;
}

export interface Measured {
  /** The instruction set that was timed, and all that gave the same streams. */
  readonly path: string;
  readonly paths: readonly string[];
  readonly chunks: number;
  readonly bytes: number;
  readonly figures: readonly Figures[];
}

export interface TrialOptions {
  readonly levels: readonly number[];
  readonly runs: number;
  /** The fastest that there is, when undefined. */
  readonly path: string | undefined;
  /** Of each row; all of them, when undefined. */
  readonly mostBytes: number | undefined;
}

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const BUILD = join(ROOT, 'build/bench-native');

/** Builds the program in a folder of its own, so that the addon's build stays as it is; returns its path. */
export async function buildTrial(): Promise<string> {
  const options = ['-DCMAKE_BUILD_TYPE=Release', '-DHYPERSLAB_BENCH=ON'];
  await runProcess('cmake', ['-S', ROOT, '-B', BUILD, ...options]);
  await runProcess('cmake', ['--build', BUILD, '--target', 'deflate_bench', '--parallel', '2']);
  return join(BUILD, 'deflate_bench');
}

/** @throws Error where a stream of ours is wrong, or instruction sets give different streams */
export async function runTrial(
  program: string,
  { path, itemSize, chunk, chunkBytes }: RowFile,
  options: TrialOptions,
): Promise<Measured> {
  const { levels, runs, mostBytes } = options;
  const args = ['--file', path, '--item', String(itemSize), '--chunk', chunk.join('x')];
  args.push('--levels', levels.join(','), '--runs', String(runs));
  if (options.path !== undefined) args.push('--path', options.path);
  if (mostBytes !== undefined)
    args.push('--max-chunks', String(Math.max(1, Math.floor(mostBytes / chunkBytes))));
  return JSON.parse(await runProcess(program, args)) as Measured;
}
