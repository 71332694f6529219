import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Found } from './disk.js';
import { type LogEvent, readLog } from './log.js';

/** What interrupts a process at the call of this number that it makes to watched files. */
export interface Fault {
  /** SIGKILL behind the call, SIGINT behind it, or EIO in its place. */
  readonly kind: 'kill' | 'interrupt' | 'fail';
  readonly at: number;
}

/** How a process ended, and what it did to the files. */
export interface Ended {
  /** undefined of one that was killed */
  readonly code: number | undefined;
  readonly stderr: string;
  readonly events: readonly LogEvent[];
}

/** A process that takes longer hangs. */
const LONGEST_MS = 60_000;

/**
 * A machine that can lose its power: a folder whose files are watched while processes run, and can be
 * made what a crash leaves of them.
 *
 * The journal has the inode and the time of change of the complete file on record. So a state is not made
 * of new files: the files of its inodes are written in place, get their times, and then their names. A
 * file that has no name in a state waits in `inodes/`.
 */
export class Machine {
  /** Where the output goes. */
  readonly output: string;
  readonly log: string;
  readonly #inodes: string;
  readonly #boot: string;
  readonly #preload: string;

  /** @param preload the compiled write-log.c */
  constructor(folder: string, preload: string) {
    this.output = join(folder, 'output');
    this.log = join(folder, 'log');
    this.#inodes = join(folder, 'inodes');
    this.#boot = join(folder, 'boot');
    this.#preload = preload;
    for (const path of [this.output, this.#inodes]) mkdirSync(path, { recursive: true });
  }

  /** Names the run of the machine, by which what is older is known. */
  boot(name: string): void {
    writeFileSync(this.#boot, `${name}\n`);
  }

  /** Runs a Node program. @throws Error where it hangs, or crashes */
  run(args: readonly string[], fault?: Fault, env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    rmSync(this.log, { force: true });
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, args, {
        env: { ...process.env, ...env, ...this.#environment(fault) },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let stderr = '';
      let hangs = false;
      const timer = setTimeout(() => {
        hangs = child.kill('SIGKILL');
      }, LONGEST_MS);
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      child.on('error', reject);
      child.on('close', (code, signal) => {
        clearTimeout(timer);
        if (hangs || (signal && signal !== 'SIGKILL'))
          reject(new Error(`${hangs ? 'hangs' : signal}: ${args.join(' ')}: ${stderr}`));
        else resolve({ code: code ?? undefined, stderr, events: readLog(this.log) });
      });
    });
  }

  /** What is in the folder. */
  found(): Found {
    return new Map(
      readdirSync(this.output).map((name) => {
        const path = join(this.output, name);
        const { ino: inode, mtimeNs } = statSync(path, { bigint: true });
        return [name, { inode, mtimeNs, contents: readFileSync(path) }] as const;
      }),
    );
  }

  /**
   * Puts a state into the folder.
   *
   * @param known the files that are needed again, by inode; others that have no name in it are removed
   */
  restore(found: Found, known: ReadonlySet<bigint>): void {
    for (const name of readdirSync(this.output)) {
      const path = join(this.output, name);
      const kept = join(this.#inodes, String(statSync(path, { bigint: true }).ino));
      // A call that failed may have left its second name, and renaming one into the other does nothing.
      rmSync(kept, { force: true });
      renameSync(path, kept);
    }
    for (const [name, { inode, mtimeNs, contents }] of found) {
      const path = join(this.output, name);
      renameSync(join(this.#inodes, String(inode)), path);
      overwrite(path, contents);
      setTime(path, mtimeNs);
    }
    for (const name of readdirSync(this.#inodes))
      if (!known.has(BigInt(name))) rmSync(join(this.#inodes, name));
  }

  #environment(fault: Fault | undefined): NodeJS.ProcessEnv {
    return {
      LD_PRELOAD: this.#preload,
      POWER_LOSS_FOLDER: this.output,
      POWER_LOSS_LOG: this.log,
      POWER_LOSS_INODES: this.#inodes,
      POWER_LOSS_BOOT: this.#boot,
      ...(fault && { POWER_LOSS_FAULT: fault.kind, POWER_LOSS_FAULT_AT: String(fault.at) }),
    };
  }
}

function overwrite(path: string, contents: Uint8Array): void {
  const file = openSync(path, 'r+');
  try {
    ftruncateSync(file, contents.length);
    for (let at = 0; at < contents.length; )
      at += writeSync(file, contents, at, contents.length - at, at);
  } finally {
    closeSync(file);
  }
}

const NS_PER_SECOND = 1_000_000_000n;

/** With all its digits, which Node's own calls round. */
function setTime(path: string, mtimeNs: bigint): void {
  const fraction = String(mtimeNs % NS_PER_SECOND).padStart(9, '0');
  const time = `@${mtimeNs / NS_PER_SECOND}.${fraction}`;
  const { status, stderr } = spawnSync('touch', ['-m', '-d', time, path], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`Expected touch to succeed but received: ${stderr}`);
}
