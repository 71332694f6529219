import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../built.js';

/** The reason why system calls can't be logged here; undefined if they can. */
export function whyNoPreload(): string | undefined {
  if (process.platform !== 'linux') return 'libraries are preloaded on Linux only';
  return spawnSync('gcc', ['--version']).status === 0 ? undefined : 'gcc is not installed';
}

/**
 * Compiles a library that can be preloaded into a process.
 *
 * @param source path of the C file, relative to the package's folder
 * @param folder folder for the library
 * @returns path of the library, for `LD_PRELOAD`
 */
export function buildPreload(source: string, folder: string): string {
  const library = join(folder, 'preload.so');
  const args = ['-shared', '-fPIC', '-O1', '-o', library, join(ROOT, source), '-ldl', '-lpthread'];
  const { status, stderr } = spawnSync('gcc', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`gcc failed: ${stderr}`);
  return library;
}
