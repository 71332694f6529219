#!/usr/bin/env node
import { CommanderError } from 'commander';
import { speakTo } from '../surface.js';
import { EXIT } from './exit-codes.js';
import { failureOf, plainDocument } from './failures.js';
import { printJson, tolerateClosedOutput } from './output.js';
import { makeProgram } from './program.js';
import { commandLine } from './speech.js';

/**
 * Node's exit code for a process that has nothing left to do while a promise is pending; see
 * https://nodejs.org/api/process.html#exit-codes
 */
const UNSETTLED = 13;

/** Looked for before the arguments are parsed, because they may be wrong. */
const wantsJson = untilDashes(process.argv.slice(2)).includes('--json');
const program = makeProgram();
speakTo(commandLine);
tolerateClosedOutput();
process.on('exit', () => {
  if (process.exitCode !== UNSETTLED) return;
  const text = 'a module source never answered: its promise is still pending';
  process.stderr.write(`error: ${text}\n`);
  if (wantsJson) printJson(plainDocument('Error', text, UNSETTLED));
});
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = error instanceof CommanderError ? tellUsage(error) : tellFailure(error);
}

function untilDashes(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return end < 0 ? args : args.slice(0, end);
}

/** commander has already printed the help, or what is wrong with the arguments. */
function tellUsage({ exitCode, code, message }: CommanderError): number {
  if (exitCode === 0) return EXIT.ok;
  const text =
    code === 'commander.help'
      ? 'no command was given'
      : message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ');
  if (wantsJson) printJson(plainDocument('UsageError', text, EXIT.refused));
  return EXIT.refused;
}

function tellFailure(error: unknown): number {
  const { debug } = program.opts<{ debug?: boolean }>();
  const { text, document, exitCode } = failureOf(error, debug);
  process.stderr.write(`${text}\n`);
  if (wantsJson) printJson(document);
  return exitCode;
}
