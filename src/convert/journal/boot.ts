import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';

/**
 * Identifies the current boot of the machine: what was written during an earlier boot may never have reached the disk.
 * If the system has no boot ID, returns the minute when it booted.
 */
export function currentBoot(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return `since minute ${Math.round((Date.now() / 1000 - uptime()) / 60)}`;
  }
}
