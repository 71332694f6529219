import { type Command, CommanderError } from 'commander';
import { speakTo } from '../surface.js';
import { EXIT } from './exit-codes.js';
import { failureOf, plainDocument } from './failures.js';
import { printJson } from './output.js';
import { printable } from './printable.js';
import { makeProgram } from './program.js';
import { commandLine } from './speech.js';
import { refuseSingleDash, untilDashes, usageText } from './usage.js';

/**
 * Runs the command that the arguments name and prints what there is to say, errors included.
 *
 * @param args as behind `hyperslab` in a shell
 * @returns the exit code
 */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  const program = makeProgram();
  speakTo(commandLine);
  try {
    refuseSingleDash(program, args);
    await program.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? EXIT.ok);
  } catch (error) {
    return error instanceof CommanderError
      ? tellUsage(error, program, args)
      : tellFailure(error, program, wantsJson(args));
  }
}

/** Whether `--json` is among the arguments; looked for before they are parsed, because they may be wrong. */
export function wantsJson(args: readonly string[]): boolean {
  return untilDashes(args).includes('--json');
}

/** commander prints help and versions itself. */
function tellUsage(error: CommanderError, program: Command, args: readonly string[]): number {
  if (error.exitCode === 0) return EXIT.ok;
  const text = usageText(program, args, error);
  if (error.code !== 'commander.help') process.stderr.write(`error: ${printable(text)}\n`);
  if (wantsJson(args)) printJson(plainDocument('UsageError', text, EXIT.refused));
  return EXIT.refused;
}

function tellFailure(error: unknown, program: Command, json: boolean): number {
  const { debug } = program.opts<{ debug?: boolean }>();
  const { text, document, exitCode } = failureOf(error, debug);
  process.stderr.write(`${text}\n`);
  if (json) printJson(document);
  return exitCode;
}
