import { existsSync, statSync } from 'node:fs';
import { resolvePath } from '../home-path.js';
import { outputFiles, recover, resume } from '../index.js';
import { UsageError } from './errors.js';
import type { JournalFlags, RecoverFlags } from './flags.js';
import { isManifestName, recognise } from './given-file.js';
import { withManifest } from './manifest.js';
import { type Resumable, resumable } from './resumable.js';
import { journalOptions, runOptions } from './run-options.js';
import { command, quotedPath } from './shell.js';
import { tellReport } from './tell-report.js';

/** `hyperslab resume FILE` */
export async function resumeCommand(file: string, flags: JournalFlags): Promise<number> {
  await refuseManifest(file, 'resume');
  const options = { ...runOptions(flags, here()), ...journalOptions(flags) };
  const report = await resumable(started(file), 'resume', flags, (signal, onProgress) =>
    resume(file, { ...options, signal, onProgress }),
  );
  return tellReport(report, flags);
}

/** Where relative paths on the command line begin. */
function here() {
  return { baseDir: process.cwd() };
}

/** The journal does not know the manifest that it began with. */
function started(path: string): Resumable {
  const { path: output } = outputFiles(path);
  const outputFlag = ['--output', quotedPath(output)];
  return { path, again: command('convert', 'MANIFEST', '--overwrite', ...outputFlag) };
}

/** `hyperslab recover FILE` */
export async function recoverCommand(file: string, flags: RecoverFlags): Promise<number> {
  await refuseManifest(file, 'recover');
  const { check = false, incomplete = false } = flags;
  const options = { ...runOptions(flags, here()), check, incomplete };
  const report = await resumable(started(file), 'recover', flags, (signal) =>
    recover(file, { ...options, signal }),
  );
  return tellReport(report, flags);
}

/**
 * @param name of the command that takes the NWB file
 * @throws UsageError if the path leads to a manifest
 */
async function refuseManifest(path: string, name: 'resume' | 'recover'): Promise<void> {
  if (!existsSync(path) || !statSync(path).isFile() || existsSync(outputFiles(path).journal))
    return;
  if (!isManifestName(path) || recognise(path).kind !== 'text') return;
  const problem = `Expected the path of an NWB file but received the manifest ${path}`;
  if (name === 'resume')
    throw new UsageError({
      problem: `${problem}; ${command('convert', path, '--resume')} resumes its conversion`,
    });
  const output = await withManifest(path, async ({ baseDir, description }) =>
    resolvePath(baseDir, String(description?.path)),
  );
  throw new UsageError({
    problem: `${problem}; ${command('recover', output)} finishes the file that it describes`,
  });
}
