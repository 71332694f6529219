import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { OutputError } from '../../errors.js';
import { tryLock } from '../../hdf5/index.js';
import {
  JOURNAL_MAGIC as MAGIC,
  notAJournal,
  outputFiles,
  requireOwnFile,
  UNBEGUN_MAGIC as UNBEGUN,
} from '../../plan/index.js';
import { frame, readFrames } from './frames.js';
import { isAt, JournalFile } from './journal-file.js';
import { FORMAT, type Header, type JournalRecord, packRecord, unpackRecord } from './records.js';

/** A record of the journal. */
export interface Entry {
  readonly record: JournalRecord;
  /** Where the record ends, in bytes from the start of the journal. */
  readonly end: number;
  /** Whether a damaged record lies directly before it. */
  readonly isBehindDamage: boolean;
}

/**
 * The journal of a conversion, which records what is done. It is locked while it is open, so that two conversions
 * can't write the same file. The lock ends with the process.
 */
export class Journal {
  /** False if the file system has no locks. */
  readonly isLocked: boolean;
  readonly #file: JournalFile;

  private constructor(file: JournalFile, isLocked: boolean) {
    this.#file = file;
    this.isLocked = isLocked;
  }

  /**
   * Opens and locks a journal, and creates the file if there is none.
   *
   * @throws OutputError if it can't be opened, is not a journal, or another conversion has locked it
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
            remedy: 'wait until that one has ended, or choose another path',
            present: 'busy',
          });
        // Another conversion may have removed the file between `open` and `tryLock`: then the next one is opened.
        if (isAt(path, descriptor)) {
          const journal = new Journal(new JournalFile(path, descriptor), lock === 'locked');
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

  get path(): string {
    return this.#file.path;
  }

  /** Bytes up to the end of the last record. */
  get size(): number {
    return this.#file.size;
  }

  /**
   * Reads the header; undefined if the conversion was interrupted before the header was complete.
   *
   * @throws OutputError if the header is damaged, or has another format
   */
  header(): Header | undefined {
    if (!this.#file.read(MAGIC.length, 0).equals(MAGIC)) return undefined;
    const first = readFrames(this.#file.descriptor, MAGIC.length).next();
    if (first.done) return this.#refuse('is damaged');
    const header = unpackRecord(first.value.record);
    if (header.kind !== 'header') return this.#refuse('is damaged');
    if (header.format !== FORMAT)
      this.#refuse(
        `has format ${header.format}, of hyperslab ${header.version}; this version reads format ${FORMAT}`,
      );
    return header;
  }

  /** Reads the records after the header. If the last one was cut short, the next `append` overwrites it. */
  *records(): Generator<Entry, void, undefined> {
    const frames = readFrames(this.#file.descriptor, MAGIC.length);
    let last = frames.next().value?.end ?? MAGIC.length;
    for (const { record, end, isBehindDamage } of frames) {
      last = end;
      yield { record: unpackRecord(record) as JournalRecord, end, isBehindDamage };
    }
    this.#file.endAt(last);
  }

  /** Begins the journal again with a header, which is on the disk afterwards. @throws WriteError */
  begin(header: Header): void {
    this.#file.truncate(0);
    // Each step is synced before the next, so that after a power failure a journal with the magic always has a
    // complete header.
    this.#file.append(UNBEGUN);
    this.syncNow();
    this.#file.append(frame(packRecord(header)));
    this.syncNow();
    this.#file.overwrite(MAGIC, 0);
    this.syncNow();
  }

  /** @throws WriteError; the journal then holds the same records as before */
  append(record: JournalRecord): void {
    this.#file.append(frame(packRecord(record)));
  }

  /** Syncs the journal to the disk. @throws WriteError */
  sync(): Promise<void> {
    return this.#file.sync();
  }

  /** As `sync`, but blocks the thread. @throws WriteError */
  syncNow(): void {
    this.#file.syncNow();
  }

  /** Writes all records again, so that the system syncs them even if it failed to sync them before. @throws WriteError */
  rewrite(): void {
    this.#file.rewrite();
  }

  /** Unlocks the journal, and removes it if it is empty. Does nothing if it was closed before. */
  release(): void {
    if (this.#file.isOpen && this.size === 0) this.remove();
    else this.close();
  }

  /** Unlocks the journal. */
  close(): void {
    this.#file.close();
  }

  /** Removes the journal, and unlocks it. */
  remove(): void {
    this.#file.remove();
  }

  /** @throws OutputError if the file is not a journal: then it belongs to someone else, and stays as it is */
  #checkMagic(): void {
    const begin = this.#file.read(Math.min(this.size, MAGIC.length), 0);
    const isJournal = begin.equals(MAGIC) || UNBEGUN.subarray(0, begin.length).equals(begin);
    // After a power failure, a file may have its length but only zeros in it.
    if (!isJournal && !this.#file.isAllZero()) throw notAJournal(this.path);
  }

  #refuse(problem: string): never {
    throw new OutputError({ path: this.path, problem: `${this.path} ${problem}` });
  }
}

/** @throws OutputError if the file can't be opened, or is not a regular file of this user */
function open(path: string): number {
  requireOwnFile(path);
  try {
    // O_NONBLOCK: opening a FIFO that was put there meanwhile must not wait for its other end.
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
