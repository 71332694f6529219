import { outputFiles, recover, resume } from '../index.js';
import type { JournalFlags, RecoverFlags } from './flags.js';
import { type Resumable, resumable, tell } from './resumable.js';
import { journalOptions, runOptions } from './run-options.js';
import { command, quotedPath } from './shell.js';

const HERE = { baseDir: process.cwd() };

/** `hyperslab resume FILE` */
export async function resumeCommand(file: string, flags: JournalFlags): Promise<number> {
  const options = { ...runOptions(flags, HERE), ...journalOptions(flags) };
  const report = await resumable(started(file), 'resume', flags, (signal, onProgress) =>
    resume(file, { ...options, signal, onProgress }),
  );
  return tell(report, flags);
}

/** The journal does not know the manifest that it began with. */
function started(path: string): Resumable {
  const { path: output } = outputFiles(path);
  const outputFlag = ['--output', quotedPath(output)];
  return { path, again: command('convert', 'MANIFEST', '--overwrite', ...outputFlag) };
}

/** `hyperslab recover FILE` */
export async function recoverCommand(file: string, flags: RecoverFlags): Promise<number> {
  const { check = false, incomplete = false } = flags;
  const options = { ...runOptions(flags, HERE), check, incomplete };
  const report = await resumable(started(file), 'recover', flags, (signal) =>
    recover(file, { ...options, signal }),
  );
  return tell(report, flags);
}
