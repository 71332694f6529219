import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { withFolder } from './temporary.js';

/** Whether this process may mount file systems. */
export const canMount = withFolder((folder) => {
  const mounted = mount(folder);
  if (mounted) unmount(folder);
  return mounted;
});

/** Runs `body` with the folder of a file system of 2 MiB and removes it afterwards. */
export function withSmallDisk<T>(body: (folder: string) => T): T {
  return withFolder((outer) => {
    const folder = join(outer, 'disk');
    mkdirSync(folder);
    if (!mount(folder)) throw new Error(`Expected to mount ${folder} but may not`);
    try {
      return body(folder);
    } finally {
      unmount(folder);
    }
  });
}

/** Fills a file system until `free` bytes are left, a multiple of 4096. */
export function fillUp(folder: string, free: number): void {
  const path = join(folder, 'filler');
  const descriptor = openSync(path, 'w');
  const block = Buffer.alloc(4096);
  try {
    while (writeSync(descriptor, block) === block.length);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(descriptor);
  }
  truncateSync(path, statSync(path).size - free);
}

function mount(folder: string): boolean {
  const command = ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder];
  return process.platform === 'linux' && spawnSync('mount', command).status === 0;
}

function unmount(folder: string): void {
  spawnSync('umount', ['-l', folder]);
}
