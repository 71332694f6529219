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

/** Interrupts a process at one of its calls on watched files. */
export interface Fault {
  /** `kill`: SIGKILL after the call; `interrupt`: SIGINT after it; `fail`: EIO instead of it. */
  readonly kind: 'kill' | 'interrupt' | 'fail';
  /** Number of the call, counted from 1. */
  readonly at: number;
}

/** How a process ended, and what it did to the files. */
export interface Ended {
  /** Exit code; undefined if the process was killed. */
  readonly code: number | undefined;
  readonly stderr: string;
  readonly events: readonly LogEvent[];
}

/** A process that takes longer hangs. */
const MAX_MS = 60_000;

/**
 * Simulates a machine that can lose its power: a folder whose files are watched while processes run, and can be put
 * into any state that a crash leaves.
 *
 * The journal records the inode and the modification time of the complete file. Therefore a state is not made of new
 * files: the files with the same inodes are overwritten in place, and get their times and then their names. Files
 * without a name in a state wait in `inodes/`.
 */
export class Machine {
  /** The watched folder. */
  readonly output: string;
  /** Path of the log of the last process. */
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

  /** Sets the boot id, which processes use to recognise records from before a restart. */
  boot(name: string): void {
    writeFileSync(this.#boot, `${name}\n`);
  }

  /** Runs a Node program. @throws Error if it hangs or crashes */
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
      }, MAX_MS);
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

  /** The files of the watched folder. */
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
   * Puts the watched folder into a state.
   *
   * @param known inodes of the files that may be needed again; other files without a name in the state are removed
   */
  restore(found: Found, known: ReadonlySet<bigint>): void {
    for (const name of readdirSync(this.output)) {
      const path = join(this.output, name);
      const kept = join(this.#inodes, String(statSync(path, { bigint: true }).ino));
      // A failed call may have left a second name of the file there, and renaming one into the other does nothing.
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

/** Sets the modification time with `touch`, because Node's own calls round it. */
function setTime(path: string, mtimeNs: bigint): void {
  const fraction = String(mtimeNs % NS_PER_SECOND).padStart(9, '0');
  const time = `@${mtimeNs / NS_PER_SECOND}.${fraction}`;
  const { status, stderr } = spawnSync('touch', ['-m', '-d', time, path], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`touch failed: ${stderr}`);
}
