// Runs the fuzz programs of test/fuzz, built with sanitizers. Exits with 1 when one of them, or a
// sanitizer, found anything; the case to run again is in what is printed.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build, CommandError, main, printReports, ROOT, sanitizerEnv } from './sanitizers.mjs';

const USAGE = `Usage: node scripts/fuzz.mjs [--seconds 60] [--seed N]

  --seconds  of all programs together
  --seed     number of the first case; by default another at every run`;

const PROGRAMS = ['fuzz_codec', 'fuzz_held'];

function readNumber(name, text, least) {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= least) return number;
  throw new CommandError(
    `Expected a whole number of at least ${least} for ${name} but received ${text}`,
  );
}

function readArguments() {
  const text = { type: 'string' };
  try {
    const { values } = parseArgs({
      options: { seconds: text, seed: text, help: { type: 'boolean' } },
    });
    return values;
  } catch (error) {
    throw new CommandError(`${error.message}\n${USAGE}`);
  }
}

main(() => {
  const given = readArguments();
  if (given.help) {
    console.log(USAGE);
    return 0;
  }
  const seconds = readNumber('--seconds', given.seconds ?? '60', 1);
  const seed = readNumber('--seed', given.seed ?? String(Date.now()), 0);

  const folder = join(ROOT, 'build/sanitized');
  const reports = join(folder, 'fuzz-reports');
  console.log('Building the fuzz programs with sanitizers …');
  build(folder, 'fuzz', 'HYPERSLAB_FUZZ=ON');
  const env = sanitizerEnv(reports);
  // What is not freed is found here, where Node is not in the way.
  env.ASAN_OPTIONS = env.ASAN_OPTIONS.replace('detect_leaks=0', 'detect_leaks=1');
  const share = String(Math.max(1, Math.round(seconds / PROGRAMS.length)));
  let failed = 0;
  for (const name of PROGRAMS) {
    const args = ['--seconds', share, '--seed', String(seed)];
    const { status, signal } = spawnSync(join(folder, name), args, { stdio: 'inherit', env });
    if (status === 0) continue;
    failed++;
    console.log(`${name} ended with ${signal ?? `exit code ${status}`}; its seed was ${seed}`);
    console.log(`To run one case again: ${join(folder, name)} --case NUMBER`);
  }
  const found = printReports(reports);
  console.log(`${failed} of ${PROGRAMS.length} programs failed; ${found} reports of sanitizers`);
  return failed > 0 || found > 0 ? 1 : 0;
});
