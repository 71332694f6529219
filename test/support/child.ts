import { spawn, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The built package, as another process imports it. */
export const BUILT = {
  index: new URL('../../dist/index.js', import.meta.url).href,
  hdf5: new URL('../../dist/hdf5/index.js', import.meta.url).href,
} as const;

export interface Child {
  /** Resolves with the next line that the process prints. */
  line(): Promise<string>;
  /** Lets the process go on from `await proceed()`, and waits for its end; gives its exit code. */
  end(): Promise<number | string | null>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when all threads of the process have stopped, as SIGSTOP stops them. */
  stopped(): Promise<void>;
}

/**
 * Runs an ES module's text in a process of its own. `say(text)` prints a line there, `proceed()`
 * resolves when this process calls `end()`.
 *
 * @param limit largest size of files, in KiB, that the process can write: a disk that is full
 */
export function startChild(text: string, limit?: number): Child {
  const script = `
    const say = (text) => process.stdout.write(text + '\\n');
    const proceed = () => new Promise((resolve) => process.stdin.once('data', resolve));
    ${text}
    process.stdin.destroy();`;
  const node = [process.execPath, '--input-type=module', '--eval', script];
  const command = limit === undefined ? '' : `trap '' XFSZ; ulimit -f ${limit};`;
  const child = spawn('bash', ['-c', `${command} exec "$@"`, 'bash', ...node], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const waiting: ((line: string) => void)[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (block: string) => {
    const parts = (rest + block).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const next = waiting.shift();
      if (next) next(part);
      else lines.push(part);
    }
  });
  const closed = new Promise<number | string | null>((resolve) =>
    child.on('close', (code, signal) => {
      for (const next of waiting.splice(0)) next('');
      resolve(code ?? signal);
    }),
  );
  child.stdin.on('error', () => {});
  return {
    line: () => {
      const line = lines.shift();
      return line === undefined
        ? new Promise((resolve) => waiting.push(resolve))
        : Promise.resolve(line);
    },
    end: () => {
      child.stdin.end('go\n');
      return closed;
    },
    // The shell has become the process.
    kill: (signal) => child.kill(signal),
    stopped: async () => {
      const state = ['-o', 'state=', '-p', String(child.pid)];
      while (!spawnSync('ps', state, { encoding: 'utf8' }).stdout.startsWith('T')) await sleep(5);
    },
  };
}
