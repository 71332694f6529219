import { type Choice, DiskFile, type FoundFile, NEWEST } from './disk-file.js';
import type { LogEvent } from './log.js';
import { ALL_NAMES, type NameChoice, Names } from './names.js';

/** The files of a folder by name, as they are found after a crash. */
export type Found = ReadonlyMap<string, FoundFile>;

/** Decides what a crash leaves. */
export interface CrashChoice {
  readonly names: NameChoice;
  /** @param name the last name of the file */
  file(name: string): Choice;
}

interface RunningSync {
  /** Inode of the file; undefined if the folder is synced. */
  readonly inode: bigint | undefined;
  readonly moment: number;
  readonly isDataOnly: boolean;
}

/**
 * A model of a disk with one folder, and of the system's cache. It is fed with all that processes do, in order, and
 * can produce every state of the folder that a power failure may leave. Each of these states contains what was
 * synced; everything else may or may not be there.
 */
export class Disk {
  readonly #files = new Map<bigint, DiskFile>();
  readonly #names: Names;
  readonly #lastName = new Map<bigint, string>();
  readonly #syncs = new Map<number, RunningSync>();
  #moment = 0;

  /** @param found the files that are on the disk at first */
  constructor(found: Found = new Map()) {
    this.#names = new Names(new Map([...found].map(([name, { inode }]) => [name, inode])));
    for (const [name, file] of found) {
      this.#files.set(file.inode, new DiskFile(file, 0));
      this.#lastName.set(file.inode, name);
    }
  }

  apply(event: LogEvent): void {
    const moment = ++this.#moment;
    switch (event.kind) {
      case 'create':
        this.#create(event, moment);
        break;
      case 'write':
        this.#file(event.inode).write(moment, event.at, event.bytes, event.mtimeNs);
        break;
      case 'resize':
        this.#file(event.inode).resize(moment, event.size, event.mtimeNs);
        break;
      case 'rename':
        this.#names.rename(moment, event.name, event.to);
        for (const [inode, name] of this.#lastName)
          if (name === event.name) this.#lastName.set(inode, event.to);
        break;
      case 'unlink':
        this.#names.unlink(moment, event.name);
        break;
      case 'sync': {
        const { sync, inode, isDataOnly, name } = event;
        this.#syncs.set(sync, { inode: name === '' ? undefined : inode, moment, isDataOnly });
        break;
      }
      case 'synced':
        this.#synced(event.sync);
        break;
      case 'end':
        this.#syncs.clear();
    }
  }

  /** The files that every process sees. They stay if only a process ends. */
  now(): Found {
    return this.crash({ names: ALL_NAMES, file: () => NEWEST });
  }

  /** The files that a power failure leaves. */
  crash({ names, file }: CrashChoice): Found {
    const { inodes, end } = this.#names.found(names);
    const found = [...inodes].map(([name, inode]) => {
      const choice = file(this.#lastName.get(inode) ?? name);
      return [name, this.#file(inode).found(choice, end)] as const;
    });
    return new Map(found);
  }

  #create({ name, inode, mtimeNs }: LogEvent & { kind: 'create' }, moment: number): void {
    this.#names.create(moment, name, inode);
    this.#files.set(inode, new DiskFile({ inode, mtimeNs, contents: Buffer.alloc(0) }, moment));
    this.#lastName.set(inode, name);
  }

  /** Settles only changes from before the sync began: later ones may not be part of it. */
  #synced(number: number): void {
    const sync = this.#syncs.get(number);
    if (!sync) throw new Error(`sync ${number} has ended but never began`);
    this.#syncs.delete(number);
    const { inode, moment, isDataOnly } = sync;
    if (inode === undefined) {
      this.#names.settle(moment);
      return;
    }
    this.#file(inode).settle(moment, isDataOnly);
    this.#names.settleFile(moment);
  }

  #file(inode: bigint): DiskFile {
    const file = this.#files.get(inode);
    if (!file) throw new Error(`no file has the inode ${inode}`);
    return file;
  }
}
