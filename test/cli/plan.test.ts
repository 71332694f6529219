import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hyperslab, withSession } from './run.js';

/** The lines about series, for the recording of the tests. */
const SERIES =
  /^\/acquisition\/ElectricalSeriesAP +0\.17 s +4 channels +-?\S+ .?V to \S+ .?V, RMS \S+ .?V\n\/acquisition\/Sync +0\.17 s +1 channel +/m;

test('plan tells what convert would write, and writes nothing', async () => {
  await withSession(async (folder) => {
    const before = await readdir(folder);
    const { code, stdout, stderr } = await hyperslab(['plan', 'session.yaml'], folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`/acquisition/ElectricalSeriesAP/data
  shape     5000 x 4 of int16
  maxshape  5000 x 4
  chunks    1000 x 4, 7.81 KiB, 5 chunks, index btree-v1
  filters   shuffle + gzip 4
`);
    expect(stdout).toMatch(SERIES);
    expect(stdout).toMatch(/jobs {6}\d+ x 4, \d jobs?\n/);
    expect(stdout).toMatch(/size {5}48.8 KiB -> about /);
    expect(stdout).toContain(`output   ${join(folder, 'session.nwb')}\nNothing was written.`);
    expect(await readdir(folder)).toEqual(before);
  });
});

test('plan --json prints the plan alone', async () => {
  await withSession(async (folder) => {
    const args = ['plan', 'session.yaml', '--json', '--workers', '1', '--memory', '8388608'];
    const { code, stdout, stderr } = await hyperslab(args, folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      memory: { allowed: 2 ** 23 },
      datasets: [{ chunkCount: 5 }, { shape: [5000, 1] }],
    });
  });
});

test('plan says that the output is there already', async () => {
  await withSession(async (folder) => {
    const path = join(folder, 'old.nwb');
    await writeFile(path, '');
    const planned = await hyperslab(['plan', 'session.yaml', '-o', 'old.nwb'], folder);
    expect(planned.code).toBe(0);
    const problem = `${path} already exists; pass overwrite to replace it`;
    expect(planned.stderr).toBe(`warning: ${problem}\n`);
    const converted = await hyperslab(['convert', 'session.yaml', '-o', 'old.nwb'], folder);
    expect(converted).toMatchObject({ code: 2, stderr: `error: ${problem}\n` });
  });
});

test('plan refuses an output that convert would refuse', async () => {
  await withSession(async (folder) => {
    for (const [output, message] of [
      ['ap.bin', /ap\.bin would overwrite an input, [^\n]*; choose another path/],
      ['none/a.nwb', /a\.nwb can't be written: folder [^\n]*none doesn't exist/],
      ['.', / is a folder; name a file/],
      [
        `${'n'.repeat(250)}.nwb`,
        /n\.nwb can't be written: its name with \.partial has 262 bytes, more/,
      ],
    ] as const) {
      const [planned, converted] = await Promise.all(
        ['plan', 'convert'].map((command) =>
          hyperslab([command, 'session.yaml', '-o', output], folder),
        ),
      );
      expect(planned).toEqual(converted);
      expect(planned).toMatchObject({ code: 2, stdout: '' });
      expect(planned.stderr).toMatch(/^error: [^\n]*\n$/);
      expect(planned.stderr).toMatch(message);
    }
  });
});
