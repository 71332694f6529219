import { statSync } from 'node:fs';
import { formatBytes } from '../layout/index.js';
import { stampOf } from './reading/positional-read.js';
import type { SourceFile } from './types.js';

type Stamp = Omit<SourceFile, 'path'>;

const SECOND = 1_000_000_000n;

/** What file systems and archives keep of a time, beside whole nanoseconds: 100 ns, µs and ms. */
const ROUNDED_TO = [100n, 1000n, 1_000_000n];

/**
 * Whether a file is the same as before, perhaps copied or moved since.
 *
 * A time with a fraction of a second tells one file from any other. One of whole seconds does not: something
 * else may have been written in the same second, so the file itself must be the same, untouched.
 */
export function isSameFile(was: Stamp, now: Stamp): boolean {
  if (was.size !== now.size) return false;
  const { mtimeNs } = was;
  const isSameTime = [1n, ...ROUNDED_TO].some((unit) => now.mtimeNs === mtimeNs - (mtimeNs % unit));
  if (!isSameTime) return false;
  if (isExact(now)) return true;
  return now.mtimeNs === mtimeNs && now.inode === was.inode && now.ctimeNs === was.ctimeNs;
}

/** Whether a file is as it was a moment ago. */
function isUntouched(was: Stamp, now: Stamp): boolean {
  if (was.size !== now.size || was.mtimeNs !== now.mtimeNs) return false;
  return isExact(now) || was.ctimeNs === now.ctimeNs;
}

function isExact({ mtimeNs }: Stamp): boolean {
  return mtimeNs % SECOND !== 0n;
}

/**
 * The files that have changed since they were looked at; each is named once.
 *
 * @param isSame how two states of a file compare. Default: as a moment ago
 */
export function changedFiles(
  files: Iterable<SourceFile>,
  isSame: (was: Stamp, now: Stamp) => boolean = isUntouched,
): ChangedFile[] {
  const changed = new Map<string, ChangedFile>();
  for (const file of files) {
    const found = statSync(file.path, { bigint: true, throwIfNoEntry: false });
    const now = found && stampOf(found);
    if (!now || !isSame(file, now)) changed.set(file.path, changedFile(file, now));
  }
  return [...changed.values()];
}

/** A file that is not the same as before, in words. */
export function changedFile(was: SourceFile, now: Stamp | undefined): ChangedFile {
  const { path } = was;
  const expected = fileText(was);
  if (!now) return { path, expected, received: 'missing', change: 'missing' };
  if (now.size !== was.size) return { path, expected, received: fileText(now), change: 'resized' };
  const text = fileText(now);
  // Its time alone, in whole seconds, does not tell what has changed.
  const received = text === expected ? `a touched or another file of ${text}` : text;
  return { path, expected, received, change: 'touched' };
}

function fileText({ size, mtimeNs }: Stamp): string {
  const time = new Date(Number(mtimeNs / 1_000_000n)).toISOString();
  return `${size} bytes (${formatBytes(size)}) modified at ${time}`;
}
/** A file that is not what it was, in words. */
export interface ChangedFile {
  readonly path: string;
  readonly expected: string;
  readonly received: string;
  readonly change: FileChange;
}
/** `touched`: another time but the same size, so that the file may hold the same data. */
export type FileChange = 'missing' | 'resized' | 'touched';
