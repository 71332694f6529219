import { closeSync, constants, openSync, readSync } from 'node:fs';
import { OutputError } from '../errors.js';

/** The first bytes of a journal, before its header. */
export const JOURNAL_MAGIC = Buffer.from('hyperslab journal\n');
/** The first bytes of a journal whose header is not complete. As long as the magic, which replaces them. */
export const UNBEGUN_MAGIC = Buffer.from('unbegun hyperslab\n');

/** Whether a file that begins so may be a journal. After a power failure, a file may hold only zeros. */
function mayBeJournal(begin: Uint8Array): boolean {
  const bytes = Buffer.from(begin).subarray(0, JOURNAL_MAGIC.length);
  return (
    bytes.equals(JOURNAL_MAGIC) ||
    UNBEGUN_MAGIC.subarray(0, bytes.length).equals(bytes) ||
    bytes.every((byte) => byte === 0)
  );
}

/** The error for a file that has the name of a journal but is none: it belongs to someone else. */
export function notAJournal(path: string): OutputError {
  return new OutputError({ path, problem: `${path} is not a journal of hyperslab` });
}

/** @throws OutputError if there is a file with the name of a journal that is none. Does not wait for its lock. */
export function requireJournal(path: string): void {
  const begin = beginOf(path);
  if (begin !== undefined && !mayBeJournal(begin)) throw notAJournal(path);
}

/** As many bytes of a file as tell whether it is a journal; undefined if there is none, or it can't be read. */
function beginOf(path: string): Buffer | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    const begin = Buffer.alloc(JOURNAL_MAGIC.length);
    return begin.subarray(0, readSync(descriptor, begin, 0, begin.length, 0));
  } finally {
    closeSync(descriptor);
  }
}
