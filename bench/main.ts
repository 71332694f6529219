/** The command line of the benchmarks, as in `npm run bench -- pynwb`. Prints JSON; see bench/README.md. */
import { existsSync, mkdirSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, Option } from 'commander';
import { againstPynwb } from './against-pynwb.js';
import { columns } from './columns.js';
import { copy } from './copy.js';
import { deflate, readByH5py } from './deflate/deflate.js';
import { memory } from './memory.js';
import { resume } from './resume.js';
import { stream } from './stream.js';

const program = new Command('bench')
  .description('Benchmarks of hyperslab, which print their results as JSON')
  .option('--folder <path>', 'folder for recordings and outputs', join(tmpdir(), 'hyperslab-bench'))
  .option('--runs <n>', 'runs of each trial', Number, 5)
  .option('--workers <n>', 'worker threads', Number, availableParallelism());

const python = new Option('--python <path>', 'Python with PyNWB').default(
  fileURLToPath(new URL('../../.venv/bin/python', import.meta.url)),
);

program
  .command('pynwb')
  .description('compare throughput and file size with PyNWB, with and without gzip')
  .option('--megabytes <n>', 'size of the recording, MiB', Number, 1024)
  .addOption(python)
  .action(async (options: { megabytes: number; python: string }) => {
    checkPython(options.python);
    print(await againstPynwb({ ...common(), ...options }));
  });

program
  .command('copy')
  .description('compare throughput without compression with cp')
  .option('--megabytes <n>', 'size of the recording, MiB', Number, 1024)
  .addOption(python)
  .action(async (options: { megabytes: number; python: string }) => {
    checkPython(options.python);
    print(await copy({ ...common(), ...options }));
  });

program
  .command('memory')
  .description('measure peak memory for recordings of several sizes')
  .option('--sizes <list>', 'sizes in MiB, separated by commas', '1024,4096')
  .option('--memory <amount>', 'memory that hyperslab may use', '256MiB')
  .action(async (options: { sizes: string; memory: string }) => {
    const sizes = options.sizes.split(',').map(Number);
    print(await memory({ ...common(), sizes, memory: options.memory }));
  });

program
  .command('stream')
  .description('compare throughput and memory of a stream of blocks with the same data from a file')
  .option('--megabytes <n>', 'size of the recording, MiB', Number, 2048)
  .action(async (options: { megabytes: number }) => {
    print(await stream({ ...common(), ...options }));
  });

program
  .command('columns')
  .description('compare with h5py on data that come column by column')
  .option('--megabytes <n>', 'size of the data, MiB', Number, 512)
  .option('--peer-megabytes <n>', 'size of the data for h5py, MiB', Number, 32)
  .addOption(python)
  .action(async (options: { megabytes: number; peerMegabytes: number; python: string }) => {
    checkPython(options.python);
    print(await columns({ ...common(), ...options }));
  });

program
  .command('resume')
  .description('measure the time to resume an interrupted conversion of many chunks')
  .option('--chunks <n>', 'number of chunks', Number, 1_000_000)
  .action(async (options: { chunks: number }) => {
    print(await resume({ ...common(), ...options }));
  });

program
  .command('deflate')
  .description('compare the deflate encoder with zlib and libdeflate, on many kinds of data')
  .option('--rows <list>', 'names of kinds of data, separated by commas (default: all)', '')
  .option('--levels <list>', 'levels of gzip, separated by commas', '1,4,6,9')
  .option('--path <name>', 'instruction set to measure: plain, avx2, avx512 or neon')
  .option('--quick', 'measure only level 4 on a part of the data', false)
  .option('--h5py', 'instead, check that h5py reads what hyperslab writes', false)
  .addOption(python)
  .action(async (options: DeflateArguments) => {
    const rows = options.rows.split(',').filter((name) => name !== '');
    const levels = options.levels.split(',').map(Number);
    if (options.h5py) checkPython(options.python);
    const chosen = { ...common(), ...options, rows, levels };
    const result = await (options.h5py ? readByH5py(chosen) : deflate(chosen));
    print(result);
    if (result.failures.length > 0) process.exitCode = 1;
  });

await program.parseAsync();

interface DeflateArguments {
  readonly rows: string;
  readonly levels: string;
  readonly path: string | undefined;
  readonly quick: boolean;
  readonly h5py: boolean;
  readonly python: string;
}

function common(): { folder: string; runs: number; workers: number } {
  const options = program.opts<{ folder: string; runs: number; workers: number }>();
  mkdirSync(options.folder, { recursive: true });
  return options;
}

function checkPython(path: string): void {
  if (existsSync(path)) return;
  throw new Error(`${path} does not exist: run \`node scripts/setup.mjs --python\``);
}

function print(result: object): void {
  console.log(JSON.stringify(result, null, 2));
}
