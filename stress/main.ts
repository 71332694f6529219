/** The command line of the stress run, as in `npm run stress -- --kills 200`. See stress/README.md. */
import { mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { answerAsPart, runPart } from './part-process.js';
import { PARTS } from './parts.js';

const wholeNumber = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Expected a whole number.');
  return Number(text);
};

const options = new Command('stress')
  .description('Interrupt, damage and fuzz conversions; the exit code is 1 if any part failed')
  .option('--kills <count>', 'number of processes to kill', wholeNumber, 200)
  .option('--states <count>', 'number of crash states in power-loss', wholeNumber, 500)
  .option('--seed <number>', 'seed of all random cases', wholeNumber, Date.now() % 1_000_000)
  .option('--seconds-fuzz <count>', 'seconds for which each fuzzer runs', wholeNumber, 60)
  .option('--folder <path>', 'folder for files', join(tmpdir(), `hyperslab-stress-${process.pid}`))
  .option(
    '--parts <names>',
    `parts to run, of ${[...PARTS.keys()].join(', ')}`,
    [...PARTS.keys()].join(),
  )
  .option('--recordings <path>', 'folder in which power-loss keeps its logs, for --only')
  .option('--only <number>', 'run only this case of a part', wholeNumber)
  .parse()
  .opts<{
    kills: number;
    states: number;
    recordings?: string;
    seed: number;
    secondsFuzz: number;
    folder: string;
    parts: string;
    only?: number;
  }>();

const { secondsFuzz: seconds, folder, parts, ...rest } = options;

if (process.send) await answerAsPart({ ...rest, seconds, folder }, parts);
else {
  mkdirSync(folder, { recursive: true });
  let failed = 0;
  const lines: string[] = [];
  console.log(`seed ${options.seed}`);
  for (const name of parts.split(',').map((one) => one.trim())) {
    const { state, line } = await runPart(name, { ...rest, seconds, folder: join(folder, name) });
    if (state === 'failed') failed++;
    lines.push(`${state.padEnd(7)} ${name}: ${line}`);
    console.log(lines.at(-1));
  }
  console.log(`\n${lines.join('\n')}\nseed ${options.seed}`);
  // Parts that failed keep their files there.
  if (readdirSync(folder).length === 0) rmdirSync(folder);
  process.exitCode = failed > 0 ? 1 : 0;
}
