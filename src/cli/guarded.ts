import { spawn } from 'node:child_process';
import { EXIT, type InterruptSignal, SIGNAL_EXIT } from './exit-codes.js';
import { printNote } from './output.js';

/** Tells the process that works from the one that guards it. */
const PASS = 'HYPERSLAB_PASS';

/** How a process ends that libhdf5 has led astray. */
const CRASHES: readonly string[] = ['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL'];

/**
 * Runs a command that reads a file of a stranger in a process of its own, since libhdf5 crashes on some
 * damaged files: then once more, carefully; and if that crashes too, says so.
 *
 * @param work returns the exit code
 * @param leftOut what a careful run leaves out, in words
 * @throws Error where both runs crashed
 */
export async function guarded(
  path: string,
  leftOut: string,
  work: (isCareful: boolean) => Promise<number>,
): Promise<number> {
  const pass = process.env[PASS];
  if (pass !== undefined) return work(pass === 'careful');
  let crash = await run('whole');
  if (typeof crash === 'number') return crash;
  printNote(`${path} is damaged: libhdf5 crashed with ${crash}; ${leftOut} are left out`);
  crash = await run('careful');
  if (typeof crash === 'number') return crash;
  throw new Error(`${path} is damaged: libhdf5 crashed with ${crash}`);
}

/** The exit code, or the signal of a crash. Signals that ask this process to stop reach the other, too. */
async function run(pass: 'whole' | 'careful'): Promise<number | string> {
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: { ...process.env, [PASS]: pass },
  });
  const stop = (signal: NodeJS.Signals) => child.kill(signal);
  const signals = Object.keys(SIGNAL_EXIT) as InterruptSignal[];
  for (const name of signals) process.on(name, stop);
  try {
    return await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => {
        if (signal && CRASHES.includes(signal)) resolve(signal);
        else resolve(code ?? SIGNAL_EXIT[signal as InterruptSignal] ?? EXIT.failed);
      });
    });
  } finally {
    for (const name of signals) process.removeListener(name, stop);
  }
}
