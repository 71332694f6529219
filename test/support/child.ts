import { spawn, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The built package, as another process imports it. */
export const BUILT = {
  index: new URL('../../dist/index.js', import.meta.url).href,
  hdf5: new URL('../../dist/hdf5/index.js', import.meta.url).href,
} as const;

export interface Child {
  /** Resolves with the next line that the process prints; with an empty line if it ended before. */
  line(): Promise<string>;
  /** Lets `await proceed()` resolve in the process, and waits for its end; returns its exit code or signal. */
  end(): Promise<number | string | null>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves once SIGSTOP has stopped all threads of the process. */
  stopped(): Promise<void>;
}

/**
 * Runs the text of an ES module in a process of its own. In it, `say(text)` prints a line, and
 * `await proceed()` waits until this process calls `end()`.
 *
 * @param limit size in KiB beyond which the process can't write files, as on a full disk
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
    // The shell has replaced itself by the process (`exec`).
    kill: (signal) => child.kill(signal),
    stopped: async () => {
      // One line for each thread on Linux, where threads stop one after the other.
      const threads = process.platform === 'linux' ? ['-L'] : [];
      const options = [...threads, '-o', 'state=', '-p', String(child.pid)];
      for (;;) {
        const states = spawnSync('ps', options, { encoding: 'utf8' }).stdout.trim().split('\n');
        if (states.every((state) => state.startsWith('T'))) return;
        await sleep(5);
      }
    },
  };
}
