import { WriteError } from './index.js';

/** What the system answered when a file was written, with the name of the file. */
export function writeError(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !('errno' in error) || !('syscall' in error)) return error;
  const reason = error.message.replace(/^\w+: /, '');
  return new WriteError(`${reason} of ${file}`, Number(error.errno), String(error.syscall));
}
