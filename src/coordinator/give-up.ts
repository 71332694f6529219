import { type File, WriteError } from '../hdf5/index.js';

/** Closes a file that can't be completed, so that what could be kept of it is kept. Does not throw. */
export function giveUp(file: File, error: unknown): void {
  try {
    // Metadata that are written in part, for want of space, could cost the data of before.
    if (isUnwritten(error)) file.abandon();
    else file.close();
  } catch {
    // The error for which it is given up is the one to report.
  }
}

function isUnwritten(error: unknown): boolean {
  return error instanceof WriteError || (error instanceof Error && isUnwritten(error.cause));
}
