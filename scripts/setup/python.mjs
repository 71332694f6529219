import { existsSync, lstatSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { output, run, SetupError, say, which } from './commands.mjs';
import { installCommands, titles } from './packages.mjs';
import { failedLately, hashFiles, hashOf } from './stamps.mjs';

const LEAST_PYTHON = [3, 10];
const STAMP = 'python';

/**
 * Makes .venv with the readers of the interop tests. Writes its path, or the reason why there is none, to
 * .setup/python.json, so that skipped tests can give the reason.
 * @returns whether .venv was made
 * @throws SetupError if a reader is missing in CI
 */
export function setUpPython(context) {
  const { stamps, ci, retry } = context;
  const needs = missingReaderNeeds(context);
  if (ci && needs.length > 0) throw new SetupError(missing(needs));
  if (isReady(context)) return false;

  const key = environmentKey(context);
  const before = stamps.read(STAMP);
  if (!ci && !retry && failedLately(before, key)) {
    skip(`${before.reason} (try again: npm run setup -- --python --retry)`);
    return false;
  }
  const python = findPython();
  if (python === undefined) {
    giveUp(context, { available: false, reason: missing(['python']) });
    return false;
  }
  try {
    const path = makeEnvironment(context, python);
    stamps.write(STAMP, { available: true, path, key });
    return true;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    // The time is remembered, because each attempt takes long without a network.
    giveUp(context, { available: false, reason: reasonOf(error), key, failedAt: Date.now() });
    return false;
  }
}

/** The needs of the readers (names of PACKAGES) that this machine lacks. */
export function missingReaderNeeds(context) {
  const python = isReady(context) || findPython() !== undefined ? [] : ['python'];
  return [...python, ...missingTools()];
}

/** Why pip failed, in one line: the first error that it printed, because its last lines say little. */
export function reasonOf(error) {
  const broken = error.output.match(/connection broken by (['"])(.+)\1: /)?.[2];
  if (broken !== undefined) return `PyPI could not be reached: ${broken}`;
  const line = error.output.split('\n').find((text) => /^(ERROR|error|\w*Error)\b/.test(text));
  return line === undefined ? error.message : `${error.message}: ${line}`;
}

function missingTools() {
  return which('h5dump') && which('h5diff') ? [] : ['hdf5Tools'];
}

function missing(needs) {
  const commands = Object.values(installCommands(needs));
  return `missing ${titles(needs)} (install with ${commands.join(', or ')})`;
}

function giveUp({ stamps, ci }, stamp) {
  stamps.write(STAMP, stamp);
  if (ci) throw new SetupError(stamp.reason);
  skip(stamp.reason);
}

function skip(reason) {
  say(`Tests that need Python are skipped: ${reason}`);
}

function isReady(context) {
  const stamp = context.stamps.read(STAMP);
  return stamp?.available && stamp.key === environmentKey(context) && existsSync(stamp.path);
}

function requirements({ root }) {
  return join(root, 'test/interop/requirements.txt');
}

function environmentKey(context) {
  // The path counts, because a Python environment can't be moved.
  return hashOf(context.root, hashFiles(context.root, [requirements(context)]));
}

/** Path of a Python that can make environments. Debian's own can't without python3-venv. */
function findPython() {
  const names = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];
  const ask = `import sys, venv, ensurepip; sys.version_info >= (${LEAST_PYTHON}) or sys.exit(1)`;
  const places = [...names.map((name) => which(name)), '/usr/bin/python3'];
  const paths = [...new Set(places)].filter((path) => path !== undefined);
  return paths.find((path) => output(path, ['-c', ask]) !== undefined);
}

function makeEnvironment(context, python) {
  const folder = join(context.root, '.venv');
  const path = join(folder, 'bin/python');
  say('Making .venv with pynwb, nwbinspector and h5py …');
  // `venv --clear` would follow a link, and empty the environment of another checkout.
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) unlinkSync(folder);
  run(context, python, ['-m', 'venv', '--clear', folder], { quiet: true });
  const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input'];
  run(context, path, [...pip, '--requirement', requirements(context)], { quiet: true });
  // Imported once, because an installed wheel may still lack a system library.
  run(context, path, ['-c', 'import h5py, pynwb, nwbinspector'], { quiet: true });
  return path;
}
