// Builds with AddressSanitizer and UndefinedBehaviorSanitizer, and runs programs that load such a build.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout. */
export const ROOT = resolve(fileURLToPath(import.meta.url), '../../..');

/** A command that failed. The message is for the user. */
export class CommandError extends Error {
  name = 'CommandError';
}

/**
 * Builds a target with CMake in a separate folder, so that the ordinary build is not changed.
 * @param options CMake options, as `NAME=value`
 * @throws CommandError
 */
export function build(folder, target, ...options) {
  const settings = ['CMAKE_BUILD_TYPE=RelWithDebInfo', 'HYPERSLAB_SANITIZE=ON', ...options];
  command('cmake', ['-S', ROOT, '-B', folder, ...settings.map((setting) => `-D${setting}`)]);
  const jobs = String(availableParallelism());
  command('cmake', ['--build', folder, '--target', target, '--parallel', jobs]);
}

/** Runs a command, and shows its output only if it fails. */
function command(program, args) {
  const { status, error, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status === 0) return;
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
  const how = error?.message ?? `exit code ${status}`;
  throw new CommandError(`"${[program, ...args].join(' ')}" failed (${how})`);
}

/**
 * The environment for programs with a sanitized part. Reports go to files in `reports`, which is
 * emptied first: output of worker threads and child processes is easily missed.
 */
export function sanitizerEnv(reports) {
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  const log = `log_path=${join(reports, 'report')}`;
  return {
    ...process.env,
    // Node keeps memory until its end, and handles SIGSEGV itself for WebAssembly.
    ASAN_OPTIONS: `detect_leaks=0:handle_segv=0:allocator_may_return_null=1:${log}`,
    UBSAN_OPTIONS: `print_stacktrace=1:${log}`,
  };
}

/** The runtimes, for LD_PRELOAD: a program without sanitizers must load them first. */
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

/** Prints the reports of errors in a folder, and returns their number. */
export function printReports(reports) {
  const texts = readdirSync(reports)
    .sort()
    .map((name) => readFileSync(join(reports, name), 'utf8'))
    // Refused allocations are only warnings, and some tests provoke them.
    .filter((text) => /ERROR: \w+Sanitizer|runtime error:/.test(text));
  for (const text of texts) process.stderr.write(`\n${text}\n`);
  return texts.length;
}

/** Runs the body of a script, which returns the exit code. */
export function main(body) {
  try {
    process.exitCode = body();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}
