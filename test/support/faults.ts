import { constants } from 'node:os';
import { preloadLibrary } from './preload.js';

export { canPreload as canFault } from './preload.js';

type Call = 'pread' | 'pwrite' | 'ftruncate' | 'fallocate' | 'fsync' | 'fdatasync' | 'flock';

/** What is to fail, of a process that is yet to be started. */
export interface Fault {
  readonly call: Call | readonly Call[];
  /** How the path of the file ends. Default: any file's. */
  readonly path?: string;
  /** Calls that do what they should before. Default: 0. */
  readonly after?: number;
  /** Calls that fail then. Default: all. */
  readonly times?: number;
  /** A folder to which the file is copied before each of the calls, in place of failing: N.h5, from 0. */
  readonly copies?: string;
  /** Default: `EIO`. The first of the calls that `kill`s ends the process. */
  readonly code?: keyof typeof constants.errno | 'kill';
}

/** The environment in which a process meets a fault. */
export function faulty({
  call,
  path = '',
  after = 0,
  code = 'EIO',
  times,
  copies = '',
}: Fault): NodeJS.ProcessEnv {
  return {
    // Behind what is preloaded here already: sanitizers must be the first.
    LD_PRELOAD: [process.env.LD_PRELOAD ?? '', preloadLibrary('faults')].join(' ').trim(),
    FAULT_CALL: String(call),
    FAULT_PATH: path,
    FAULT_AFTER: String(after),
    FAULT_TIMES: times === undefined ? '' : String(times),
    FAULT_COPIES: copies,
    FAULT_ERRNO: String(code === 'kill' ? 0 : constants.errno[code]),
  };
}
