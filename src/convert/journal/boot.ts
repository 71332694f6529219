import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';

/**
 * Identifies the time since the machine was started: what was written before a restart may never have reached the
 * disk. If the system has no identifier, it is the minute of the start.
 */
export function currentBoot(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return `since minute ${Math.round((Date.now() / 1000 - uptime()) / 60)}`;
  }
}
