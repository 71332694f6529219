/** The benchmarks: `npm run bench -- pynwb` or `memory`. Prints JSON; see bench/README.md. */
import { existsSync, mkdirSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { againstPynwb } from './against-pynwb.js';
import { memory } from './memory.js';

const program = new Command('bench')
  .description('Benchmarks of hyperslab; results are JSON on stdout')
  .option('--folder <path>', 'where recordings and outputs go', join(tmpdir(), 'hyperslab-bench'))
  .option('--runs <n>', 'runs of each trial', Number, 5)
  .option('--workers <n>', 'worker threads', Number, availableParallelism());

program
  .command('pynwb')
  .description('throughput and size against PyNWB, with and without gzip')
  .option('--megabytes <n>', 'size of the recording, MiB', Number, 1024)
  .option(
    '--python <path>',
    'Python with PyNWB',
    fileURLToPath(new URL('../../.venv/bin/python', import.meta.url)),
  )
  .action(async (options: { megabytes: number; python: string }) => {
    if (!existsSync(options.python))
      throw new Error(
        `Expected Python with PyNWB at ${options.python} but there is none: run \`node scripts/setup.mjs --python\``,
      );
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

await program.parseAsync();

function common(): { folder: string; runs: number; workers: number } {
  const options = program.opts<{ folder: string; runs: number; workers: number }>();
  mkdirSync(options.folder, { recursive: true });
  return options;
}

function print(result: object): void {
  console.log(JSON.stringify(result, null, 2));
}
