import { appendFileSync, renameSync } from 'node:fs';
import { mkdir, rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { converted, hyperslab, MANIFEST, type Ran, runPrinted, withFolder } from './run.js';

/** Fails at the end, unless there is a file `repaired`; what it does on the way is put in its place. */
const FAILING = `
  import { appendFileSync, existsSync, utimesSync } from 'node:fs';
  const ours = (name) => new URL(name, import.meta.url);
  export function open() {
    return {
      dtype: 'int16',
      shape: [40000, 4],
      read([from], [rows]) {
        if (from >= 20000 && !existsSync(ours('repaired'))) throw new Error('not yet');
        return new Int16Array(rows * 4);
      },
    };
  }`;

const SOURCE = /source: \{ type: raw, path: ap.bin, [^}]*'0:4' \}/;

/** A folder whose name needs quotes, with a recording of which a second series can't be read yet. */
async function withInterrupted(body: (folder: string) => Promise<void>): Promise<void> {
  await withFolder(async (outer) => {
    const folder = join(outer, "it's -a recording*");
    await mkdir(folder);
    await writeFile(join(folder, 'ap.bin'), new Uint8Array(50_000));
    await writeFile(
      join(folder, 'session.yaml'),
      MANIFEST.replace(SOURCE, 'source: { type: module, path: s.mjs }'),
    );
    await writeFile(join(folder, 's.mjs'), FAILING);
    await expect(converted(folder)).rejects.toThrow('not yet');
    await writeFile(join(folder, 'repaired'), '');
    await body(folder);
  });
}

/** Expects the command that a refusal prints to complete the file. */
async function expectHelp({ code, stderr }: Ran, message: RegExp, folder: string): Promise<void> {
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
  const helped = await runPrinted(stderr, folder);
  expect(helped).toMatchObject({ code: 0, stderr: '' });
  expect((await hyperslab(['verify', 'session.nwb', 'session.yaml', '-q'], folder)).code).toBe(0);
}

describe('a conversion is interrupted, and then', () => {
  test('its source has moved: convert --resume with the new path continues', async () => {
    await withInterrupted(async (folder) => {
      await mkdir(join(folder, 'moved'));
      await rename(join(folder, 'ap.bin'), join(folder, 'moved', 'ap.bin'));
      const refused = await hyperslab(['resume', 'session.nwb'], folder);
      const manifest = MANIFEST.replace(SOURCE, 'source: { type: module, path: s.mjs }');
      const moved = manifest.replaceAll('path: ap.bin', 'path: moved/ap.bin');
      await writeFile(join(folder, 'session.yaml'), moved);
      const message =
        /ap\.bin, the source of \/acquisition\/Sync\/data, is now missing and was [^\n]* \(restore it; if it has moved, correct its path in the description and run `hyperslab convert MANIFEST --resume --output '[^\n]*session\.nwb'`\)\n$/;
      await expectHelp(refused, message, folder);
    });
  });

  test('its source has grown: convert --overwrite begins again', async () => {
    await withInterrupted(async (folder) => {
      appendFileSync(join(folder, 'ap.bin'), new Uint8Array(10));
      const refused = await hyperslab(['resume', 'session.nwb'], folder);
      const message =
        /once no program writes to it any more, run `hyperslab convert MANIFEST --overwrite --output '/;
      await expectHelp(refused, message, folder);
    });
  });

  test('its source was touched: resume --check continues', async () => {
    await withInterrupted(async (folder) => {
      await utimes(join(folder, 'ap.bin'), 1e9, 1e9);
      const refused = await hyperslab(['resume', 'session.nwb'], folder);
      expect(refused.stderr).toContain('(pass --check to compare its values with the finished');
      expect((await hyperslab(['resume', 'session.nwb', '--check', '-q'], folder)).code).toBe(0);
    });
  });

  test('resume gets the manifest: the command in the message continues', async () => {
    await withInterrupted(async (folder) => {
      const refused = await hyperslab(['resume', 'session.yaml'], folder);
      await expectHelp(refused, /`hyperslab convert session\.yaml --resume` resumes/, folder);
    });
  });

  test('recover gets the manifest: the command in the message finishes the file', async () => {
    await withInterrupted(async (folder) => {
      const refused = await hyperslab(['recover', 'session.yaml'], folder);
      await expectHelp(refused, /`hyperslab recover '[^\n]*session\.nwb'` finishes/, folder);
    });
  });

  test.each(['inspect', 'verify'])('%s gets its files: resume finishes it', async (name) => {
    await withInterrupted(async (folder) => {
      const [partial, journal] = await Promise.all(
        ['partial', 'journal'].map((end) => hyperslab([name, `session.nwb.${end}`], folder)),
      );
      expect(partial.code).toBe(2);
      expect(partial.stderr).toBe(
        'error: Expected an HDF5 file at session.nwb.partial but received an unfinished file; if its conversion is not under way, `hyperslab resume session.nwb` finishes it\n',
      );
      await expectHelp(journal, /received the journal of an unfinished file; /, folder);
    });
  });
});

/** What a source does to the file of another one while it is read, and the note that follows. */
const CHANGES = [
  {
    change: "utimesSync(ours('ap.bin'), 1e9, 1e9)",
    note: /^note: if the contents of [^\n]*ap\.bin are unchanged, `hyperslab resume '[^\n]*' --check` compares/,
  },
  {
    change: "appendFileSync(ours('ap.bin'), new Uint8Array(10))",
    note: /^note: [^\n]*ap\.bin may still be recording, so [^\n]*; once no program writes to it, convert it again with `hyperslab convert session\.yaml --overwrite --output other\.nwb`\n/,
  },
];

test.each(CHANGES)('a source changes while it is read: the note helps ($change)', async (it) => {
  await withFolder(async (outer) => {
    const folder = join(outer, 'a b');
    await mkdir(folder);
    await writeFile(join(folder, 'ap.bin'), new Uint8Array(50_000));
    const manifest = MANIFEST.replace(SOURCE, 'source: { type: module, path: s.mjs }');
    await writeFile(join(folder, 'session.yaml'), manifest);
    const isRepaired = "from >= 20000 && !existsSync(ours('repaired'))) throw new Error('not yet')";
    await writeFile(
      join(folder, 's.mjs'),
      FAILING.replace(isRepaired, `from === 0 && !existsSync(ours('repaired'))) ${it.change}`),
    );
    const args = ['convert', 'session.yaml', '--output', 'other.nwb', '-q', '-w', '1'];
    const failed = await hyperslab(args, folder);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(it.note);
    await writeFile(join(folder, 'repaired'), '');
    expect((await runPrinted(failed.stderr, folder)).code).toBe(0);
    renameSync(join(folder, 'other.nwb'), join(folder, 'session.nwb'));
    expect((await hyperslab(['verify', 'session.nwb', 'session.yaml', '-q'], folder)).code).toBe(0);
  });
});
