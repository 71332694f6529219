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

/** Looks for a command-line reader, such as `h5dump` or `h5diff`, in PATH. */
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
 * A `describe` for tests that need another reader. If the reader is missing, the tests are skipped with the reason;
 * with CI=true they fail instead, because a skipped test would go unnoticed.
 *
 * @param needs the readers; the first missing one gives the reason. Default: the Python environment
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
 * Runs a script of test/interop, and returns the JSON that it printed to stdout. JSON has neither NaN nor exact 64-bit
 * integers, so scripts print those as strings.
 *
 * @param script file name in test/interop, or an absolute path
 * @param options `stdin`: the script's standard input
 * @throws Error with the script's stderr if its exit code is not 0; Error if its output is not JSON
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

/** Lets python-server.py run a script, in a process that has loaded the large modules already. */
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
  // Python's exit code is -11 if signal 11 ended the process.
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
