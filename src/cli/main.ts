#!/usr/bin/env node
import { CommanderError } from 'commander';
import { EXIT } from './exit-codes.js';
import { failureOf } from './failures.js';
import { tolerateClosedOutput } from './output.js';
import { makeProgram } from './program.js';

/**
 * Node's exit code for a process that has nothing left to do while a promise is pending; see
 * https://nodejs.org/api/process.html#exit-codes
 */
const UNSETTLED = 13;

const program = makeProgram();
tolerateClosedOutput();
process.on('exit', () => {
  if (process.exitCode === UNSETTLED)
    process.stderr.write('error: a module source never answered: its promise is still pending\n');
});
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.refused;
  } else {
    const { text, exitCode } = failureOf(error, program.opts<{ debug?: boolean }>().debug);
    process.stderr.write(`${text}\n`);
    process.exitCode = exitCode;
  }
}
