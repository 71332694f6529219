/** What takes long: `npm run stress -- --kills 200`. See stress/README.md. */
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
  .description('Interrupts, breaks and fuzzes, for as long as it takes; exit code 1 on a failure')
  .option('--kills <count>', 'processes to be killed at least', wholeNumber, 200)
  .option('--states <count>', 'crash states of `power-loss`', wholeNumber, 500)
  .option('--seed <number>', 'of all draws', wholeNumber, Date.now() % 1_000_000)
  .option('--seconds-fuzz <count>', 'how long each fuzzer runs', wholeNumber, 60)
  .option('--folder <path>', 'where files go', join(tmpdir(), `hyperslab-stress-${process.pid}`))
  .option('--parts <names>', `of ${[...PARTS.keys()].join(', ')}`, [...PARTS.keys()].join())
  .option('--recordings <path>', 'of `power-loss`: where is kept what it draws from, for `--only`')
  .option('--only <number>', 'of a part: one of its cases', wholeNumber)
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
  // What failed has left its files there, and so may others have.
  if (readdirSync(folder).length === 0) rmdirSync(folder);
  process.exitCode = failed > 0 ? 1 : 0;
}
