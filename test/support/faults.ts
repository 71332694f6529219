import { spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tempFolder } from './recordings.js';

const SOURCE = fileURLToPath(new URL('faults.c', import.meta.url));

/** Whether calls of the system can be made to fail here: on Linux, with a compiler. */
export const canFault =
  process.platform === 'linux' && spawnSync('gcc', ['--version']).status === 0;

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
export function faulty(fault: Fault): NodeJS.ProcessEnv {
  return faultyWith(buildFaults(tempFolder()), fault);
}

/** Compiles what {@link faultyWith} preloads; gives its path. */
export function buildFaults(folder: string): string {
  const library = join(folder, 'faults.so');
  const { status, stderr } = spawnSync(
    'gcc',
    ['-shared', '-fPIC', '-O1', '-o', library, SOURCE, '-ldl'],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`Expected gcc to succeed but received: ${stderr}`);
  return library;
}

/** As {@link faulty}, for many processes. */
export function faultyWith(
  library: string,
  { call, path = '', after = 0, code = 'EIO', times, copies = '' }: Fault,
): NodeJS.ProcessEnv {
  return {
    // Behind what is preloaded here already: sanitizers must be the first.
    LD_PRELOAD: [process.env.LD_PRELOAD ?? '', library].join(' ').trim(),
    FAULT_CALL: String(call),
    FAULT_PATH: path,
    FAULT_AFTER: String(after),
    FAULT_TIMES: times === undefined ? '' : String(times),
    FAULT_COPIES: copies,
    FAULT_ERRNO: String(code === 'kill' ? 0 : constants.errno[code]),
  };
}
