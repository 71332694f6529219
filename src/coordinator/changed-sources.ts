import { statSync } from 'node:fs';
import { formatBytes } from '../layout/index.js';
import type { SourceFile } from '../sources/index.js';
import { ChangedError, type ChangedFile } from './errors.js';
import { isSourced, type PreparedDataset } from './work.js';

type Stamp = Pick<SourceFile, 'size' | 'mtimeMs'>;

/** What archives and file systems round times to at most (FAT), milliseconds. */
const COARSEST_MS = 2000;

/** Whether a file may be the same, perhaps copied or moved since. */
export function isSameFile(a: Stamp, b: Stamp): boolean {
  return a.size === b.size && Math.abs(a.mtimeMs - b.mtimeMs) < COARSEST_MS;
}

function isUntouched(a: Stamp, b: Stamp): boolean {
  return a.size === b.size && a.mtimeMs === b.mtimeMs;
}

/**
 * The files that have changed since they were looked at; each is named once.
 *
 * @param isSame how two states of a file compare. Default: exactly
 */
export function changedFiles(
  files: Iterable<SourceFile>,
  isSame: (a: Stamp, b: Stamp) => boolean = isUntouched,
): ChangedFile[] {
  const changed = new Map<string, ChangedFile>();
  for (const file of files) {
    const now = statSync(file.path, { throwIfNoEntry: false });
    if (now && isSame(now, file)) continue;
    const received = now ? fileText(now) : 'no such file';
    changed.set(file.path, { path: file.path, expected: fileText(file), received });
  }
  return [...changed.values()];
}

/** @throws ChangedError where a source is not what it was when it was planned */
export function checkUnchanged(datasets: readonly PreparedDataset[]): void {
  const [changed] = changedFiles(datasets.filter(isSourced).flatMap(({ info }) => info.files));
  if (changed) throw new ChangedError(changed);
}

export function fileText({ size, mtimeMs }: Stamp): string {
  return `${size} bytes (${formatBytes(size)}) of ${new Date(mtimeMs).toISOString()}`;
}
