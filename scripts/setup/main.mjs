import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupError, say } from './commands.mjs';
import { setUpPython } from './python.mjs';
import { openStamps } from './stamps.mjs';
import { setUpBuild } from './steps.mjs';
import { setUpSystem } from './system.mjs';

/** Runs all steps of set-up that are not done yet. @returns the exit code */
export async function main({ python, retry, verbose }) {
  const root = resolve(fileURLToPath(import.meta.url), '../../..');
  const context = {
    root,
    stamps: openStamps(resolve(root, '.setup')),
    log: resolve(root, '.setup/last-command.log'),
    // In CI a missing reader is an error, because skipped tests would go unnoticed.
    ci: process.env.CI === 'true',
    python,
    retry,
    verbose,
  };
  try {
    if (process.platform === 'win32') {
      throw new SetupError('hyperslab builds on Linux and macOS: on Windows, use WSL');
    }
    const toolchain = setUpSystem(context);
    const built = setUpBuild(context, toolchain);
    const made = python && setUpPython(context);
    if (built || made) say('Set-up is done.');
    return 0;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`Set-up stopped: ${error.message}`);
    return 1;
  }
}
