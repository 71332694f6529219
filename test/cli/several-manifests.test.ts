import { existsSync } from 'node:fs';
import { copyFile, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { inspect } from '../../src/index.js';
import { converted, hyperslab, MANIFEST, start, withSession } from './run.js';

/** The manifest with another output. */
const withPath = (output: string) => MANIFEST.replace('session.nwb', output);

/** Writes `NAME.yaml` for each name, with the output `NAME.nwb`. */
async function manifests(folder: string, ...names: readonly string[]): Promise<void> {
  for (const name of names) await writeFile(join(folder, `${name}.yaml`), withPath(`${name}.nwb`));
}

/** The files of outputs in a folder. */
async function outputs(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.includes('.nwb'));
}

test('a manifest that fails does not stop the others, and is named at the end', async () => {
  await withSession(async (folder) => {
    await manifests(folder, 'a', 'b', 'c');
    const wrong = withPath('b.nwb').replace('rate: 30000', 'rate: -1').replace('n.a.', '3');
    await writeFile(join(folder, 'b.yaml'), wrong);
    const args = ['convert', 'a.yaml', 'b.yaml', 'none.yaml', 'c.yaml'];
    const { code, stdout, stderr } = await hyperslab(args, folder);
    const rate = 'Expected a number greater than 0 for acquisition[0].rate but received -1';
    const none =
      'The manifest none.yaml cannot be read: no such file (manifests there: a.yaml, b.yaml, c.yaml, session.yaml)';
    expect(stderr).toBe(
      [
        `error: b.yaml:13: ${rate}`,
        'error: b.yaml:20: Expected a text for acquisition[1].unit but received 3 (put it in quotes)',
        `error: ${none}`,
        `failed: b.yaml:13: ${rate} (and more, see above)`,
        `failed: ${none}`,
        '',
      ].join('\n'),
    );
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^\[1\/4\] a\.yaml: 48\.8 KiB -> .* in .*\/s, .*\/a\.nwb$/);
    expect(lines[1]).toMatch(/^\[4\/4\] c\.yaml: .*\/c\.nwb$/);
    expect(code).toBe(2);
    expect(await outputs(folder)).toEqual(['a.nwb', 'c.nwb']);

    const again = ['convert', 'a.yaml', 'b.yaml', '--skip-existing', '--json'];
    const skipped = await hyperslab(again, folder);
    expect(skipped.code).toBe(2);
    expect(JSON.parse(skipped.stdout)).toMatchObject([
      { manifest: 'a.yaml', path: join(folder, 'a.nwb'), skipped: true },
      { manifest: 'b.yaml', error: { tag: 'DescriptionError', exitCode: 2 } },
    ]);
  });
});

const SOURCE = /source: \{.*'0:4' \}/;

test('a manifest that fails in the middle keeps its work, and the next one is converted', async () => {
  const failing = `
    import { existsSync } from 'node:fs';
    export function open(_, { baseDir }) {
      const read = ([from], [rows]) => {
        if (from + rows > 3500 && !existsSync(baseDir + '/back')) throw new Error('the disk is gone');
        return new Int16Array(rows * 4);
      };
      return { dtype: 'int16', shape: [4000, 4], read };
    }`;
  await withSession(async (folder) => {
    await manifests(folder, 'a', 'b');
    const module = withPath('a.nwb').replace(SOURCE, 'source: { type: module, path: s.mjs }');
    await writeFile(join(folder, 'a.yaml'), module);
    await writeFile(join(folder, 's.mjs'), failing);
    const args = ['convert', 'a.yaml', 'b.yaml', '--json'];
    const { code, stdout, stderr } = await hyperslab(args, folder);
    expect(code).toBe(1);
    const kept = `note: finished work is kept; continue with \`hyperslab resume ${join(folder, 'a.nwb')}\``;
    const [note, error, failed, ...rest] = stderr.trimEnd().split('\n');
    expect([note, ...rest]).toEqual([kept]);
    expect(error).toMatch(/^error: .*the disk is gone/);
    expect(failed).toMatch(/^failed: a\.yaml: .*the disk is gone/);
    expect(JSON.parse(stdout)).toMatchObject([
      { manifest: 'a.yaml', error: { exitCode: 1 } },
      { manifest: 'b.yaml', path: join(folder, 'b.nwb'), rawBytes: 50_000 },
    ]);
    expect(await outputs(folder)).toEqual(['a.nwb.journal', 'a.nwb.partial', 'b.nwb']);

    // The partial file is not complete: it is resumed if that is asked for, and refused otherwise.
    const plain = await hyperslab(['convert', 'a.yaml', 'b.yaml', '--skip-existing'], folder);
    expect(plain.code).toBe(5);
    expect(plain.stderr).toMatch(/^error: .*a\.nwb was interrupted .*; pass --resume to continue/);
    expect(plain.stdout).toBe(`[2/2] b.yaml: skipped, ${join(folder, 'b.nwb')} is complete\n`);
    await writeFile(join(folder, 'back'), '');
    const flags = ['--skip-existing', '--resume', '--check'];
    const resumed = await hyperslab(['convert', 'a.yaml', 'b.yaml', ...flags], folder);
    expect(resumed).toMatchObject({ code: 0, stderr: '' });
    expect(resumed.stdout).toMatch(/^\[1\/2\] a\.yaml: .*\n\[2\/2\] b\.yaml: skipped, .*\n$/);
    expect(await outputs(folder)).toEqual(['a.nwb', 'b.nwb']);
  });
});

