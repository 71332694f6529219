#!/usr/bin/env node
import { runCommandLine, wantsJson } from './command-line.js';
import { plainDocument } from './failures.js';
import { printJson, tolerateClosedOutput } from './output.js';

/**
 * Node's exit code for a process that has nothing left to do while a promise is pending; see
 * https://nodejs.org/api/process.html#exit-codes
 */
const UNSETTLED = 13;

const args = process.argv.slice(2);
tolerateClosedOutput();
process.on('exit', () => {
  if (process.exitCode !== UNSETTLED) return;
  const text = 'a module source never answered: its promise is still pending';
  process.stderr.write(`error: ${text}\n`);
  if (wantsJson(args)) printJson(plainDocument('Error', text, UNSETTLED));
});
process.exitCode = await runCommandLine(args);
