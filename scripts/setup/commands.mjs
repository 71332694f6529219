import { spawnSync } from 'node:child_process';
import {
  accessSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** A set-up that cannot go on, for a reason the user can act on; its message is for the user. */
export class SetupError extends Error {
  name = 'SetupError';
  /** What the command that failed had printed, where one did and it was kept back. */
  output = '';
}

/** Tells the user. On stderr, so that the output of the command set up for stays parsable. */
export function say(message) {
  process.stderr.write(`${message}\n`);
}

/**
 * Runs a command and keeps its output back unless it fails.
 * @param options `cwd`; `quiet`: leave the output to whoever catches the error
 * @throws SetupError when it cannot be started or does not exit with 0
 */
export function run(context, command, args, { cwd = context.root, quiet = false } = {}) {
  // One file for both outputs, so that the lines keep their order.
  mkdirSync(dirname(context.log), { recursive: true });
  const log = context.verbose ? undefined : openSync(context.log, 'w');
  const target = log ?? 2;
  const result = spawnSync(command, args, { cwd, stdio: ['ignore', target, target] });
  if (log !== undefined) closeSync(log);
  if (result.status === 0) return;

  const how = result.error?.message ?? result.signal ?? `exit code ${result.status}`;
  const error = new SetupError(`"${[command, ...args].join(' ')}" failed (${how})`);
  if (log !== undefined) error.output = readFileSync(context.log, 'utf8');
  if (!quiet) process.stderr.write(error.output);
  throw error;
}

/** What a command prints on stdout, or undefined when it fails. */
export function output(command, args, options = {}) {
  const stdio = ['ignore', 'pipe', 'ignore'];
  const result = spawnSync(command, args, { encoding: 'utf8', stdio, ...options });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

/** Path of the first of some programs that PATH has, or undefined. */
export function which(...names) {
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      // A name with a folder in it (CXX=/opt/bin/g++) is taken as it is.
      const path = name.includes('/') ? name : join(folder, name);
      if (isProgram(path)) return path;
    }
  }
  return undefined;
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
