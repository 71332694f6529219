/** The benchmarks: `npm run bench -- pynwb`, for one. Prints JSON; see bench/README.md. */
import { existsSync, mkdirSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, Option } from 'commander';
import { againstPynwb } from './against-pynwb.js';
import { columns } from './columns.js';
import { memory } from './memory.js';
import { resume } from './resume.js';
import { stream } from './stream.js';

const program = new Command('bench')
  .description('Benchmarks of hyperslab; results are JSON on stdout')
  .option('--folder <path>', 'where recordings and outputs go', join(tmpdir(), 'hyperslab-bench'))
  .option('--runs <n>', 'runs of each trial', Number, 5)
  .option('--workers <n>', 'worker threads', Number, availableParallelism());

const python = new Option('--python <path>', 'Python with PyNWB').default(
  fileURLToPath(new URL('../../.venv/bin/python', import.meta.url)),
);

program
  .command('pynwb')
  .description('throughput and size against PyNWB, with and without gzip')
  .option('--megabytes <n>', 'size of the recording, MiB', Number, 1024)
  .addOption(python)
  .action(async (options: { megabytes: number; python: string }) => {
    checkPython(options.python);
    print(await againstPynwb({ ...common(), ...options }));
  });

program
  .command('memory')
  .description('peak memory of conversions of recordings of several sizes')
  .option('--sizes <list>', 'MiB, separated by commas', '1024,4096')
  .option('--memory <amount>', 'the bound given to hyperslab', '256MiB')
  .action(async (options: { sizes: string; memory: string }) => {
    const sizes = options.sizes.split(',').map(Number);
    print(await memory({ ...common(), sizes, memory: options.memory }));
  });

program
  .command('stream')
  .description('throughput of a stream of blocks against the same data from a file, and its memory')
  .option('--megabytes <n>', 'size of the recording, MiB', Number, 2048)
  .action(async (options: { megabytes: number }) => {
    print(await stream({ ...common(), ...options }));
  });

program
  .command('columns')
  .description('data that come column by column, against h5py')
  .option('--megabytes <n>', 'size of the data, MiB', Number, 512)
  .option('--peer-megabytes <n>', 'size of the data that h5py gets, MiB', Number, 32)
  .addOption(python)
  .action(async (options: { megabytes: number; peerMegabytes: number; python: string }) => {
    checkPython(options.python);
    print(await columns({ ...common(), ...options }));
  });

program
  .command('resume')
  .description('what it costs to take up a conversion of many chunks that was interrupted')
  .option('--chunks <n>', 'how many', Number, 1_000_000)
  .action(async (options: { chunks: number }) => {
    print(await resume({ ...common(), ...options }));
  });

await program.parseAsync();

function common(): { folder: string; runs: number; workers: number } {
  const options = program.opts<{ folder: string; runs: number; workers: number }>();
  mkdirSync(options.folder, { recursive: true });
  return options;
}

function checkPython(path: string): void {
  if (existsSync(path)) return;
  throw new Error(
    `Expected Python with PyNWB at ${path} but there is none: run \`node scripts/setup.mjs --python\``,
  );
}

function print(result: object): void {
  console.log(JSON.stringify(result, null, 2));
}
