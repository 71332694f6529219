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

/** Set-up can't continue for a reason that the user can remove. The message is shown to the user. */
export class SetupError extends Error {
  name = 'SetupError';
  /** Output of the failed command, unless it was shown already. */
  output = '';
}

/** Prints a message on stderr, so that stdout stays parsable for the command that follows set-up. */
export function say(message) {
  process.stderr.write(`${message}\n`);
}

/**
 * Runs a command, and shows its output only if it fails.
 * @param options `cwd`; `quiet`: do not show the output of a failed command, which is in the error
 * @throws SetupError if the command can't be started or does not exit with 0
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

/** The text that a command prints on stdout; undefined if the command fails. */
export function output(command, args, options = {}) {
  const stdio = ['ignore', 'pipe', 'ignore'];
  const result = spawnSync(command, args, { encoding: 'utf8', stdio, ...options });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

/** Path of the first of the named programs that is found in PATH; undefined if none is. */
export function which(...names) {
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      // A name with a folder (CXX=/opt/bin/g++) is a path of its own.
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
