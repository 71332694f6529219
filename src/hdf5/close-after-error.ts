import { WriteError } from './codec-errors.js';
import type { File } from './file.js';

/**
 * Closes a file after an error. Metadata that are still in memory are written unless a write failed, e.g.
 * because the disk is full: a partial write of them could damage data that were complete. Does not throw.
 */
export function closeAfterError(file: File, error: unknown): void {
  try {
    if (!isFailedWrite(error)) {
      file.close();
      return;
    }
  } catch {
    // The caller reports the first error, not this one.
  }
  try {
    file.abandon();
  } catch {
    // Ignored for the same reason.
  }
}

/** Whether an error or one of its causes is a WriteError. Causes set by a user's code may form a loop. */
function isFailedWrite(error: unknown): boolean {
  const seen = new Set<unknown>();
  for (let cause = error; cause instanceof Error && !seen.has(cause); cause = cause.cause) {
    if (cause instanceof WriteError) return true;
    seen.add(cause);
  }
  return false;
}
