import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import { readAt } from '../read-at.js';
import { Hdf5Error } from './errors.js';
import { Group } from './group.js';
import { native } from './native.js';

/**
 * As h5py's: `w` makes a file anew, `w-` makes one that must not exist, `a` opens or makes one,
 * `r+` opens one for writing, `r` for reading.
 *
 * With `a` and `r+` the process may end at any time: the file is as of the last flush then. With `w` and
 * `w-` it is only as long as no flush was interrupted, which makes flushes a little faster.
 */
export type FileMode = 'w' | 'w-' | 'a' | 'r+' | 'r';

/** Lower bound of the file format; `v110` is for readers of libhdf5 1.10 and newer. */
export type Libver = 'earliest' | 'v108' | 'v110' | 'latest';

export interface FileOptions {
  /** `earliest` by default, as h5py and PyNWB: every reader opens it. */
  readonly libver?: Libver;
  /**
   * With mode `w`: keeps the bytes of an existing file and puts new metadata behind them, so that
   * its chunks can be placed again.
   */
  readonly rebuild?: boolean;
  /** With mode `w`: refuses a path that is a symbolic link, which would lead to a file elsewhere. */
  readonly noLinks?: boolean;
}

/** Tells a file from all others of a machine while it is open. */
export interface FileIdentity {
  readonly device: bigint;
  readonly inode: bigint;
}

/** An open HDF5 file: its root group, and what concerns it as a whole. */
export class File extends Group {
  readonly filename: string;

  /**
   * @throws Hdf5Error where the file can't be opened, is in use by another process, or (`w-`) exists
   */
  constructor(filename: string, mode: FileMode = 'r', options: FileOptions = {}) {
    super(openHandle(filename, mode, options), '/');
    this.filename = filename;
  }

  flush(): void {
    native.flushFile(this.handle);
  }

  /**
   * Closes the file without writing what is still to be written: for a file that will be removed,
   * or whose disk is full.
   */
  abandon(): void {
    this.handle.abandon();
    this.close();
  }

  /** Of the open file itself: its path may lead to another one by now. */
  get fileIdentity(): FileIdentity {
    return native.fileIdentity(this.handle);
  }

  /** Names this file's space to the workers of this process, as long as the file is open. */
  get token(): bigint {
    return native.spaceToken(this.handle);
  }

  /** Takes bytes of the file that nothing else will use; returns their address. */
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
    // One opened to be written would become an HDF5 file: this throws what is wrong with it.
    if (existsSync(filename) && statSync(filename).size === 0)
      return native.openFile(filename, false, libver);
    return native.openFile(filename, mode !== 'r', libver);
  }
  throw new TypeError(
    `Expected mode 'w', 'w-', 'a', 'r+' or 'r' for ${filename} but received ${mode}`,
  );
}

/** Of a superblock of version 2 or newer: where its consistency flags are, and those of a writer. */
const FLAGS_AT = 11;
const WRITER_FLAGS = 0b101;

/**
 * What libhdf5 does not look at with a driver of its own, or would wait for: pipes, and flags that a
 * writer has left.
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
