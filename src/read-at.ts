import { readSync } from 'node:fs';

/**
 * Like `readSync`, but repeats the call if a signal interrupts it, as happens on network file systems. Node
 * repeats all its other calls by itself.
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
