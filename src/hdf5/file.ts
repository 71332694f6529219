import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import { readAt } from '../read-at.js';
import { Hdf5Error } from './errors.js';
import { Group } from './group.js';
import { native } from './native.js';

/**
 * The modes of h5py: `w` creates a file and replaces an existing one, `w-` creates a file that must not
 * exist, `a` opens a file or creates it, `r+` opens a file for writing, `r` for reading.
 *
 * With `a` and `r+` the process may end at any time: the file is then in the state of its last flush. With
 * `w` and `w-` this holds only if no flush was interrupted, which makes flushes a little faster.
 */
export type FileMode = 'w' | 'w-' | 'a' | 'r+' | 'r';

/** Lower bound of the file format; `v110` is for readers of libhdf5 1.10 and newer. */
export type Libver = 'earliest' | 'v108' | 'v110' | 'latest';

export interface FileOptions {
  /** Default: `earliest`, as in h5py and PyNWB; every reader can open such a file */
  readonly libver?: Libver;
  /**
   * With mode `w`: keeps the bytes of an existing file and appends new metadata to them, so that its
   * chunks can be placed again. Default: false
   */
  readonly rebuild?: boolean;
  /** With mode `w`: refuses a path that is a symbolic link, because it leads to another file. Default: false */
  readonly noLinks?: boolean;
}

/** Unique among all files of a machine while the file is open. */
export interface FileIdentity {
  readonly device: bigint;
  readonly inode: bigint;
}

/** An open HDF5 file, which is also its root group. */
export class File extends Group {
  readonly filename: string;

  /**
   * @throws Hdf5Error if the file can't be opened, is in use by another process, or (`w-`) exists
   */
  constructor(filename: string, mode: FileMode = 'r', options: FileOptions = {}) {
    super(openHandle(filename, mode, options), '/');
    this.filename = filename;
  }

  flush(): void {
    native.flushFile(this.handle);
  }

  /** Bytes that replaced chunks take besides their place, until {@link reclaim}. */
  get stagedBytes(): number {
    return native.stagedBytes(this.handle);
  }

  /**
   * Flushes the file, which moves chunks to the places of those that they replace, and makes the space free that
   * they took so far. No other thread may read chunks of the file meanwhile.
   */
  reclaim(): void {
    native.reclaimSpace(this.handle);
  }

  /**
   * Closes the file without writing the metadata that are still in memory: for a file that will be
   * removed, or if the disk is full.
   */
  abandon(): void {
    this.handle.abandon();
    this.close();
  }

  /** Identity of the open file; by now its path may lead to another file. */
  get fileIdentity(): FileIdentity {
    return native.fileIdentity(this.handle);
  }

  /** Identifies this file to ChunkWriters and FileSpaces in all threads of this process, until it is closed. */
  get token(): bigint {
    return native.spaceToken(this.handle);
  }

  /** Reserves space in the file that nothing else will use. @returns the address of its first byte */
  reserve(bytes: number): number {
    return native.reserve(this.handle, bytes);
  }
}

function openHandle(filename: string, mode: FileMode, options: FileOptions) {
  const libver = options.libver ?? 'earliest';
  if (mode === 'w' || mode === 'w-')
    return native.createFile(
      filename,
      mode === 'w-',
      libver,
      options.rebuild ?? false,
      options.noLinks ?? false,
      true,
    );
  if (mode === 'a' && !existsSync(filename))
    return native.createFile(filename, true, libver, false, false, false);
  if (mode === 'a' || mode === 'r+' || mode === 'r') {
    checkOpenable(filename);
    // Opening an empty file for writing would make an HDF5 file of it; opening it for reading throws instead.
    if (existsSync(filename) && statSync(filename).size === 0)
      return native.openFile(filename, false, libver);
    return native.openFile(filename, mode !== 'r', libver);
  }
  throw new TypeError(
    `Expected mode 'w', 'w-', 'a', 'r+' or 'r' for ${filename} but received ${mode}`,
  );
}

/** Byte of the consistency flags in a superblock of version 2 or newer, and the flags that a writer sets. */
const FLAGS_AT = 11;
const WRITER_FLAGS = 0b101;

/**
 * Checks that a path is a regular file, because opening a pipe would block, and that no other program writes
 * to the file: with a custom driver, libhdf5 ignores the flags in the superblock that say so.
 *
 * @throws Hdf5Error
 */
function checkOpenable(filename: string): void {
  if (!existsSync(filename)) return;
  const status = statSync(filename);
  if (status.isDirectory()) return;
  const refuse = (description: string): never => {
    throw new Hdf5Error({
      call: 'H5Fopen',
      path: filename,
      frames: [{ function: 'checkOpenable', description, major: '', minor: '' }],
    });
  };
  if (!status.isFile()) refuse('not a regular file');
  if (status.size <= FLAGS_AT) return;
  const head = Buffer.alloc(FLAGS_AT + 1);
  const descriptor = openSync(filename, 'r');
  try {
    readAt(descriptor, head, 0, head.length, 0);
  } finally {
    closeSync(descriptor);
  }
  const isMarked = head.toString('latin1', 0, 8) === '\x89HDF\r\n\x1a\n' && head[8] >= 3;
  if (isMarked && (head[FLAGS_AT] & WRITER_FLAGS) !== 0)
    refuse(
      'open in another program that writes, or left so by one that died (h5clear -s clears it)',
    );
}
