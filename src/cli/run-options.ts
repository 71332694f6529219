import type { ConvertOptions } from '../index.js';
import type { JournalFlags, RunFlags } from './flags.js';
import type { Manifest } from './manifest.js';

/** The options that all commands on worker threads share. */
export function runOptions(
  { workers, memory, modules }: RunFlags,
  { baseDir }: Pick<Manifest, 'baseDir'>,
): Pick<ConvertOptions, 'workers' | 'memory' | 'baseDir' | 'modules'> {
  return {
    baseDir,
    ...(workers !== undefined && { workers }),
    ...(memory !== undefined && { memory }),
    ...(modules !== undefined && { modules }),
  };
}

/** The options of commands that write a journal. */
export function journalOptions({
  check,
  durability,
  keepPartial,
}: JournalFlags): Pick<ConvertOptions, 'check' | 'durability' | 'keepPartial'> {
  return {
    ...(check !== undefined && { check }),
    ...(durability !== undefined && { durability }),
    ...(keepPartial !== undefined && { keepPartial }),
  };
}

export function quietly({ quiet, json }: RunFlags): boolean {
  return quiet === true || json === true;
}
