import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProcess } from '../process.js';
import type { RowFile } from './catalogue/files.js';

/** What the program of native/deflate/bench measured for one encoder and level on one row. */
export interface Figures {
  readonly encoder: 'ours' | 'zlib' | 'libdeflate';
  readonly level: number;
  /** CPU time of the encoding thread. On a busy machine it varies less than the time. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly runs: number;
  readonly streamBytes: number;
  /** Bytes as HDF5 stores them: for each chunk, the chunk or its stream, whichever is smaller. */
  readonly storedBytes: number;
  /** Bytes of input by the way in which they were encoded; only for our encoder. */
  readonly encoded?: Readonly<Record<string, number>>;
}

/** What the program measured on one row. */
export interface Measured {
  /** The instruction set that was measured. */
  readonly path: string;
  /** All instruction sets that gave the same streams. */
  readonly paths: readonly string[];
  readonly chunks: number;
  readonly bytes: number;
  readonly figures: readonly Figures[];
}

export interface MeasureOptions {
  readonly levels: readonly number[];
  readonly runs: number;
  /** Instruction set; if undefined, the fastest that the machine has. */
  readonly path: string | undefined;
  /** Bytes of the row that are measured; all if undefined. */
  readonly maxBytes: number | undefined;
}

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const BUILD = join(ROOT, 'build/bench-native');

/** Builds the program, and returns its path. It has a build folder of its own, to leave the addon's alone. */
export async function buildProgram(): Promise<string> {
  const options = ['-DCMAKE_BUILD_TYPE=Release', '-DHYPERSLAB_BENCH=ON'];
  await runProcess('cmake', ['-S', ROOT, '-B', BUILD, ...options]);
  await runProcess('cmake', ['--build', BUILD, '--target', 'deflate_bench', '--parallel', '2']);
  return join(BUILD, 'deflate_bench');
}

/** @throws Error if a stream of our encoder is wrong, or instruction sets give different streams */
export async function measureRow(
  program: string,
  { path, itemSize, chunk, chunkBytes }: RowFile,
  options: MeasureOptions,
): Promise<Measured> {
  const { levels, runs, maxBytes } = options;
  const args = ['--file', path, '--item', String(itemSize), '--chunk', chunk.join('x')];
  args.push('--levels', levels.join(','), '--runs', String(runs));
  if (options.path !== undefined) args.push('--path', options.path);
  if (maxBytes !== undefined)
    args.push('--max-chunks', String(Math.max(1, Math.floor(maxBytes / chunkBytes))));
  return JSON.parse(await runProcess(program, args)) as Measured;
}
