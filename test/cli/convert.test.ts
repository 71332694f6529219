import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Description, inspect } from '../../src/index.js';
import { COLUMNS, hyperslab, MANIFEST, ROWS, withSession } from './run.js';

test('convert writes the file and says what it did', async () => {
  await withSession(async (folder) => {
    const { code, stdout, stderr } = await hyperslab(['convert', 'session.yaml'], folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^\/acquisition\/ElectricalSeriesAP +0\.17 s +4 channels +.* RMS /);
    expect(stdout).toContain('/acquisition/ElectricalSeriesAP/data  int16 5000 x 4  1000 x 4');
    expect(stdout).toContain('shuffle + gzip 4');
    expect(stdout).toMatch(/48.8 KiB -> \S+ \S+ \(\d+\.\d %\) in /);
    expect(stdout).toMatch(/peak memory \d+/);
    expect(stdout.trimEnd().endsWith(join(folder, 'session.nwb'))).toBe(true);
    expect(inspect(join(folder, 'session.nwb')).neurodataType).toBe('NWBFile');
  });
});

test('convert --json prints the report alone', async () => {
  await withSession(async (folder) => {
    const args = ['convert', 'session.yaml', '--json', '--workers', '1', '--libver', 'v110'];
    const { code, stdout, stderr } = await hyperslab(args, folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      path: join(folder, 'session.nwb'),
      workers: 1,
      libver: 'v110',
      rawBytes: ROWS * COLUMNS * 2,
      series: [
        { channels: 4, unit: 'volts' },
        { path: '/acquisition/Sync', channels: 1 },
      ],
      datasets: [{ shape: [5000, 4], chunks: [1000, 4] }, { shape: [5000, 1] }],
    });
  });
});

test('convert reads JSON manifests, from anywhere, and writes where --output says', async () => {
  await withSession(async (folder) => {
    const description: Description = {
      path: 'ignored.nwb',
      nwbfile: {
        sessionDescription: 'x',
        identifier: 'x',
        sessionStartTime: '2026-01-15T10:00:00Z',
      },
    };
    await writeFile(join(folder, 'session.json'), JSON.stringify(description, null, '\t'));
    await mkdir(join(folder, 'elsewhere'));
    const args = ['convert', '../session.json', '-o', 'out.nwb', '--quiet'];
    const { code, stdout, stderr } = await hyperslab(args, join(folder, 'elsewhere'));
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toBe('warning: ../session.json:3: nwbfile.subject is missing\n');
    expect(await readdir(join(folder, 'elsewhere'))).toEqual(['out.nwb']);
    expect(existsSync(join(folder, 'ignored.nwb'))).toBe(false);
  });
});

test('convert replaces a file only with --overwrite', async () => {
  await withSession(async (folder) => {
    const path = join(folder, 'session.nwb');
    await writeFile(path, 'dear');
    const refused = await hyperslab(['convert', 'session.yaml'], folder);
    expect(refused.code).toBe(5);
    expect(refused.stderr).toMatch(/^error: .* already exists; pass --overwrite to replace it\n$/);
    expect(await readFile(path, 'utf8')).toBe('dear');
    const { code } = await hyperslab(['convert', 'session.yaml', '--overwrite'], folder);
    expect(code).toBe(0);
    expect((await stat(path)).size).toBeGreaterThan(1000);
  });
});

test('convert does not replace its manifest', async () => {
  await withSession(async (folder) => {
    const args = ['convert', 'session.yaml', '--overwrite', '-o', join(folder, 'session.yaml')];
    const { code, stderr } = await hyperslab(args, folder);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: Expected an output other than the manifest .*\n$/);
    expect(await readFile(join(folder, 'session.yaml'), 'utf8')).toBe(MANIFEST);
  });
});

test('convert refuses an output below a file', async () => {
  await withSession(async (folder) => {
    const { code, stderr } = await hyperslab(['convert', 'session.yaml', '-o', 'ap.bin/a'], folder);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^error: .* can't be written: .*ap\.bin is not a folder; choose another path\n$/,
    );
  });
});

const TALKING = `
  console.log('imported');
  export function open() {
    process.stdout.write('opened\\n');
    return {
      dtype: 'int16',
      shape: [4000, 4],
      read([from], [rows]) {
        console.log('read', from);
        return new Int16Array(rows * 4);
      },
    };
  }`;

test.each(['plan', 'convert'])(
  '%s --json prints a document, whatever a module says',
  async (name) => {
    const manifest = MANIFEST.replace(
      /source: \{.*'0:4' \}/,
      'source: { type: module, path: s.mjs }',
    );
    await withSession(async (folder) => {
      await writeFile(join(folder, 's.mjs'), TALKING);
      const { code, stdout, stderr } = await hyperslab([name, 'session.yaml', '--json'], folder);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ rawBytes: 42_000 });
      for (const line of ['imported', 'opened', 'read 0']) expect(stderr).toContain(`${line}\n`);
    }, manifest);
  },
);

const FAILING = `
  export function open() {
    return {
      dtype: 'int16',
      shape: [4000, 4],
      read([from], [rows]) {
        if (from + rows > 3500) throw new Error('the disk\\nis gone');
        return new Int16Array(rows * 4);
      },
    };
  }`;

test.each([
  { flags: [], left: ['session.nwb.journal', 'session.nwb.partial'] },
  { flags: ['--no-keep-partial'], left: [] },
])('a job that fails makes exit code 1, with $flags', async ({ flags, left }) => {
  const manifest = MANIFEST.replace(
    /source: \{.*'0:4' \}/,
    'source: { type: module, path: s.mjs }',
  );
  await withSession(async (folder) => {
    await writeFile(join(folder, 's.mjs'), FAILING);
    const { code, stderr } = await hyperslab(['convert', 'session.yaml', ...flags], folder);
    expect(code).toBe(1);
    const path = join(folder, 'session.nwb');
    const note = `note: finished work is kept; continue with \`hyperslab resume ${path}\`\n`;
    expect(stderr.startsWith(note)).toBe(left.length > 0);
    expect(stderr.replace(note, '')).toMatch(
      /^error: .*the disk is gone \(\/acquisition\/ElectricalSeriesAP\/data, \[.*\]\)\n$/,
    );
    const files = (await readdir(folder)).filter((name) => name.startsWith('session.nwb'));
    expect(files).toEqual(left);
  }, manifest);
});
