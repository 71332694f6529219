import { spawn } from 'node:child_process';
import { constants as access, accessSync } from 'node:fs';
import { connect } from 'node:net';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, inject, test } from 'vitest';
import { type Available, PYTHON_ENVIRONMENT, python, ROOT } from './python-environment.js';

export { type Available, python, readPython } from './python-environment.js';

const TIMEOUT_MS = 300_000;

/** A command-line reader, such as `h5dump` or `h5diff`, by PATH. */
export function tool(name: string): Available {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, access.X_OK);
      return { available: true, path };
    } catch {
      // Not in this folder.
    }
  }
  return { available: false, reason: `${name} is not installed (apt: hdf5-tools)` };
}

/**
 * A `describe` for tests that need another reader: skipped with the reason where it is missing.
 * With CI=true it fails instead, because there a skipped test would go unnoticed.
 * @param needs the first that is missing gives the reason; by default the Python environment
 */
export function describeInterop(
  name: string,
  define: () => void,
  ...needs: readonly Available[]
): void {
  const missing = (needs.length > 0 ? needs : [python]).find((need) => !need.available);
  if (missing === undefined || missing.available) {
    describe(name, define);
  } else if (process.env.CI === 'true') {
    describe(name, () => {
      test('has the readers it needs', () => {
        throw new Error(`Expected a reader for "${name}" but received none: ${missing.reason}`);
      });
    });
  } else {
    describe.skip(`${name} (skipped: ${missing.reason})`, define);
  }
}

/**
 * Runs a script of test/interop and gives back what it printed on stdout as JSON. JSON has neither
 * NaN nor exact 64-bit integers: scripts print those as strings.
 * @param script file name in test/interop, or an absolute path
 * @param options `stdin`: what the script reads from its standard input
 * @throws Error with the script's stderr when it does not exit with 0, or prints anything else
 */
export async function runPython(
  script: string,
  args: readonly string[] = [],
  options: { readonly stdin?: string | Uint8Array } = {},
): Promise<unknown> {
  if (!python.available) {
    throw new Error(`Expected a Python for ${script} but received none: ${python.reason}`);
  }
  const path = script.startsWith('/') ? script : join(ROOT, 'test/interop', script);
  const { stdin = '' } = options;
  const socket = inject('pythonSocket');
  const { code, stdout, stderr } = socket
    ? await runByServer(socket, path, args, stdin)
    : await runAlone(python.path, [path, ...args], stdin);
  if (code !== 0)
    throw new Error(`Expected ${script} to exit with 0 but received ${code}: ${stderr}`);
  try {
    return JSON.parse(stdout);
  } catch (cause) {
    const start = stdout.slice(0, 200);
    throw new Error(`Expected JSON from ${script} but received "${start}"`, { cause });
  }
}

interface Output {
  readonly code: number | NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Has a script run by python-server.py, in a process that has the large modules already. */
async function runByServer(
  socket: string,
  script: string,
  args: readonly string[],
  stdin: string | Uint8Array,
): Promise<Output> {
  const request = {
    script,
    args,
    stdin: Buffer.from(stdin as string).toString('base64'),
    seconds: TIMEOUT_MS / 1000,
  };
  const connection = connect(socket);
  connection.write(`${JSON.stringify(request)}\n`);
  const line = await text(connection);
  if (line === '') throw new Error(`Expected an answer to ${script} but received none`);
  const answer = JSON.parse(line);
  const decoded = (name: 'stdout' | 'stderr') =>
    Buffer.from(answer[name], 'base64').toString('utf8');
  // Python says -11 where a signal ended the process.
  const signals = Object.entries(constants.signals) as [NodeJS.Signals, number][];
  const [signal] = signals.find(([, number]) => number === -answer.code) ?? [];
  return { code: signal ?? answer.code, stdout: decoded('stdout'), stderr: decoded('stderr') };
}

/** Runs a script in a Python process of its own. */
function runAlone(
  command: string,
  args: readonly string[],
  stdin: string | Uint8Array,
): Promise<Output> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: PYTHON_ENVIRONMENT, timeout: TIMEOUT_MS });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (block: Buffer) => stdout.push(block));
    child.stderr.on('data', (block: Buffer) => stderr.push(block));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const text = (blocks: Buffer[]) => Buffer.concat(blocks).toString('utf8');
      resolve({ code: code ?? signal, stdout: text(stdout), stderr: text(stderr) });
    });
    // A script that does not read its input closes it: its exit code says whether that matters.
    child.stdin.on('error', () => {});
    child.stdin.end(stdin);
  });
}
