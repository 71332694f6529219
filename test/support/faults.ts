import { constants } from 'node:os';
import { preloadLibrary } from './preload.js';

export { canPreload as canFault } from './preload.js';

type Call = 'pread' | 'pwrite' | 'ftruncate' | 'fallocate' | 'fsync' | 'fdatasync' | 'flock';

/** Calls that fail in a process which is started with this fault. */
export interface Fault {
  readonly call: Call | readonly Call[];
  /** End of the file's path. Default: calls on any file fail. */
  readonly path?: string;
  /** Number of calls that succeed before. Default: 0. */
  readonly after?: number;
  /** Number of calls that fail then. Default: all. */
  readonly times?: number;
  /** A folder. If it is set, no call fails, but before each call the file is copied there as N.h5, counted from 0. */
  readonly copies?: string;
  /** The error of the calls; with `kill`, the first one ends the process instead. Default: `EIO`. */
  readonly code?: keyof typeof constants.errno | 'kill';
}

/** The environment of a process that has the fault. */
export function faulty({
  call,
  path = '',
  after = 0,
  code = 'EIO',
  times,
  copies = '',
}: Fault): NodeJS.ProcessEnv {
  return {
    // After libraries that are preloaded already, because sanitizers must come first.
    LD_PRELOAD: [process.env.LD_PRELOAD ?? '', preloadLibrary('faults')].join(' ').trim(),
    FAULT_CALL: String(call),
    FAULT_PATH: path,
    FAULT_AFTER: String(after),
    FAULT_TIMES: times === undefined ? '' : String(times),
    FAULT_COPIES: copies,
    FAULT_ERRNO: String(code === 'kill' ? 0 : constants.errno[code]),
  };
}
