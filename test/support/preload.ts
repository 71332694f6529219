import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sharedFiles } from './shared.js';

/** Whether libraries can be compiled and preloaded here: on Linux, with a compiler. */
export const canPreload =
  process.platform === 'linux' && spawnSync('gcc', ['--version']).status === 0;

/**
 * Compiles a C file of this folder into a library for `LD_PRELOAD`, once per run of the tests.
 *
 * @param name name of the file, without `.c`
 * @returns path of the library
 */
export function preloadLibrary(name: string): string {
  const library = `${name}.so`;
  const folder = sharedFiles(library, (made) => {
    const source = fileURLToPath(new URL(`${name}.c`, import.meta.url));
    const args = [
      '-shared',
      '-fPIC',
      '-O1',
      '-o',
      join(made, library),
      source,
      '-ldl',
      '-lpthread',
    ];
    const { status, stderr } = spawnSync('gcc', args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`gcc failed: ${stderr}`);
  });
  return join(folder, library);
}
