import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { failureOf } from '../../src/cli/failures.js';
import { withManifest } from '../../src/cli/manifest.js';
import { commandLine } from '../../src/cli/speech.js';
import { type ConvertOptions, convert, type Description } from '../../src/index.js';
import { speakTo } from '../../src/surface.js';
import { MAIN, withFolder } from '../cli/run.js';

/** The name of all manifests in these tests. */
export const MANIFEST_FILE = 'm.yaml';
export const ROWS = 200;

/** A valid manifest. Each case makes one thing in it wrong. */
export const GOOD = `path: session.nwb
nwbfile:
  sessionDescription: probe in CA1
  identifier: m1
  sessionStartTime: 2026-01-15T10:00:00+01:00
  subject: { subjectId: m1, species: Mus musculus, sex: M, age: P90D }
devices: [{ name: probe, description: a probe }]
electrodeGroups: [{ name: shank0, device: probe, location: CA1, description: a shank }]
electrodes: { count: 4, group: shank0, location: CA1 }
acquisition:
  - type: ElectricalSeries
    name: AP
    rate: 30000
    conversion: 2.34375e-6
    data:
      source: { type: raw, path: ap.bin, dtype: int16, shape: [null, 4] }
`;

/** The valid manifest with `right` replaced by `wrong`. */
export function instead(right: string | RegExp, wrong: string): string {
  const text = GOOD.replace(right, () => wrong);
  if (text === GOOD) throw new Error(`Expected ${right} in the manifest but received none`);
  return text;
}

/** The valid manifest with another source. */
export function withSource(source: unknown): string {
  return instead(/\{ type: raw.*\}/, JSON.stringify(source));
}

/**
 * Runs `body` in a folder with a recording, `ap.bin`, and an existing file with the name of the output. This file is
 * not HDF5, so that any change of it is noticed.
 */
export function withRecording<T>(use: (folder: string) => Promise<T>): Promise<T> {
  return withFolder((made) => {
    const folder = realpathSync(made);
    writeRecording(folder);
    writeFileSync(join(folder, 'session.nwb'), 'what was there before');
    return use(folder);
  });
}

/** Writes `ap.bin`, the recording that the valid manifest describes. */
export function writeRecording(folder: string): void {
  const values = Int16Array.from({ length: ROWS * 4 }, (_, at) => (at * at) % 1013);
  writeFileSync(join(folder, 'ap.bin'), new Uint8Array(values.buffer));
}

/** All files of a folder with their bytes. */
export function contents(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const path = join(folder, name);
      const status = lstatSync(path);
      if (status.isSymbolicLink()) return `${name} -> ${readlinkSync(path)}`;
      if (!status.isFile()) return name;
      return `${name} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
    });
}

/** The output of the command line, without the path of the folder. */
export interface Said {
  readonly code: unknown;
  readonly lines: readonly string[];
}

/** Converts a manifest in this process, with `overwrite`, so that only the case itself is refused. */
export async function converted(folder: string, options: ConvertOptions = {}): Promise<Said> {
  const path = join(folder, MANIFEST_FILE);
  speakTo(commandLine);
  try {
    await withManifest(path, ({ description, baseDir }) =>
      convert(description as Description, { baseDir, workers: 1, overwrite: true, ...options }),
    );
  } catch (error) {
    const { text, exitCode } = failureOf(error);
    return { code: exitCode, lines: linesOf(text, folder) };
  } finally {
    speakTo();
  }
  return { code: 0, lines: [] };
}

/** A process that takes longer hangs. */
const LONGEST_RUN_MS = 45_000;

/** Runs the command line in a process of its own. A process that hangs is killed, and has no exit code. */
export function ran(args: readonly string[], folder: string): Promise<Said> {
  const options = { cwd: folder, timeout: LONGEST_RUN_MS, killSignal: 'SIGKILL' } as const;
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [MAIN, ...args], options, (_, __, stderr) =>
      resolve({ code: child.exitCode, lines: linesOf(stderr.trimEnd(), folder) }),
    );
  });
}

function linesOf(text: string, folder: string): string[] {
  return text.replaceAll(`${folder}/`, '').replaceAll(folder, '.').split('\n');
}

/** The place of a problem that only planning finds: the cases leave it out. */
const PLACE = /^error: m\.yaml:\d+: \w+(\[\d+\])?[^ :]*: (?=Expected)/;

/** Expects a refusal with these messages, and an unchanged folder. */
export async function expectRefusal(
  folder: string,
  run: () => Promise<Said>,
  messages: string | readonly string[],
  code = 2,
): Promise<void> {
  const before = contents(folder);
  const said = await run();
  const lines = said.lines.map((line) => line.replace(PLACE, 'error: '));
  expect({ code: said.code, lines }).toEqual({
    code,
    lines: [messages].flat().map((line) => `error: ${line}`),
  });
  expect(contents(folder)).toEqual(before);
}
