import { statSync } from 'node:fs';
import { formatBytes } from '../layout/index.js';
import type { SourceFile } from '../sources/index.js';

/** A file that is not what it was, in words. */
export interface ChangedFile {
  readonly path: string;
  readonly expected: string;
  readonly received: string;
}

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

function fileText({ size, mtimeMs }: Pick<SourceFile, 'size' | 'mtimeMs'>): string {
  return `${size} bytes (${formatBytes(size)}) of ${new Date(mtimeMs).toISOString()}`;
}
