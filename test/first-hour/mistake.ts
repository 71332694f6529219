import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { EXIT } from '../../src/cli/exit-codes.js';
import { contents, GOOD, writeRecording } from '../bad-input/refusal.js';
import { withFolder } from '../cli/run.js';
import { inShell, inThisProcess, type Seen } from './terminal.js';

/** A mistake that users make in their first hour, and what they see. */
export interface Mistake {
  /** What the user does; begins with a verb. */
  readonly user: string;
  /** Contents of `session.yaml`; a valid manifest of `ap.bin` if left out. */
  readonly manifest?: string | Uint8Array;
  /** Files and folders that are there besides `ap.bin` and `session.yaml`; names of folders end with a slash. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Changes the folder further. */
  readonly prepare?: (folder: string) => void | Promise<void>;
  /** What the user types. It runs in this process, where quotes are all that is left of the shell. */
  readonly types?: string;
  /** The same for a script of a shell, which runs in a process of its own: takes longer. */
  readonly script?: string;
  readonly exit: number;
  /** All of stderr, line by line; `/data` stands for the folder, which is the home folder, too, and `TIME` for a time. */
  readonly sees: string | readonly string[];
  /** Lines among those of stdout, which is empty after a refusal. */
  readonly prints?: readonly string[];
  /** Files that the command leaves on purpose, or replaces. */
  readonly leaves?: readonly string[];
}

/** What stands for the folder in the tables. */
const SHOWN = '/data';

/** Makes the folder of a mistake, lets the user type, and compares what there is to see and what is left. */
export async function expectMistake(mistake: Mistake): Promise<void> {
  await withFolder(async (made) => {
    const folder = realpathSync(made);
    await prepare(folder, mistake);
    const before = contents(folder);
    const seen = await type(mistake, folder);
    const { exit, sees, prints = [], leaves = [] } = mistake;
    const text = [sees].flat().map((line) => `${line}\n`);
    expect({ exit: seen.exit, stderr: seen.stderr }).toEqual({ exit, stderr: text.join('') });
    if (exit === EXIT.refused || exit === EXIT.exists) expect(seen.stdout).toBe('');
    expect(seen.stdout.split('\n')).toEqual(expect.arrayContaining([...prints]));
    expect(changes(before, contents(folder))).toEqual(leaves);
  });
}

async function prepare(folder: string, mistake: Mistake): Promise<void> {
  const { manifest = GOOD, files = {} } = mistake;
  writeRecording(folder);
  writeFileSync(join(folder, 'session.yaml'), manifest);
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    if (name.endsWith('/')) mkdirSync(path, { recursive: true });
    else writeFileSync(path, content);
  }
  await mistake.prepare?.(folder);
}

async function type({ types, script }: Mistake, folder: string): Promise<Seen> {
  const seen =
    script === undefined ? await inThisProcess(types ?? '', folder) : await inShell(script, folder);
  const shown = (text: string) =>
    text.replaceAll(folder, SHOWN).replaceAll(/(?<=modified at )\S+Z/g, 'TIME');
  return { ...seen, stdout: shown(seen.stdout), stderr: shown(seen.stderr) };
}

/** Names of the files that are new, gone or different. */
function changes(before: readonly string[], after: readonly string[]): string[] {
  const lines = [...after.filter((line) => !before.includes(line))];
  lines.push(...before.filter((line) => !after.includes(line)));
  // A line is the name of a file and its checksum.
  return [...new Set(lines.map((line) => line.replace(/ [\da-f]{64}$/, '')))].sort();
}
