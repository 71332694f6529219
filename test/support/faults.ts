import { spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tempFolder } from './recordings.js';

const SOURCE = fileURLToPath(new URL('faults.c', import.meta.url));

/** Whether calls of the system can be made to fail here: on Linux, with a compiler. */
export const canFault =
  process.platform === 'linux' && spawnSync('gcc', ['--version']).status === 0;

/** What is to fail, of a process that is yet to be started. */
export interface Fault {
  readonly call: 'pread' | 'pwrite' | 'fsync' | 'fdatasync' | 'flock';
  /** How the path of the file ends. Default: any file's. */
  readonly path?: string;
  /** Calls that do what they should before. Default: 0. */
  readonly after?: number;
  /** Default: `EIO`. */
  readonly code?: keyof typeof constants.errno;
}

/** The environment in which a process meets a fault. */
export function faulty({ call, path = '', after = 0, code = 'EIO' }: Fault): NodeJS.ProcessEnv {
  const library = join(tempFolder(), 'faults.so');
  const { status, stderr } = spawnSync(
    'gcc',
    ['-shared', '-fPIC', '-O1', '-o', library, SOURCE, '-ldl'],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`Expected gcc to succeed but received: ${stderr}`);
  return {
    LD_PRELOAD: library,
    FAULT_CALL: call,
    FAULT_PATH: path,
    FAULT_AFTER: String(after),
    FAULT_ERRNO: String(constants.errno[code]),
  };
}
