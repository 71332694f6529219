import { isOtherHome, OWN_HOME, resolvePath } from '../home-path.js';
import type { ConvertOptions, Description } from '../index.js';
import { UsageError } from './errors.js';
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

/** The description with another output path, relative to the working directory. @throws UsageError */
export function withOutput(description: Description, output: string | undefined): Description {
  // A manifest that is not a mapping is refused later, with its line.
  if (output === undefined || typeof description !== 'object' || !description) return description;
  if (isOtherHome(output))
    throw new UsageError({ problem: `Expected ${OWN_HOME} for --output but received '${output}'` });
  return { ...description, path: resolvePath('', output) };
}

export function quietly({ quiet, json }: RunFlags): boolean {
  return quiet === true || json === true;
}
