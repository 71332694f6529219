import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { runCommandLine } from '../../src/cli/command-line.js';
import { startOutput } from '../../src/cli/output.js';
import { speakTo } from '../../src/surface.js';
import { MAIN } from '../cli/run.js';

/** What a command leaves in the terminal. */
export interface Seen {
  readonly exit: number | NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a `hyperslab …` line in this process, with the folder as working directory and as home. */
export async function inThisProcess(line: string, folder: string): Promise<Seen> {
  const [program, ...args] = words(line);
  if (program !== 'hyperslab') throw new Error(`Expected hyperslab but received ${line}`);
  const seen = { stdout: '', stderr: '' };
  const { stdout, stderr, exitCode } = process;
  const writes = { stdout: stdout.write, stderr: stderr.write };
  const [place, home] = [process.cwd(), homedir()];
  const capture = (name: keyof typeof seen) => (text: string | Uint8Array) => {
    seen[name] += text;
    return true;
  };
  stdout.write = capture('stdout');
  stderr.write = capture('stderr');
  process.exitCode = undefined;
  process.env.HOME = folder;
  process.chdir(folder);
  startOutput();
  try {
    return { exit: await runCommandLine(args), ...seen };
  } finally {
    process.chdir(place);
    process.env.HOME = home;
    process.exitCode = exitCode;
    stdout.write = writes.stdout;
    stderr.write = writes.stderr;
    speakTo();
  }
}

/** The words of a line: between spaces, or in quotes. */
function words(line: string): string[] {
  const found = line.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? [];
  return found.map((word) => word.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'));
}

/** Runs a script in bash, where `hyperslab` is the built command line. */
export function inShell(script: string, folder: string): Promise<Seen> {
  const text = `hyperslab() { "$NODE" "$MAIN" "$@"; }\n${script}`;
  const env = { ...process.env, HOME: folder, NODE: process.execPath, MAIN };
  const child = spawn('bash', ['-c', text], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const seen = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      seen[name] += text;
    });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ exit: code ?? signal, ...seen }));
  });
}
