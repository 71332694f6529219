import { readSync } from 'node:fs';

/**
 * As `readSync`, but asks again when a signal interrupts the call, as it may on network file systems. Node
 * itself does so for all calls but this one.
 *
 * @returns how many bytes were read; 0 at the end of the file
 */
export function readAt(
  descriptor: number,
  into: Uint8Array,
  at: number,
  length: number,
  position: number,
): number {
  for (;;)
    try {
      return readSync(descriptor, into, at, length, position);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EINTR') throw error;
    }
}
