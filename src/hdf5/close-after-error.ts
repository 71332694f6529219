import { WriteError } from './codec-errors.js';
import type { File } from './file.js';

/** Closes a file that can't be completed, so that what could be kept of it is kept. Does not throw. */
export function closeAfterError(file: File, error: unknown): void {
  try {
    // Metadata that are written in part, for want of space, could cost the data of before.
    if (!isUnwritten(error)) {
      file.close();
      return;
    }
  } catch {
    // The error for which it is given up is the one to report.
  }
  try {
    file.abandon();
  } catch {
    // Nor is this one.
  }
}

/** Whether it comes of what could not be written. Causes are the user's, too, and may go round in a circle. */
function isUnwritten(error: unknown): boolean {
  const seen = new Set<unknown>();
  for (let one = error; one instanceof Error && !seen.has(one); one = one.cause) {
    if (one instanceof WriteError) return true;
    seen.add(one);
  }
  return false;
}
