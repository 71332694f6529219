import { type Command, InvalidArgumentError, Option } from 'commander';

/** Options of every command; `--debug` belongs to the program. */
export interface OutputFlags {
  readonly json?: boolean;
}

/** Options of the commands that run on worker threads. */
export interface RunFlags extends OutputFlags {
  readonly workers?: number;
  readonly memory?: string;
  readonly quiet?: boolean;
  /** True by default; undefined for commands without `--no-modules`. */
  readonly modules?: boolean;
}

/** Options of the commands that read a manifest. */
export interface ManifestFlags extends RunFlags {
  /** Each `KEY=VALUE`. */
  readonly set?: readonly string[];
}

export interface PlanFlags extends ManifestFlags {
  readonly libver?: 'earliest' | 'v110';
  readonly output?: string;
}

/** Options of the commands that write a journal. */
export interface JournalFlags extends RunFlags {
  readonly check?: boolean;
  readonly durability?: 'process' | 'power';
  /** True by default. */
  readonly keepPartial?: boolean;
}

export interface ConvertFlags extends PlanFlags, JournalFlags {
  readonly overwrite?: boolean;
  readonly resume?: boolean;
  readonly skipExisting?: boolean;
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

export interface InitFlags {
  readonly type: 'ElectricalSeries' | 'TimeSeries';
  readonly raw?: string;
  readonly channels?: number;
  readonly rate?: number;
  readonly dtype?: string;
  readonly offset?: number;
  readonly output?: string;
}

/** @throws InvalidArgumentError unless the text is a number greater than 0 */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!/^\d/.test(text) || !(value > 0) || !Number.isFinite(value))
    throw new InvalidArgumentError('Expected a number greater than 0.');
  return value;
}

/** @throws InvalidArgumentError unless the text is a whole number of at least 1 */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('Expected a whole number of at least 1.');
  return value;
}

/** @throws InvalidArgumentError unless the text has a key and a `=` */
function keyAndValue(text: string, earlier: readonly string[] = []): readonly string[] {
  if (!/^[^=]+=/.test(text))
    throw new InvalidArgumentError('Expected KEY=VALUE, such as nwbfile.identifier=m1.');
  return [...earlier, text];
}

export function addSetFlag(command: Command): Command {
  return command.option(
    '--set <key=value>',
    'Set a value of the manifest, as if it stood there: nwbfile.identifier=m1, acquisition.0.rate=30000; may be repeated',
    keyAndValue,
  );
}

export function addJsonFlag(command: Command, what: string): Command {
  return command.option('--json', `Print ${what} as one JSON document on stdout, without progress`);
}

export function addRunFlags(command: Command): Command {
  return command
    .option(
      '-w, --workers <count>',
      'Set the number of worker threads (default: all cores, or as many as fit into the memory)',
      wholeNumber,
    )
    .option(
      '-m, --memory <amount>',
      "Limit the total memory of all workers: 2G or 2GiB is 2 * 2^30 bytes, 2GB is 2 * 10^9 (default: a quarter of the machine's memory)",
    )
    .option('-q, --quiet', 'Print errors and warnings only');
}

export function addModulesFlag(command: Command): Command {
  return command.option(
    '--no-modules',
    'Refuse sources that are JavaScript modules, because they run code; use this for manifests and journals from others',
  );
}

const CHECKED =
  'compare stored chunks with their checksums and redo those that differ; if only the modification time of a source has changed, compare its values with the finished chunks instead of refusing it';

export const CHECK = {
  convert: `With --resume, ${CHECKED}`,
  resume: `First, ${CHECKED}`,
  recover:
    'First, compare stored chunks with their checksums; those that differ are written again from source files, or count as damaged if a program sent them',
} as const;

export function addCheckFlag(command: Command, help: string): Command {
  return command.option('--check', help);
}

export function addJournalFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--durability <against>',
        "Protect finished work from a crash of the program ('process', the default) or also of the machine ('power', which syncs the file every second)",
      ).choices(['process', 'power']),
    )
    .option(
      '--no-keep-partial',
      'Remove the partial file and its journal when the conversion stops or fails',
    );
}

export function addFormatFlag(command: Command): Command {
  return command.addOption(
    new Option(
      '--libver <bound>',
      'Set the file format: earliest (default), which every reader knows, or v110, with smaller and faster chunk indexes',
    ).choices(['earliest', 'v110']),
  );
}

export function addOutputFlag(command: Command): Command {
  return command.option('-o, --output <path>', "Use this output path instead of the manifest's");
}
