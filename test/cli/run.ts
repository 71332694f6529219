import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { withManifest } from '../../src/cli/manifest.js';
import {
  type ConversionReport,
  type ConvertOptions,
  convert,
  type Description,
  verify,
} from '../../src/index.js';

/**
 * Converts what a manifest says in this process: what a test needs, where it tests another command. A
 * process for the command line takes ten times as long.
 */
export function converted(
  folder: string,
  manifest = 'session.yaml',
  options: ConvertOptions = {},
): Promise<ConversionReport> {
  return withManifest(join(folder, manifest), ({ description, baseDir }) =>
    convert(description as Description, { baseDir, workers: 1, ...options }),
  );
}

/** Expects the file to be equal to the sources of its manifest, and its chunks to fit their checksums. */
export async function expectVerified(folder: string): Promise<void> {
  const path = join(folder, 'session.nwb');
  const { equal } = await withManifest(join(folder, 'session.yaml'), ({ description, baseDir }) =>
    verify(path, description as Description, { baseDir, workers: 1 }),
  );
  expect(equal).toBe(true);
  expect((await verify(path, undefined, { workers: 1 })).equal).toBe(true);
}

/** The built command line. */
export const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface Ran {
  /** Exit code, or the signal that ended the process. */
  readonly code: number | NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the built command line as a user would.
 *
 * @param env beside the environment of this process
 */
export function hyperslab(
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): Promise<Ran> {
  return start(args, cwd, env).ended;
}

/** Runs it with something on its standard input, which is empty otherwise. */
export function hyperslabOn(
  input: string | Uint8Array,
  args: readonly string[],
  cwd: string,
): Promise<Ran> {
  const { child, ended } = start(args, cwd, {}, 'pipe');
  child.stdin?.end(input);
  return ended;
}

/** Begins to run it, for those who have something to do meanwhile. */
export function start(
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
  stdin: 'ignore' | 'pipe' = 'ignore',
): { readonly child: ChildProcess; readonly ended: Promise<Ran> } {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: [stdin, 'pipe', 'pipe'],
  });
  const ended = new Promise<Ran>((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code: code ?? signal, stdout, stderr }));
  });
  return { child, ended };
}

/**
 * Runs the command that a message prints between backticks, in a shell, as a user would who pastes it.
 *
 * @param manifest stands for `MANIFEST`
 */
export function runPrinted(message: string, cwd: string, manifest = 'session.yaml'): Promise<Ran> {
  const [, line] = /`(hyperslab [^`]*)`/.exec(message) ?? [];
  if (line === undefined) throw new Error(`Expected a command in ${message}`);
  const script = `hyperslab() { "$NODE" "$MAIN" "$@"; }; ${line.replace('MANIFEST', manifest)}`;
  const env = { ...process.env, NODE: process.execPath, MAIN };
  return new Promise((resolve) => {
    const child = execFile('sh', ['-c', script], { cwd, env }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'hyperslab-cli-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const ROWS = 5000;
export const COLUMNS = 5;

export const MANIFEST = `path: session.nwb
nwbfile:
  sessionDescription: probe in CA1
  identifier: m1-2026-01-15
  sessionStartTime: 2026-01-15T10:00:00+01:00
  subject: { subjectId: m1, species: Mus musculus, sex: M, age: P90D }
devices: [{ name: probe, description: a probe }]
electrodeGroups: [{ name: shank0, device: probe, location: CA1, description: a shank }]
electrodes: { count: 4, group: shank0, location: CA1 }
acquisition:
  - type: ElectricalSeries
    name: ElectricalSeriesAP
    rate: 30000
    conversion: 2.34375e-6
    data:
      source: { type: raw, path: ap.bin, dtype: int16, shape: [null, 5], columns: '0:4' }
      chunks: [1000, 4]
  - type: TimeSeries
    name: Sync
    unit: n.a.
    rate: 30000
    data:
      source: { type: raw, path: ap.bin, dtype: int16, shape: [null, 5], columns: '4:5' }
`;

/** A folder with a recording, `ap.bin`, and its manifest, `session.yaml`. */
export function withSession<T>(
  use: (folder: string) => Promise<T>,
  manifest = MANIFEST,
): Promise<T> {
  return withFolder(async (folder) => {
    const values = Int16Array.from({ length: ROWS * COLUMNS }, (_, at) => (at * at) % 1013);
    await writeFile(join(folder, 'ap.bin'), new Uint8Array(values.buffer));
    await writeFile(join(folder, 'session.yaml'), manifest);
    return use(folder);
  });
}
