import { spawn } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'vitest';

/** A program that a test needs: where it is, or why there is none. */
export type Available =
  | { readonly available: true; readonly path: string }
  | { readonly available: false; readonly reason: string };

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const TIMEOUT_MS = 300_000;

/** The Python of `.venv`, which has pynwb, nwbinspector and h5py. */
export const python: Available = readPython(join(ROOT, '.setup/python.json'));

/** What the set-up script wrote about the Python environment. */
export function readPython(path: string): Available {
  const hint = 'run: npm run setup -- --python';
  try {
    const state: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (isAvailable(state)) return state;
  } catch {
    return { available: false, reason: `no Python environment yet; ${hint}` };
  }
  return { available: false, reason: `${path} is not readable; ${hint}` };
}

/** A command-line reader, such as `h5dump` or `h5diff`, by PATH. */
export function tool(name: string): Available {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
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
  const { code, stdout, stderr } = await collect(python.path, [path, ...args], options.stdin);
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

function collect(
  command: string,
  args: readonly string[],
  stdin: string | Uint8Array = '',
): Promise<Output> {
  return new Promise((resolve, reject) => {
    // Without it Python leaves __pycache__ folders in the checkout.
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
    const child = spawn(command, args, { env, timeout: TIMEOUT_MS });
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

function isAvailable(value: unknown): value is Available {
  if (typeof value !== 'object' || value === null || !('available' in value)) return false;
  if (value.available === true) return 'path' in value && typeof value.path === 'string';
  return value.available === false && 'reason' in value && typeof value.reason === 'string';
}
