import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { canMount } from '../hdf5/small-disk.js';
import { tempFolder } from './recordings.js';

export { canMount };

/** A file system of its own, that can be made smaller, larger, and read-only. */
export interface Disk {
  readonly folder: string;
  /** @param options as `mount -o` has them: `size=4m`, `ro` */
  remount(options: string): void;
}

/** Mounts a file system in memory, which is gone when the test has ended. */
export function mountDisk(size: string): Disk {
  const folder = join(tempFolder(), 'disk');
  mkdirSync(folder);
  run('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder);
  onTestFinished(() => run('umount', folder));
  return { folder, remount: (options) => run('mount', '-o', `remount,${options}`, folder) };
}

function run(command: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`Expected ${command} to succeed but received: ${stderr}`);
}
