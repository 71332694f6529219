// Builds with AddressSanitizer and UndefinedBehaviorSanitizer, and what programs need that load it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const ROOT = resolve(fileURLToPath(import.meta.url), '../../..');

/** A command that failed; its message is for the user. */
export class CommandError extends Error {
  name = 'CommandError';
}

/**
 * Builds with CMake in a folder of its own, so that the ordinary build stays as it is.
 * @param options of CMake, as `NAME=value`
 * @throws CommandError
 */
export function build(folder, target, ...options) {
  const settings = ['CMAKE_BUILD_TYPE=RelWithDebInfo', 'HYPERSLAB_SANITIZE=ON', ...options];
  command('cmake', ['-S', ROOT, '-B', folder, ...settings.map((setting) => `-D${setting}`)]);
  const jobs = String(availableParallelism());
  command('cmake', ['--build', folder, '--target', target, '--parallel', jobs]);
}

/** Runs a command whose output is of interest only when it fails. */
function command(program, args) {
  const { status, error, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status === 0) return;
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
  const how = error?.message ?? `exit code ${status}`;
  throw new CommandError(`"${[program, ...args].join(' ')}" failed (${how})`);
}

/**
 * Environment for programs with a sanitized part. Reports go to files in `reports`, a folder that is
 * emptied: what a worker thread or a child process prints is easily missed.
 */
export function sanitizerEnv(reports) {
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  const log = `log_path=${join(reports, 'report')}`;
  return {
    ...process.env,
    // Node keeps much until its end, and handles SIGSEGV on its own for WebAssembly.
    ASAN_OPTIONS: `detect_leaks=0:handle_segv=0:allocator_may_return_null=1:${log}`,
    UBSAN_OPTIONS: `print_stacktrace=1:${log}`,
  };
}

/** The runtimes, for LD_PRELOAD: a program that is not sanitized itself must load them first. */
export function runtimes() {
  const compiler = process.env.CXX ?? 'c++';
  const paths = ['libasan.so', 'libubsan.so'].map((name) =>
    spawnSync(compiler, [`-print-file-name=${name}`], { encoding: 'utf8' }).stdout?.trim(),
  );
  for (const path of paths)
    if (!path || !isAbsolute(path) || !existsSync(path))
      throw new CommandError(`Expected gcc's libasan and libubsan of ${compiler} but found none`);
  return paths.join(':');
}

/** Prints the reports of errors that were left in a folder; gives their number. */
export function printReports(reports) {
  const texts = readdirSync(reports)
    .sort()
    .map((name) => readFileSync(join(reports, name), 'utf8'))
    // Memory that is refused is a warning, and what some tests ask for.
    .filter((text) => /ERROR: \w+Sanitizer|runtime error:/.test(text));
  for (const text of texts) process.stderr.write(`\n${text}\n`);
  return texts.length;
}

/** Runs the body of a script, and makes its number the exit code. */
export function main(body) {
  try {
    process.exitCode = body();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}
