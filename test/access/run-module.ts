import { spawn } from 'node:child_process';

export interface Ran {
  /** Exit code, or the signal that ended the process. */
  readonly code: number | NodeJS.Signals | null;
  readonly lines: readonly string[];
}

/** Runs the text of an ES module in a process of its own until it ends; `process.argv.slice(1)` holds `args`. */
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
