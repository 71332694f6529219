import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { canMount } from '../hdf5/small-disk.js';
import { tempFolder } from './recordings.js';

export { canMount };

/** A file system in memory that can be resized, and made read-only. */
export interface Disk {
  readonly folder: string;
  /** @param options options of `mount -o`, such as `size=4m` or `ro` */
  remount(options: string): void;
}

/** Mounts a file system in memory. It is unmounted when the test has ended. */
export function mountDisk(size: string): Disk {
  const folder = join(tempFolder(), 'disk');
  mkdirSync(folder);
  run('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder);
  onTestFinished(() => run('umount', folder));
  return { folder, remount: (options) => run('mount', '-o', `remount,${options}`, folder) };
}

function run(command: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
}
