import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { COLUMNS, hyperslab, withSession } from './run.js';

test('verify finds a converted file equal', async () => {
  await withSession(async (folder) => {
    await hyperslab(['convert', 'session.yaml', '--quiet'], folder);
    const { code, stdout, stderr } = await hyperslab(
      ['verify', 'session.nwb', 'session.yaml'],
      folder,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('equal    /acquisition/ElectricalSeriesAP/data: 20,000 values\n');
    expect(stdout).toContain('session.nwb is equal to its sources: ');
    const quiet = await hyperslab(['verify', 'session.nwb', 'session.yaml', '-q'], folder);
    expect(quiet).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});

test('verify names the first value that differs', async () => {
  await withSession(async (folder) => {
    await hyperslab(['convert', 'session.yaml', '--quiet'], folder);
    const file = await open(join(folder, 'ap.bin'), 'r+');
    await file.write(new Uint8Array(Int16Array.of(-7).buffer), 0, 2, (3210 * COLUMNS + 2) * 2);
    await file.close();
    const args = ['verify', 'session.nwb', 'session.yaml', '--quiet'];
    const { code, stdout, stderr } = await hyperslab(args, folder);
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
    const stored = (3210 * COLUMNS + 2) ** 2 % 1013;
    const [difference, summary] = stdout.split('\n');
    expect(difference).toBe(
      `DIFFERS  /acquisition/ElectricalSeriesAP/data: first difference at [3210, 2]: -7 in the source, ${stored} in the file`,
    );
    expect(summary).toMatch(/session.nwb differs from its sources in 1 of \d+ datasets$/);
    const json = await hyperslab([...args, '--json'], folder);
    expect(json.code).toBe(3);
    const { equal, datasets } = JSON.parse(json.stdout);
    expect(equal).toBe(false);
    expect(datasets.filter((one: { equal: boolean }) => !one.equal)).toMatchObject([
      { difference: { index: [3210, 2], source: -7, file: stored } },
    ]);
  });
});

test('verify finds a changed field of the session', async () => {
  await withSession(async (folder) => {
    await hyperslab(['convert', 'session.yaml', '--quiet'], folder);
    const manifest = await readFile(join(folder, 'session.yaml'), 'utf8');
    await writeFile(join(folder, 'other.yaml'), manifest.replace('m1-2026', 'm2-2026'));
    const { code, stdout } = await hyperslab(['verify', 'session.nwb', 'other.yaml'], folder);
    expect(code).toBe(3);
    expect(stdout).toContain('DIFFERS  /identifier: ');
  });
});

test('verify refuses a file or a manifest that is not there', async () => {
  await withSession(async (folder) => {
    const file = await hyperslab(['verify', 'none.nwb', 'session.yaml'], folder);
    expect(file.code).toBe(2);
    expect(file.stderr).toMatch(/^error: .*none.nwb.*\n$/);
    const manifest = await hyperslab(['verify', 'ap.bin', 'none.yaml'], folder);
    expect(manifest.code).toBe(2);
    expect(manifest.stderr).toMatch(/^error: .*none.yaml.*\n$/);
  });
});
