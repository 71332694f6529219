import {
  closeSync,
  constants,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { promisify } from 'node:util';
import { OutputError } from '../../errors.js';
import { tryLock, writeError } from '../../hdf5/index.js';
import { outputFiles, requireOwnFile } from '../../plan/index.js';
import { readAt } from '../../read-at.js';
import { frame, readFrames } from './frames.js';
import { FORMAT, type Header, type JournalRecord, packRecord, unpackRecord } from './records.js';

/** What a journal begins with, before its first record. */
const MAGIC = Buffer.from('hyperslab journal\n');
/** What it begins with until its header is written. */
const UNBEGUN = Buffer.from('unbegun hyperslab\n');

/** What is read or written at one go. */
const BLOCK = 1024 * 1024;

/** A record, and where in the journal it ends. */
export interface Entry {
  readonly record: JournalRecord;
  readonly end: number;
  /** Whether a record before it is damaged, and gone. */
  readonly isBehindDamage: boolean;
}

/**
 * The journal of a conversion: what is done, record by record. It is locked as long as it is open, so
 * that of two conversions to one file one is refused; the lock ends with the process.
 */
export class Journal {
  readonly path: string;
  /** False where the file system has no locks. */
  readonly isLocked: boolean;
  readonly #descriptor: number;
  #size: number;
  /** Whether something lies behind its last whole record. */
  #hasRest = false;
  #isOpen = true;

  private constructor(path: string, descriptor: number, isLocked: boolean) {
    this.path = path;
    this.isLocked = isLocked;
    this.#descriptor = descriptor;
    this.#size = fstatSync(descriptor).size;
  }

  /**
   * Opens a journal, or makes one, and keeps others out.
   *
   * @throws OutputError where it can't be opened, is another file, or another conversion has it
   */
  static claim(path: string): Journal {
    for (;;) {
      const descriptor = open(path);
      try {
        const lock = tryLock(descriptor);
        if (lock === 'held')
          throw new OutputError({
            path,
            problem: `${outputFiles(path).path} is being converted by another process, or by this one (${path} is locked)`,
          });
        // Its conversion may have come to its end, and removed it, before it was locked here.
        if (isAt(path, descriptor)) {
          const journal = new Journal(path, descriptor, lock === 'locked');
          journal.#checkMagic();
          return journal;
        }
      } catch (error) {
        closeSync(descriptor);
        throw error;
      }
      closeSync(descriptor);
    }
  }

  /** Bytes from its start to its end. */
  get size(): number {
    return this.#size;
  }

  /**
   * What its conversion is; undefined where that has not been written down completely.
   *
   * @throws OutputError for one that is damaged, or of another version
   */
  header(): Header | undefined {
    // As when its conversion was killed at once.
    if (!this.#read(MAGIC.length, 0).equals(MAGIC)) return undefined;
    const first = readFrames(this.#descriptor, MAGIC.length).next();
    if (first.done) return this.#refuse('is damaged');
    const header = unpackRecord(first.value.record);
    if (header.kind !== 'header') return this.#refuse('is damaged');
    if (header.format !== FORMAT)
      this.#refuse(
        `has format ${header.format}, of hyperslab ${header.version}; this version reads format ${FORMAT}`,
      );
    return header;
  }

  /** The records behind the header. A last one that is cut short is written over by the next. */
  *records(): Generator<Entry, void, undefined> {
    const frames = readFrames(this.#descriptor, MAGIC.length);
    let last = frames.next().value?.end ?? MAGIC.length;
    for (const { record, end, isBehindDamage } of frames) {
      last = end;
      yield { record: unpackRecord(record) as JournalRecord, end, isBehindDamage };
    }
    if (last < this.#size) this.#hasRest = true;
    this.#size = last;
  }

  /** Begins it anew: its header is on the disk from then on. @throws WriteError */
  begin(header: Header): void {
    this.#cut(0);
    // Each on the disk before the next, so that what a loss of power leaves is known for a journal that was not
    // begun, or has its magic and a header.
    this.#write(UNBEGUN);
    this.syncNow();
    this.#write(frame(packRecord(header)));
    this.syncNow();
    this.#writeAt(MAGIC, 0);
    this.syncNow();
  }

  /** @throws WriteError; the journal then says what it said before */
  append(record: JournalRecord): void {
    // Only now: whoever but reads it changes nothing.
    if (this.#hasRest) this.#cut(this.#size);
    this.#hasRest = false;
    this.#write(frame(packRecord(record)));
  }

  /** Brings it to the disk. @throws WriteError */
  async sync(): Promise<void> {
    await promisify(fdatasync)(this.#descriptor).catch((error: unknown) => this.#fail(error));
  }

  syncNow(): void {
    try {
      fdatasyncSync(this.#descriptor);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Writes all of it again: the system writes to the disk what is written, whatever it failed to do before. */
  rewrite(): void {
    for (let from = 0; from < this.#size; from += BLOCK)
      this.#writeAt(this.#read(Math.min(BLOCK, this.#size - from), from), from);
  }

  /** Lets others have it; one that says nothing goes. Does nothing where it was closed before. */
  release(): void {
    if (this.#isOpen && this.#size === 0) this.remove();
    else this.close();
  }

  /** Lets others have it. */
  close(): void {
    if (this.#isOpen) closeSync(this.#descriptor);
    this.#isOpen = false;
  }

  /** Removed while it is locked: the next of this name may be another conversion's. */
  remove(): void {
    if (this.#isOpen && isAt(this.path, this.#descriptor)) rmSync(this.path, { force: true });
    this.close();
  }

  #write(bytes: Uint8Array): void {
    try {
      this.#writeAt(bytes, this.#size);
    } catch (error) {
      // What could not be cut off is when there is more to write.
      this.#hasRest = true;
      throw error;
    }
    this.#size += bytes.length;
  }

  #writeAt(bytes: Uint8Array, from: number): void {
    try {
      for (let done = 0; done < bytes.length; )
        done += writeSync(this.#descriptor, bytes, done, bytes.length - done, from + done);
    } catch (error) {
      this.#fail(error);
    }
  }

  #cut(size: number): void {
    try {
      ftruncateSync(this.#descriptor, size);
    } catch (error) {
      this.#fail(error);
    }
    this.#size = size;
  }

  #fail(error: unknown): never {
    throw writeError(error, `the journal ${this.path}`);
  }

  /** What is no journal is somebody's file, and stays as it is. */
  #checkMagic(): void {
    const begin = this.#read(Math.min(this.#size, MAGIC.length), 0);
    const isJournal = begin.equals(MAGIC) || UNBEGUN.subarray(0, begin.length).equals(begin);
    if (!isJournal && !this.#isAllZero()) this.#refuse('is not a journal of hyperslab');
  }

  /** As after a power failure, when the file was there, but not yet what it holds. */
  #isAllZero(): boolean {
    for (let from = 0; from < this.#size; from += BLOCK)
      if (this.#read(Math.min(BLOCK, this.#size - from), from).some((byte) => byte !== 0))
        return false;
    return true;
  }

  #read(length: number, from: number): Buffer {
    const bytes = Buffer.alloc(length);
    for (let done = 0; done < length; ) {
      const got = readAt(this.#descriptor, bytes, done, length - done, from + done);
      if (got === 0) return bytes.subarray(0, done);
      done += got;
    }
    return bytes;
  }

  #refuse(problem: string): never {
    throw new OutputError({ path: this.path, problem: `${this.path} ${problem}` });
  }
}

/** Whether a path leads to the file of a descriptor. */
function isAt(path: string, descriptor: number): boolean {
  const { dev, ino } = fstatSync(descriptor);
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.dev === dev && found.ino === ino;
}

/** @throws OutputError where it can't be opened, or is no regular file of this user */
function open(path: string): number {
  requireOwnFile(path);
  try {
    // A FIFO that was put there meanwhile must not make the process wait.
    const flags =
      constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const descriptor = openSync(path, flags, 0o666);
    if (fstatSync(descriptor).isFile()) return descriptor;
    closeSync(descriptor);
  } catch (cause) {
    const { message } = cause as Error;
    throw new OutputError(
      { path, problem: `the journal ${path} can't be written: ${message}` },
      { cause },
    );
  }
  throw new OutputError({
    path,
    problem: `the journal ${path} can't be written: it is not a regular file`,
  });
}
