import type { Surface } from '../surface.js';
import { command, quotedPath } from './shell.js';

/** Options of the library that are flags under another name. */
const FLAGS: Readonly<Record<string, string>> = {
  keepPartial: '--no-keep-partial',
  modules: '--no-modules',
};

/** Options of the library that are flags under their own name. */
const SAME = new Set([
  ...['overwrite', 'resume', 'check', 'incomplete'],
  ...['workers', 'memory', 'libver', 'durability'],
]);

/** How the library's messages name options and calls on the command line. */
export const commandLine: Surface = {
  option: flagOf,
  setting: (name, value) => `${flagOf(name)} ${value}`,
  off: (name) => `${flagOf(name)} is set`,
  convert: (output, option) =>
    `run ${command('convert', 'MANIFEST', flagOf(option), `--output ${quotedPath(output)}`)}`,
  recover: (output) => `run ${command('recover', output)}`,
};

/** What is no flag, such as the name of an argument, stays as it is. */
function flagOf(option: string): string {
  return FLAGS[option] ?? (SAME.has(option) ? `--${option}` : option);
}
