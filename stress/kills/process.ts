import { spawn } from 'node:child_process';
import { type Trigger, Watch } from './trigger.js';

/** How a process ended. */
export interface Ended {
  /** Exit code; undefined if the process was killed. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
  /** From the first line that it printed to its end. */
  readonly closeSeconds: number;
}

/** A conversion that takes longer hangs. */
const MAX_MS = 120_000;
/** Shorter delays are waited for in a loop, because timers are not precise enough. */
const MIN_TIMER_MS = 2;

/**
 * Runs a Node program that makes a file, to its end or until it is killed.
 *
 * @param path path of the file that it makes; the folder of the file is watched
 * @throws Error if the process hangs, or was ended by another signal
 */
export function runProcess(
  args: readonly string[],
  path: string,
  trigger?: Trigger,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const begin = performance.now();
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const timers: NodeJS.Timeout[] = [];
    const output = { stdout: '', stderr: '' };
    let written = 0;
    let hangs = false;
    const kill = () => child.kill('SIGKILL');
    const after = (delay: number, then: () => void) => timers.push(setTimeout(then, delay));
    after(MAX_MS, () => {
      hangs = kill();
    });
    const onTime = () => {
      const delay = trigger?.delay ?? 0;
      if (delay >= MIN_TIMER_MS) {
        after(delay, kill);
        return;
      }
      const at = performance.now() + delay;
      while (performance.now() < at);
      kill();
    };
    const watch = trigger && new Watch(trigger, path, onTime);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (written === 0) watch?.written();
      written ||= performance.now();
      output.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output.stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const end = performance.now();
      for (const timer of timers) clearTimeout(timer);
      watch?.close();
      if (hangs || (signal && signal !== 'SIGKILL'))
        reject(new Error(`${hangs ? 'hangs' : signal}: ${args.join(' ')}: ${output.stderr}`));
      const seconds = (end - begin) / 1000;
      const closeSeconds = written ? (end - written) / 1000 : 0;
      resolve({ code: code ?? undefined, ...output, seconds, closeSeconds });
    });
  });
}
