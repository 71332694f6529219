import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../built.js';

/** Why calls of the system can't be looked at here; undefined where they can. */
export function whyNoPreload(): string | undefined {
  if (process.platform !== 'linux') return 'libraries are preloaded on Linux only';
  return spawnSync('gcc', ['--version']).status === 0 ? undefined : 'there is no gcc';
}

/**
 * Compiles a library that a process can be started with.
 *
 * @param source from the package's folder
 * @param folder where the library goes
 * @returns its path, for `LD_PRELOAD`
 */
export function buildPreload(source: string, folder: string): string {
  const library = join(folder, 'preload.so');
  const args = ['-shared', '-fPIC', '-O1', '-o', library, join(ROOT, source), '-ldl', '-lpthread'];
  const { status, stderr } = spawnSync('gcc', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`Expected gcc to succeed but received: ${stderr}`);
  return library;
}