test('SIGINT during the second of four leaves the others, and says so', async () => {
  const slow = `
    import { existsSync, writeFileSync } from 'node:fs';
    const sleep = (time) => new Promise((done) => setTimeout(done, time));
    export function open({ folder }) {
      const read = async (_, [rows]) => {
        writeFileSync(folder + '/reading', '');
        while (!existsSync(folder + '/release')) await sleep(10);
        return new Int16Array(rows * 4);
      };
      return { dtype: 'int16', shape: [4000, 4], read };
    }`;
  await withSession(async (folder) => {
    await manifests(folder, 'a', 'b', 'c', 'd');
    const module = 'source: { type: module, path: s.mjs, options: { folder: . } }';
    await writeFile(join(folder, 'b.yaml'), withPath('b.nwb').replace(SOURCE, module));
    await writeFile(join(folder, 's.mjs'), slow);
    const args = ['convert', 'a.yaml', 'b.yaml', 'c.yaml', 'd.yaml', '-w', '1'];
    const { child, ended } = start(args, folder);
    while (!existsSync(join(folder, 'reading')) && child.exitCode === null) await sleep(5);
    child.kill('SIGINT');
    await sleep(100);
    await writeFile(join(folder, 'release'), '');
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(130);
    expect(stdout).toMatch(/^\[1\/4\] a\.yaml: .*\n$/);
    expect(stderr).toMatch(
      /^interrupted by SIGINT: .*\nc\.yaml and the 1 after it were not begun\n$/,
    );
    expect((await outputs(folder)).filter((name) => /^[cd]/.test(name))).toEqual([]);
  });
});

test('what would be wrong for several manifests is refused before anything is written', async () => {
  await withSession(async (folder) => {
    await manifests(folder, 'a', 'b');
    await writeFile(join(folder, 'same.yaml'), withPath(join(folder, 'a.nwb')));
    const refused = async (...args: string[]) => {
      const { code, stdout, stderr } = await hyperslab(['convert', ...args], folder);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      return stderr;
    };
    expect(await refused('a.yaml', 'b.yaml', '-o', 'out.nwb')).toBe(
      'error: Expected one manifest with --output but received 2; without it, each names its output under the key path\n',
    );
    const output = join(folder, 'a.nwb');
    expect(await refused('b.yaml', 'a.yaml', 'same.yaml')).toBe(
      `error: a.yaml and same.yaml would both write ${output}; give each a path of its own\n`,
    );
    expect(await refused('a.yaml', 'b.yaml', '--set', 'path=a.nwb')).toBe(
      `error: a.yaml and b.yaml would both write ${output}; give each a path of its own\n`,
    );
    expect(await refused('a.yaml', 'a.yaml')).toBe(
      'error: a.yaml is given twice; give each manifest once\n',
    );
    // Wrong for all: said once.
    expect(await refused('a.yaml', 'b.yaml', '--memory', 'much')).toMatch(
      /^error: .* for --memory but received 'much'.*\nb\.yaml was not begun\n$/,
    );
    expect(await outputs(folder)).toEqual([]);
  });
});

test('--skip-existing skips complete files only', async () => {
  await withSession(async (folder) => {
    const path = join(folder, 'session.nwb');
    await converted(folder);
    const before = await readFile(path);
    const args = ['convert', 'session.yaml', '--skip-existing'];
    const skipped = await hyperslab(args, folder);
    expect(skipped).toEqual({ code: 0, stdout: `skipped, ${path} is complete\n`, stderr: '' });
    expect(await readFile(path)).toEqual(before);
    const { stdout } = await hyperslab([...args, '--json'], folder);
    expect(JSON.parse(stdout)).toEqual({ path, skipped: true });

    await copyFile(path, join(folder, 'copy.nwb'));
    await truncate(join(folder, 'copy.nwb'), 3000);
    const cut = await hyperslab([...args, '--output', 'copy.nwb'], folder);
    expect(cut).toMatchObject({ code: 5, stdout: '' });
    expect(cut.stderr).toMatch(
      /^error: .*copy\.nwb exists but is not a complete file: .*; pass --overwrite to replace it\n$/,
    );
    const written = await hyperslab([...args, '-q', '--output', 'new.nwb'], folder);
    expect(written).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(inspect(join(folder, 'new.nwb')).neurodataType).toBe('NWBFile');
  });
});
