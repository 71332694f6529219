import { SystemError, type SystemErrorFields } from './codec-errors.js';
import { type LockAnswer, native } from './native.js';

/** Taking a lock failed. */
export class LockError extends SystemError<'LockError'> {
  constructor(fields: SystemErrorFields, options?: ErrorOptions) {
    super('LockError', fields, options);
  }
}

/**
 * Takes an exclusive lock (flock) on an open file, without waiting. The system releases the lock when the
 * descriptor is closed or the process ends in any way. The lock is advisory: a program that takes no lock can
 * still use the file. Lock a file other than an HDF5 file, because libhdf5 locks the HDF5 file itself.
 *
 * @param descriptor of a file that Node opened: `fd` of a FileHandle, or the result of `openSync`
 * @throws LockError if the descriptor is not an open file (`EBADF`); TypeError or RangeError for a value
 * that is not a descriptor
 */
export function tryLock(descriptor: number): LockAnswer {
  try {
    return native.tryLock(descriptor);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { errno, syscall } = error as NodeJS.ErrnoException;
    if (errno === undefined || syscall === undefined) throw error;
    throw new LockError({ problem: error.message, errno, syscall });
  }
}
