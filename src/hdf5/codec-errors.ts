import { getSystemErrorName } from 'node:util';
import { HyperslabError, type StateFields } from '../hyperslab-error.js';
import { stateMessage } from '../wording.js';

/** What the addon says about chunks and writers has no path. */
export type CodecErrorFields = Omit<StateFields, 'path'> & { readonly path?: string };

/** A stored chunk is damaged or does not belong to its dataset, or pieces don't tile a chunk. */
export class ChunkError extends HyperslabError<'ChunkError', CodecErrorFields> {
  constructor(fields: CodecErrorFields, options?: ErrorOptions) {
    super('ChunkError', stateMessage(fields), fields, options);
  }
}

/** The file, or the writer, was closed before it was used. */
export class ClosedError extends HyperslabError<'ClosedError', CodecErrorFields> {
  constructor(fields: CodecErrorFields, options?: ErrorOptions) {
    super('ClosedError', stateMessage(fields), fields, options);
  }
}

/** What the system refused; names as in Node's own system errors. */
export interface SystemErrorFields {
  /** What was being done. */
  readonly problem: string;
  /** Negative. */
  readonly errno: number;
  /** Such as `ENOSPC`; follows from `errno`. */
  readonly code?: string;
  readonly syscall: string;
}

/** The system refused something. */
export abstract class SystemError<Tag extends string> extends HyperslabError<
  Tag,
  Required<SystemErrorFields>
> {
  constructor(tag: Tag, fields: SystemErrorFields, options?: ErrorOptions) {
    const code = getSystemErrorName(fields.errno);
    super(tag, `${code}: ${fields.problem}`, { ...fields, code }, options);
  }
}

/** The system refused a write; `fields.code` says why, e.g. `ENOSPC` for a full disk. */
export class WriteError extends SystemError<'WriteError'> {
  constructor(fields: SystemErrorFields, options?: ErrorOptions) {
    super('WriteError', fields, options);
  }
}

/** Calls the addon; its errors come back as the classes above. */
export function callCodec<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { code, errno, syscall } = error as NodeJS.ErrnoException;
    if (code === 'ERR_CHUNK') throw new ChunkError({ problem: error.message });
    if (code === 'ERR_CLOSED') throw new ClosedError({ problem: error.message });
    if (errno !== undefined && syscall !== undefined)
      throw new WriteError({ problem: error.message, errno, syscall });
    throw error;
  }
}

/** The WriteError for a system error of Node's or of ours, with the name of the file; other errors stay. */
export function writeError(error: unknown, file: string): unknown {
  if (!(error instanceof Error)) return error;
  const { errno, syscall } = (error instanceof WriteError ? error.fields : error) as ErrnoFields;
  if (errno === undefined || syscall === undefined) return error;
  const reason = error.message.replace(/^\w+: /, '');
  return new WriteError({ problem: `${reason} of ${file}`, errno, syscall });
}

type ErrnoFields = Pick<NodeJS.ErrnoException, 'errno' | 'syscall'>;
