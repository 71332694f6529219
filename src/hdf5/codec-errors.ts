import { getSystemErrorName } from 'node:util';

/** A stored chunk is damaged or not of its dataset, or pieces don't tile a chunk. */
export class ChunkError extends Error {
  readonly tag = 'ChunkError';
  override readonly name = 'ChunkError';
}

/** The file, or the writer itself, was closed. */
export class ClosedError extends Error {
  readonly tag = 'ClosedError';
  override readonly name = 'ClosedError';
}

/** The system refused something; the fields are as in errors of Node's own. */
export abstract class SystemError extends Error {
  /** Such as `ENOSPC`. */
  readonly code: string;
  /** Negative. */
  readonly errno: number;
  readonly syscall: string;

  constructor(message: string, errno: number, syscall: string) {
    const code = getSystemErrorName(errno);
    super(`${code}: ${message}`);
    this.code = code;
    this.errno = errno;
    this.syscall = syscall;
  }
}

/** The system refused a write. */
export class WriteError extends SystemError {
  readonly tag = 'WriteError';
  override readonly name = 'WriteError';
}

/** Calls the addon; its errors come back as the classes above. */
export function callCodec<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { code, errno, syscall } = error as NodeJS.ErrnoException;
    if (code === 'ERR_CHUNK') throw new ChunkError(error.message);
    if (code === 'ERR_CLOSED') throw new ClosedError(error.message);
    if (errno !== undefined && syscall !== undefined)
      throw new WriteError(error.message, errno, syscall);
    throw error;
  }
}

/** What the system answered when a file was written, with the name of the file. */
export function writeError(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !('errno' in error) || !('syscall' in error)) return error;
  const reason = error.message.replace(/^\w+: /, '');
  return new WriteError(`${reason} of ${file}`, Number(error.errno), String(error.syscall));
}
