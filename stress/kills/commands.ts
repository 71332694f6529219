import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ConversionReport } from 'hyperslab';
import { CLI, LIBRARY } from '../built.js';
import { describe, manifestOf } from '../recording.js';
import type { Run, Scenario } from './scenario.js';

/** The folder of the recording, and the path of the file to make. */
export interface Place {
  readonly recording: string;
  readonly path: string;
}

/** The arguments of Node for a run. Writes the program that they name, if there is one. */
export function argumentsOf(run: Run, scenario: Scenario, place: Place): string[] {
  if (run.through === 'cli') return [CLI, ...cliArguments(run, scenario, place)];
  const program = join(dirname(place.path), '../program.mjs');
  writeFileSync(program, programText(run, scenario, place));
  return [program];
}

function cliArguments(
  { how, workers, memory, durability, check }: Run,
  { compression, libver }: Scenario,
  { recording, path }: Place,
): string[] {
  const flags = ['--json', '--workers', String(workers), '--memory', memory];
  flags.push('--durability', durability, ...(check ? ['--check'] : []));
  if (how === 'resume') return ['resume', path, ...flags];
  const manifest = manifestOf(recording, compression);
  const resume = how === 'convert' ? [] : ['--resume'];
  return ['convert', manifest, '--output', path, '--libver', libver, ...resume, ...flags];
}

/** The text of a module that prints a line when all chunks are written, and then its report. */
function programText(
  { how, workers, memory, durability, check }: Run,
  { compression, libver }: Scenario,
  { recording: baseDir, path }: Place,
): string {
  const common = { workers, memory, durability, check };
  const call =
    how === 'resume'
      ? { name: how, what: path, options: common }
      : {
          name: 'convert',
          what: { ...describe(compression), path },
          options: { ...common, libver, baseDir, resume: how !== 'convert' },
        };
  return `import { ${call.name} } from ${JSON.stringify(LIBRARY)};

let hasSaid = false;
const report = await ${call.name}(${JSON.stringify(call.what)}, {
  ...${JSON.stringify(call.options)},
  onProgress({ chunksDone, chunksPlanned }) {
    if (hasSaid || chunksDone < chunksPlanned) return;
    hasSaid = true;
    process.stdout.write('written\\n');
  },
});
console.log(JSON.stringify(report));
`;
}

/** The report that a run printed at its end. */
export function reportOf(stdout: string): ConversionReport {
  return JSON.parse(stdout.replace(/^written\n/, '')) as ConversionReport;
}
