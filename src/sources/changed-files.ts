import { statSync } from 'node:fs';
import { formatBytes } from '../layout/index.js';
import { stampOf } from './reading/positional-read.js';
import type { SourceFile } from './types.js';

type Stamp = Omit<SourceFile, 'path'>;

const SECOND = 1_000_000_000n;

/** Units to which file systems and archives round times, besides 1 ns: 100 ns, 1 µs and 1 ms. */
const ROUNDED_TO = [100n, 1000n, 1_000_000n];

/**
 * Whether a file has the same contents as before, even if it was copied or moved since.
 *
 * A modification time with a fraction of a second identifies a version of a file. A time in whole seconds does
 * not, because the file may have been written twice within the second; then the inode and the time of its last
 * change must be the same, too.
 */
export function isSameFile(was: Stamp, now: Stamp): boolean {
  if (was.size !== now.size) return false;
  const { mtimeNs } = was;
  const isSameTime = [1n, ...ROUNDED_TO].some((unit) => now.mtimeNs === mtimeNs - (mtimeNs % unit));
  if (!isSameTime) return false;
  if (isExact(now)) return true;
  return now.mtimeNs === mtimeNs && now.inode === was.inode && now.ctimeNs === was.ctimeNs;
}

/** Whether a file has not been written since it was looked at a short time ago. */
function isUntouched(was: Stamp, now: Stamp): boolean {
  if (was.size !== now.size || was.mtimeNs !== now.mtimeNs) return false;
  return isExact(now) || was.ctimeNs === now.ctimeNs;
}

function isExact({ mtimeNs }: Stamp): boolean {
  return mtimeNs % SECOND !== 0n;
}

/**
 * The files that have changed since their state was recorded; each path is listed once.
 *
 * @param isSame compares the recorded with the present state. Default: the file must not have been written at all
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

/** Describes how a file differs from its recorded state. */
export function changedFile(was: SourceFile, now: Stamp | undefined): ChangedFile {
  const { path } = was;
  const expected = fileText(was);
  if (!now) return { path, expected, received: 'missing', change: 'missing' };
  if (now.size !== was.size) return { path, expected, received: fileText(now), change: 'resized' };
  const text = fileText(now);
  // The texts are equal if the states differ only in inode, ctime or a fraction of a millisecond.
  const received = text === expected ? `a touched or another file of ${text}` : text;
  return { path, expected, received, change: 'touched' };
}

function fileText({ size, mtimeNs }: Stamp): string {
  const time = new Date(Number(mtimeNs / 1_000_000n)).toISOString();
  return `${size} bytes (${formatBytes(size)}) modified at ${time}`;
}

/** A file that differs from its recorded state; `expected` and `received` describe both states in words. */
export interface ChangedFile {
  readonly path: string;
  readonly expected: string;
  readonly received: string;
  readonly change: FileChange;
}

/** `touched`: the time differs but the size does not, so the data may be the same. */
export type FileChange = 'missing' | 'resized' | 'touched';
