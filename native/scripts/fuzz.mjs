// Builds the fuzz programs of native/ with sanitizers and runs them. Exits with 1 if a program or a
// sanitizer found anything, and prints how to run the case again. Without clang, the programs that
// need it are skipped and named.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { needClang } from './clang.mjs';
import { buildDrawn, DRAWN, runDrawn } from './drawn.mjs';
import { buildGuided, GUIDED, runGuided } from './guided.mjs';
import { CommandError, main, ROOT } from './sanitizers.mjs';

const PROGRAMS = [...DRAWN, ...Object.keys(GUIDED)];

const USAGE = `Usage: node native/scripts/fuzz.mjs [--seconds 60] [--seconds-each N] [--seed N]
                               [--programs A,B]

  --seconds       time for all programs together
  --seconds-each  time for each program, in place of --seconds
  --seed          number of the first case; by default a new one for every run
  --programs      run some of ${PROGRAMS.join(', ')}`;

function readNumber(name, text, least) {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= least) return number;
  throw new CommandError(
    `Expected a whole number of at least ${least} for ${name} but received ${text}`,
  );
}

function readPrograms(text) {
  const names = text.split(',');
  const unknown = names.find((name) => !PROGRAMS.includes(name));
  if (unknown === undefined) return PROGRAMS.filter((name) => names.includes(name));
  throw new CommandError(
    `Expected some of ${PROGRAMS.join(', ')} for --programs but received ${unknown}`,
  );
}

function readArguments() {
  const text = { type: 'string' };
  try {
    const { values } = parseArgs({
      options: {
        seconds: text,
        'seconds-each': text,
        seed: text,
        programs: text,
        help: { type: 'boolean' },
      },
    });
    return values;
  } catch (error) {
    throw new CommandError(`${error.message}\n${USAGE}`);
  }
}

/** Builds the programs; returns those that could be built. */
function buildAll(programs) {
  const drawn = programs.filter((name) => DRAWN.includes(name));
  const guided = programs.filter((name) => name in GUIDED);
  if (drawn.length > 0) {
    console.log('Building fuzz programs with sanitizers …');
    buildDrawn();
  }
  if (guided.length === 0) return drawn;
  const clang = needClang({ root: ROOT, log: join(ROOT, '.setup/last-command.log') });
  if (clang === undefined) return drawn;
  console.log(`Building fuzz programs with ${clang} …`);
  buildGuided(clang);
  return programs;
}

main(() => {
  const given = readArguments();
  if (given.help) {
    console.log(USAGE);
    return 0;
  }
  const asked = readPrograms(given.programs ?? PROGRAMS.join(','));
  const seconds = readNumber('--seconds', given.seconds ?? '60', 1);
  const seed = readNumber('--seed', given.seed ?? String(Date.now()), 0);
  const programs = buildAll(asked);
  const share = given['seconds-each'] ?? String(Math.max(1, Math.round(seconds / asked.length)));
  const each = readNumber('--seconds-each', share, 1);

  const failed = programs.filter((name) => {
    const run = name in GUIDED ? runGuided : runDrawn;
    return !run(name, each, seed);
  });
  const left = asked.filter((name) => !programs.includes(name));
  const notRun = left.length > 0 ? `; not run without clang: ${left.join(', ')}` : '';
  console.log(`${failed.length} of ${programs.length} programs found something${notRun}`);
  return failed.length > 0 || programs.length === 0 ? 1 : 0;
});
