import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build, printReports, ROOT, sanitizerEnv } from './sanitizers.mjs';

/** Programs that draw their cases from a seed; any compiler can build them. */
export const DRAWN = ['fuzz_codec', 'fuzz_deferred'];

const FOLDER = join(ROOT, 'build/sanitized');

/** @throws CommandError */
export function buildDrawn() {
  build(FOLDER, 'fuzz', 'HYPERSLAB_FUZZ=ON');
}

/**
 * Runs a program for some seconds and prints the result.
 * @returns whether neither it nor a sanitizer found anything
 */
export function runDrawn(name, seconds, seed) {
  const reports = join(FOLDER, 'fuzz-reports');
  const env = sanitizerEnv(reports);
  // Leaks can be detected here, as there is no Node that keeps memory until its end.
  env.ASAN_OPTIONS = env.ASAN_OPTIONS.replace('detect_leaks=0', 'detect_leaks=1');
  const program = join(FOLDER, name);
  const args = ['--seconds', String(seconds), '--seed', String(seed)];
  const { status, signal, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env });
  console.log(`${name}: ${stdout.trim()}`);
  process.stderr.write(stderr);
  const found = printReports(reports);
  if (status === 0 && found === 0) return true;
  console.log(`${name} ended with ${signal ?? `exit code ${status}`}; its seed was ${seed}`);
  console.log(`To run one case again: ${program} --case NUMBER`);
  return false;
}
