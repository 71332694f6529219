import { statSync } from 'node:fs';
import { formatBytes } from '../layout/index.js';
import type { SourceFile } from '../sources/index.js';
import { ChangedError, type ChangedFile } from './errors.js';
import { isSourced, type PreparedDataset } from './work.js';

/** The files that have changed since they were looked at; each is named once. */
export function changedFiles(files: Iterable<SourceFile>): ChangedFile[] {
  const changed = new Map<string, ChangedFile>();
  for (const file of files) {
    const now = statSync(file.path, { throwIfNoEntry: false });
    if (now && now.size === file.size && now.mtimeMs === file.mtimeMs) continue;
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

function fileText({ size, mtimeMs }: Pick<SourceFile, 'size' | 'mtimeMs'>): string {
  return `${size} bytes (${formatBytes(size)}) of ${new Date(mtimeMs).toISOString()}`;
}
