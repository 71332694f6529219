import { spawn } from 'node:child_process';
import { EXIT, type InterruptSignal, SIGNAL_EXIT } from './exit-codes.js';
import { isListing, printDocument, printNote } from './output.js';

/** Environment variable that distinguishes the working process from the one that guards it. */
const PASS = 'HYPERSLAB_PASS';

/** Signals that end a process when libhdf5 crashes. */
const CRASHES: readonly string[] = ['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL'];

/**
 * Runs a command that reads an untrusted file in a child process, because libhdf5 crashes on some
 * damaged files. After a crash the command runs once more in careful mode.
 *
 * @param args of the command line for this file alone
 * @param leftOut what the careful run skips, for the message
 * @param work returns the exit code
 * @throws Error where both runs crash
 */
export async function guarded(
  path: string,
  args: readonly string[],
  leftOut: string,
  work: (isCareful: boolean) => Promise<number>,
): Promise<number> {
  const pass = process.env[PASS];
  if (pass !== undefined) return work(pass === 'careful');
  let crash = await run('whole', args);
  if (typeof crash === 'number') return crash;
  printNote(`${path} is damaged: libhdf5 crashed with ${crash}; ${leftOut} are skipped`);
  crash = await run('careful', args);
  if (typeof crash === 'number') return crash;
  throw new Error(`${path} is damaged: libhdf5 crashed with ${crash}`);
}

/** Returns the exit code, or the name of the signal that crashed the child. Forwards SIGINT, SIGTERM and SIGHUP. */
async function run(pass: 'whole' | 'careful', args: readonly string[]): Promise<number | string> {
  const own = [...process.execArgv, process.argv[1], ...args];
  const child = spawn(process.execPath, own, {
    stdio: ['inherit', isListing() ? 'pipe' : 'inherit', 'inherit'],
    env: { ...process.env, [PASS]: pass },
  });
  const parts: Buffer[] = [];
  child.stdout?.on('data', (part: Buffer) => parts.push(part));
  const stop = (signal: NodeJS.Signals) => child.kill(signal);
  const signals = Object.keys(SIGNAL_EXIT) as InterruptSignal[];
  for (const name of signals) process.on(name, stop);
  try {
    const ended = await new Promise<number | string>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => {
        if (signal && CRASHES.includes(signal)) resolve(signal);
        else resolve(code ?? SIGNAL_EXIT[signal as InterruptSignal] ?? EXIT.failed);
      });
    });
    if (child.stdout && typeof ended === 'number')
      printDocument(Buffer.concat(parts).toString().trimEnd());
    return ended;
  } finally {
    for (const name of signals) process.removeListener(name, stop);
  }
}
