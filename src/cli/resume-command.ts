import { recover, resume } from '../index.js';
import type { JournalFlags, RecoverFlags } from './flags.js';
import { resumable, tell } from './resumable.js';
import { journalOptions, runOptions } from './run-options.js';

const HERE = { baseDir: process.cwd() };

/** `hyperslab resume FILE` */
export async function resumeCommand(file: string, flags: JournalFlags): Promise<number> {
  const options = { ...runOptions(flags, HERE), ...journalOptions(flags) };
  const report = await resumable(file, 'resume', flags, (signal, onProgress) =>
    resume(file, { ...options, signal, onProgress }),
  );
  return tell(report, flags);
}

/** `hyperslab recover FILE` */
export async function recoverCommand(file: string, flags: RecoverFlags): Promise<number> {
  const { check = false, incomplete = false } = flags;
  const options = { ...runOptions(flags, HERE), check, incomplete };
  const report = await resumable(file, 'recover', flags, (signal) =>
    recover(file, { ...options, signal }),
  );
  return tell(report, flags);
}
