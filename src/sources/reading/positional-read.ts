import { accessSync, type BigIntStats, closeSync, constants, openSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { pathHint } from '../../path-hint.js';
import { readAt } from '../../read-at.js';
import { plural, reason } from '../../wording.js';
import { SourceError } from '../errors.js';
import type { SourceFile } from '../types.js';
import { unreachable } from '../unreachable.js';

/** A file that is read at explicit positions, and opened by the first read. */
export interface PositionalFile {
  /**
   * Reads exactly `length` bytes from `position` of the file on into `into`, from its byte `at` on.
   *
   * @throws SourceError if the file can't be opened or ends too soon
   */
  read(into: Uint8Array, at: number, length: number, position: number): void;
  /** The descriptor of the file, which is opened if necessary; valid until another file is read. */
  descriptor(): number;
  close(): void;
}

/**
 * A stack of one file per channel keeps hundreds of files open in every worker. Each thread keeps at most this many
 * open; beyond that, the least recently used file is closed, and opened again on demand.
 */
const OPEN_FILES = 512;
/** A single read(2) reads less than 2 GiB. */
const MAX_READ = 2 ** 30;

let total = 0;

/** Bytes that this thread has read from all files so far. */
export const bytesRead = (): number => total;

/** Open files of this thread, least recently used first. */
const open = new Map<PositionalFile, number>();

export function openPositional(path: string): PositionalFile {
  const file: PositionalFile = {
    read(into, at, length, position) {
      const descriptor = acquire(file, path);
      let done = 0;
      while (done < length) {
        const got = readAt(
          descriptor,
          into,
          at + done,
          Math.min(length - done, MAX_READ),
          position + done,
        );
        if (got === 0) {
          throw new SourceError({
            path,
            expected: `${plural(length, 'byte')} at ${position}`,
            received: `${done}: the source is shorter than planned`,
            hasChanged: true,
          });
        }
        done += got;
        total += got;
      }
    },
    descriptor: () => acquire(file, path),
    close: () => release(file),
  };
  return file;
}

/** The properties that show whether a file has changed. */
export function stampOf(stat: BigIntStats): Omit<SourceFile, 'path'> {
  const { size, mtimeNs, ctimeNs, ino: inode } = stat;
  return { size: Number(size), mtimeNs, ctimeNs, inode };
}

/** Why no file may be at a path. */
function hintFor(path: string): string | undefined {
  if (!/[*?]/.test(basename(path))) return pathHint(path);
  return 'to read several files, give their pattern as `files` of a concat or stack source';
}

/** @throws SourceError if `path` is not a regular file, or may not be read */
export function statFile(path: string): SourceFile {
  let stat: BigIntStats;
  try {
    stat = statSync(path, { bigint: true });
  } catch (cause) {
    throw unreachable(path, 'file', cause, hintFor);
  }
  if (!stat.isFile()) {
    throw new SourceError({
      path,
      expected: 'a regular file',
      where: `at ${path}`,
      received: stat.isDirectory() ? 'a folder' : 'something other than a file',
    });
  }
  try {
    accessSync(path, constants.R_OK);
  } catch (cause) {
    const received = 'a file without read permission';
    throw new SourceError(
      { path, expected: 'a readable file', where: `at ${path}`, received },
      { cause },
    );
  }
  return { path, ...stampOf(stat) };
}

function acquire(file: PositionalFile, path: string): number {
  const known = open.get(file);
  if (known !== undefined) {
    open.delete(file);
    open.set(file, known);
    return known;
  }
  while (open.size >= OPEN_FILES) releaseOldest();
  for (;;) {
    try {
      const descriptor = openSync(path, 'r');
      open.set(file, descriptor);
      return descriptor;
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code;
      // All workers share the process's limit on open files: close some files of this thread and try again.
      if ((code === 'EMFILE' || code === 'ENFILE') && open.size > 0) {
        for (let i = Math.ceil(open.size / 2); i > 0; i--) releaseOldest();
        continue;
      }
      throw new SourceError(
        { path, expected: 'a readable file', where: `at ${path}`, received: reason(cause) },
        { cause },
      );
    }
  }
}

function releaseOldest(): void {
  for (const file of open.keys()) {
    release(file);
    return;
  }
}

function release(file: PositionalFile): void {
  const descriptor = open.get(file);
  if (descriptor === undefined) return;
  open.delete(file);
  closeSync(descriptor);
}
