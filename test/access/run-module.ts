import { spawn } from 'node:child_process';

export interface Ran {
  /** Exit code, or the signal that ended the process. */
  readonly code: number | NodeJS.Signals | null;
  readonly lines: readonly string[];
}

/** Runs an ES module's text in a process of its own, to its end; `process.argv.slice(1)` has `args`. */
export function runModule(
  text: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Ran> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', text, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    printed += part;
  });
  return new Promise((resolve) =>
    child.on('close', (code, signal) =>
      resolve({ code: code ?? signal, lines: printed.split('\n').filter((line) => line !== '') }),
    ),
  );
}
