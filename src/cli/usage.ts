import type { Command, CommanderError } from 'commander';
import { UsageError } from './errors.js';
import { isManifestName } from './given-file.js';
import { command } from './shell.js';

/**
 * What is wrong with the arguments, in one line: what commander says, in the words of our other messages and with what
 * to do.
 *
 * @param args as behind `hyperslab` in a shell
 */
export function usageText(
  program: Command,
  args: readonly string[],
  { code, message }: CommanderError,
): string {
  const text = message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ');
  const name = commandOf(program, args)?.name();
  const help = `\`${['hyperslab', name, '--help'].filter(Boolean).join(' ')}\``;
  switch (code) {
    case 'commander.help':
      return 'no command was given';
    case 'commander.unknownCommand':
      return unknownCommand(args, text) ?? advised(text, `${help} lists the commands`);
    case 'commander.unknownOption':
      return advised(text, `${help} lists the options`);
    case 'commander.missingArgument':
      return advised(text, `${help} explains it`);
    case 'commander.excessArguments':
      return tooMany(text);
    case 'commander.optionMissingArgument':
      return text.replace(
        /^option '.*?(--[\w-]+) (<.*>)' argument missing$/,
        'Expected a value ($2) for $1 but received nothing',
      );
    case 'commander.invalidArgument':
      return invalid(text);
    default:
      return text;
  }
}

/**
 * Refuses `-overwrite`, which commander would read as `-o verwrite`: the file would get that name.
 *
 * @throws UsageError for a long option with a single dash
 */
export function refuseSingleDash(program: Command, args: readonly string[]): void {
  const known = commandOf(program, args)?.options.map(({ long }) => long) ?? [];
  for (const arg of untilDashes(args)) {
    const long = `-${arg.replace(/=.*$/s, '')}`;
    if (/^-\w{2}/.test(arg) && known.includes(long))
      throw new UsageError({ problem: `Expected ${long}, with two dashes, but received ${arg}` });
  }
}

/** The arguments that may be options: those before `--`. */
export function untilDashes(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return end < 0 ? args : args.slice(0, end);
}

function commandOf({ commands }: Command, args: readonly string[]): Command | undefined {
  const names = commands.map((one) => one.name());
  return commands[names.indexOf(args.find((arg) => names.includes(arg)) ?? '')];
}

/** For what a command would take, rather than a command; undefined for anything else. */
function unknownCommand(args: readonly string[], text: string): string | undefined {
  const path = args.find((arg) => !arg.startsWith('-'));
  if (path === undefined || !isManifestName(path)) return undefined;
  return `${text}; ${command('convert', path)} converts what this manifest describes`;
}

function advised(text: string, advice: string): string {
  return text.endsWith('?)') ? text : `${text}; ${advice}`;
}

const TOO_MANY = /^too many arguments(?: for '(.*)')?\. Expected (\d+ arguments?) but got (\d+)\.$/;

function tooMany(text: string): string {
  return text.replace(
    TOO_MANY,
    'Expected $2 for $1 but received $3 (put quotes around a path or a value with spaces)',
  );
}

const INVALID = /^option '.*?(--[\w-]+)[^']*' argument '(.*)' is invalid\. (.*)\.$/s;

function invalid(text: string): string {
  const [, option, received, rule] = INVALID.exec(text) ?? [];
  if (rule === undefined) return text;
  const expected = rule
    .replace(/^Expected /, '')
    .replace(/^Allowed choices are (.*), (.*)$/, '$1 or $2');
  return `Expected ${expected} for ${option} but received '${received}'`;
}
