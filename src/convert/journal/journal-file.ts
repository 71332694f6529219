import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { promisify } from 'node:util';
import { writeError } from '../../hdf5/index.js';
import { readAt } from '../../read-at.js';

/** Bytes that are read or written at once. */
const BLOCK = 1024 * 1024;

/**
 * The open file of a journal, as bytes. The methods that write throw WriteError if the system can't write or sync
 * the file.
 */
export class JournalFile {
  readonly path: string;
  readonly descriptor: number;
  #size: number;
  /** Whether bytes follow the last complete record. */
  #hasRest = false;
  #isOpen = true;

  /** @param descriptor is closed together with this object */
  constructor(path: string, descriptor: number) {
    this.path = path;
    this.descriptor = descriptor;
    this.#size = fstatSync(descriptor).size;
  }

  /** Bytes up to the end of the last complete record. */
  get size(): number {
    return this.#size;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Says where the last complete record ends. The next `append` overwrites what follows it. */
  endAt(end: number): void {
    if (end < this.#size) this.#hasRest = true;
    this.#size = end;
  }

  /** @returns fewer bytes than `length` if the file ends before */
  read(length: number, from: number): Buffer {
    const bytes = Buffer.alloc(length);
    for (let done = 0; done < length; ) {
      const got = readAt(this.descriptor, bytes, done, length - done, from + done);
      if (got === 0) return bytes.subarray(0, done);
      done += got;
    }
    return bytes;
  }

  isAllZero(): boolean {
    for (const from of this.#blocks())
      if (this.read(Math.min(BLOCK, this.#size - from), from).some((byte) => byte !== 0))
        return false;
    return true;
  }

  /** Appends bytes behind the last complete record. If that fails, the journal holds the same records as before. */
  append(bytes: Uint8Array): void {
    // Deferred to the first write, so that reading never modifies the journal.
    if (this.#hasRest) this.truncate(this.#size);
    this.#hasRest = false;
    try {
      this.overwrite(bytes, this.#size);
    } catch (error) {
      // A part of the bytes may have been written; the next `append` cuts it off.
      this.#hasRest = true;
      throw error;
    }
    this.#size += bytes.length;
  }

  overwrite(bytes: Uint8Array, from: number): void {
    try {
      for (let done = 0; done < bytes.length; )
        done += writeSync(this.descriptor, bytes, done, bytes.length - done, from + done);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Writes all bytes again, so that the system syncs them even if it failed to sync them before. */
  rewrite(): void {
    for (const from of this.#blocks())
      this.overwrite(this.read(Math.min(BLOCK, this.#size - from), from), from);
  }

  truncate(size: number): void {
    try {
      ftruncateSync(this.descriptor, size);
    } catch (error) {
      this.#fail(error);
    }
    this.#size = size;
  }

  /** Syncs the file to the disk. */
  async sync(): Promise<void> {
    await promisify(fdatasync)(this.descriptor).catch((error: unknown) => this.#fail(error));
  }

  syncNow(): void {
    try {
      fdatasyncSync(this.descriptor);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Closes the file, which unlocks it. A second call does nothing. */
  close(): void {
    if (this.#isOpen) closeSync(this.descriptor);
    this.#isOpen = false;
  }

  /** Removes the file while it is locked, because a later file with this name may belong to another conversion. */
  remove(): void {
    if (this.#isOpen && isAt(this.path, this.descriptor)) rmSync(this.path, { force: true });
    this.close();
  }

  *#blocks(): Generator<number, void, undefined> {
    for (let from = 0; from < this.#size; from += BLOCK) yield from;
  }

  #fail(error: unknown): never {
    throw writeError(error, `the journal ${this.path}`);
  }
}

/** Whether the file of a descriptor is at a path. */
export function isAt(path: string, descriptor: number): boolean {
  const { dev, ino } = fstatSync(descriptor);
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.dev === dev && found.ino === ino;
}
