import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { File } from '../../src/hdf5/index.js';
import { damage, forgetChecksums, keepChecksums } from '../support/checksums.js';
import { COLUMNS, converted, hyperslab, MANIFEST, withSession } from './run.js';

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
    await converted(folder);
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
    await converted(folder);
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
    await writeFile(join(folder, 'empty.nwb'), '');
    const manifest = await hyperslab(['verify', 'empty.nwb', 'none.yaml'], folder);
    expect(manifest.code).toBe(2);
    expect(manifest.stderr).toMatch(/^error: .*none.yaml.*\n$/);
  });
});

const AP = '/acquisition/ElectricalSeriesAP/data';
const SYNC = '/acquisition/Sync/data';

test('verify without a manifest compares the chunks with their checksums', async () => {
  await withSession(async (folder) => {
    await converted(folder);
    const path = join(folder, 'session.nwb');
    keepChecksums(path, AP, SYNC);
    const sound = await hyperslab(['verify', 'session.nwb'], folder);
    expect(sound).toMatchObject({ code: 0, stderr: '' });
    expect(sound.stdout).toContain(`intact     ${AP}: 5 chunks, `);
    expect(sound.stdout).toMatch(/session.nwb matches its checksums: \d+ chunks in 2 datasets, /);
    const quiet = await hyperslab(['verify', 'session.nwb', '-q'], folder);
    expect(quiet).toEqual({ code: 0, stdout: '', stderr: '' });

    damage(path, AP, [2000, 0]);
    const { code, stdout, stderr } = await hyperslab(['verify', 'session.nwb', '-q'], folder);
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
    const [problem, summary, ...rest] = stdout.split('\n');
    expect(problem).toMatch(
      /^DAMAGED {4}\/acquisition\/ElectricalSeriesAP\/data: chunk \[2000:3000, 0:4\]: Expected the checksum /,
    );
    expect(summary).toMatch(/session.nwb is damaged in 1 of 2 datasets$/);
    expect(rest).toEqual(['']);
    const json = await hyperslab(['verify', 'session.nwb', '--json', '-w', '1'], folder);
    expect({ code: json.code, stderr: json.stderr }).toEqual({ code: 3, stderr: '' });
    expect(JSON.parse(json.stdout)).toMatchObject({
      state: 'damaged',
      equal: false,
      datasets: [
        { path: AP, state: 'damaged', equal: false },
        { path: SYNC, state: 'intact', equal: true },
      ],
      unchecked: [],
    });
  });
});

/** Makes a file as another program would, that has a chunk more than its checksums know of. */
function appendRow(path: string): void {
  using file = new File(path, 'r+');
  using data = file.dataset(AP);
  data.resize([5001, 4]);
  data.write(Int16Array.of(1, 2, 3, 4), { start: [5000, 0], count: [1, 4] });
}

test('verify without a manifest tells a file that another program changed from a damaged one', async () => {
  const grows = MANIFEST.replace(
    'chunks: [1000, 4]',
    'chunks: [1000, 4]\n      maxshape: [null, 4]',
  );
  await withSession(async (folder) => {
    await converted(folder);
    const path = join(folder, 'session.nwb');
    appendRow(path);
    const outdated = await hyperslab(['verify', 'session.nwb', '-q'], folder);
    expect({ ...outdated, stdout: outdated.stdout.split('\n') }).toEqual({
      code: 4,
      stderr: '',
      stdout: [
        `OUTDATED   ${AP}: changed by another program since its checksums were taken: the shape [5000, 4] became [5001, 4]; 1 chunk without a checksum`,
        `${path} cannot be confirmed: another program changed 1 of 2 datasets after the checksums were taken; verify the file with its manifest, which compares every value`,
        '',
      ],
    });
    damage(path, SYNC, [0, 0]);
    const damaged = await hyperslab(['verify', 'session.nwb', '--json'], folder);
    expect(damaged).toMatchObject({ code: 3, stderr: '' });
    expect(JSON.parse(damaged.stdout)).toMatchObject({
      state: 'damaged',
      datasets: [{ state: 'outdated' }, { state: 'damaged' }],
    });
  }, grows);
});

test('verify without a manifest names what has no checksums', async () => {
  await withSession(async (folder) => {
    await converted(folder);
    const path = join(folder, 'session.nwb');
    keepChecksums(path, AP);
    forgetChecksums(path, SYNC);
    const part = await hyperslab(['verify', 'session.nwb'], folder);
    expect(part.code).toBe(0);
    expect(part.stdout).toContain(`\nunchecked  ${SYNC}: has no checksums\n`);
    forgetChecksums(path, AP);
    const none = await hyperslab(['verify', 'session.nwb'], folder);
    expect(none).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: ${path} has no checksums (hyperslab keeps them in /hyperslab); give the description, or the manifest, to compare the file with its sources\n`,
    });
  });
});
