import { SystemError, type SystemErrorFields } from './codec-errors.js';
import { type LockAnswer, native } from './native.js';

/** The system refused a lock. */
export class LockError extends SystemError<'LockError'> {
  constructor(fields: SystemErrorFields, options?: ErrorOptions) {
    super('LockError', fields, options);
  }
}

/**
 * Takes the lock of an open file for writing (flock), without waiting. It is given back when the
 * descriptor is closed, and when the process ends, however it does. Who asks for no lock is not kept
 * from the file; an HDF5 file takes its own, so lock another file.
 *
 * @param descriptor of a file that Node opened: `fd` of a FileHandle, or what `openSync` gives
 * @throws LockError where the descriptor is no open file (`EBADF`); TypeError or RangeError for what is
 * no descriptor
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
