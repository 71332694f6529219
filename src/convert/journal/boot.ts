import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';

/**
 * Names the run of the machine: what was written during another one may never have come to the disk.
 * Where the system has no name for it, the minute in which it began.
 */
export function currentBoot(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return `since minute ${Math.round((Date.now() / 1000 - uptime()) / 60)}`;
  }
}
