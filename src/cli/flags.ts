import { type Command, InvalidArgumentError, Option } from 'commander';

/** What every command takes; `--debug` is the program's. */
export interface OutputFlags {
  readonly json?: boolean;
}

/** What every command that runs on workers takes. */
export interface RunFlags extends OutputFlags {
  readonly workers?: number;
  readonly memory?: string;
  readonly quiet?: boolean;
  /** True by default, where there is the flag. */
  readonly modules?: boolean;
}

export interface PlanFlags extends RunFlags {
  readonly libver?: 'earliest' | 'v110';
  readonly output?: string;
}

/** What every command that writes with a journal takes. */
export interface JournalFlags extends RunFlags {
  readonly check?: boolean;
  readonly durability?: 'process' | 'power';
  /** True by default. */
  readonly keepPartial?: boolean;
}

export interface ConvertFlags extends PlanFlags, JournalFlags {
  readonly overwrite?: boolean;
  readonly resume?: boolean;
}

export interface RecoverFlags extends RunFlags {
  readonly check?: boolean;
  readonly incomplete?: boolean;
}

export interface DemoFlags extends RunFlags {
  readonly libver?: 'earliest' | 'v110';
  readonly folder: string;
  readonly megabytes: number;
  readonly recordOnly?: boolean;
}

/** @throws InvalidArgumentError */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('Expected a whole number of at least 1.');
  return value;
}

export function addJsonFlag(command: Command, what: string): Command {
  return command.option('--json', `print ${what} as one JSON document on stdout, and no progress`);
}

export function addRunFlags(command: Command): Command {
  return command
    .option('-w, --workers <count>', 'worker threads (default: all cores)', wholeNumber)
    .option(
      '-m, --memory <amount>',
      "what the workers may hold together, such as '2GiB' (default: a quarter of the machine's)",
    )
    .option('-q, --quiet', 'print errors and warnings only');
}

export function addModulesFlag(command: Command): Command {
  return command.option(
    '--no-modules',
    'refuse sources that are modules, whose code would run: for manifests and journals from others',
  );
}

export function addCheckFlag(command: Command): Command {
  return command.option(
    '--check',
    'compare what is stored with its checksums first and redo what fails; compare sources whose time has changed with what is done',
  );
}

export function addJournalFlags(command: Command): Command {
  return addCheckFlag(command)
    .addOption(
      new Option(
        '--durability <against>',
        'what a crash of this can never cost what was done: process (default), or power, which syncs the file every second',
      ).choices(['process', 'power']),
    )
    .option('--no-keep-partial', 'remove what was written when stopped or failed');
}

export function addFormatFlag(command: Command): Command {
  return command.addOption(
    new Option(
      '--libver <bound>',
      'file format: earliest (default), which every reader knows, or v110, with better chunk indexes',
    ).choices(['earliest', 'v110']),
  );
}

export function addOutputFlag(command: Command): Command {
  return command.option('-o, --output <path>', "the NWB file, instead of the manifest's path");
}
