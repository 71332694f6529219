import { execFileSync } from 'node:child_process';
import { link, readdir, readFile, writeFile } from 'node:fs/promises';
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
    const problem = `${path} already exists; pass --overwrite to replace it`;
    expect(planned.stderr).toBe(`warning: ${problem}\n`);
    const converted = await hyperslab(['convert', 'session.yaml', '-o', 'old.nwb'], folder);
    expect(converted).toMatchObject({ code: 5, stderr: `error: ${problem}\n` });
  });
});

test.each<{
  what: string;
  output?: string;
  flags?: string[];
  /** Runs in the folder first, in a shell. */
  given?: string;
  message: RegExp;
}>([
  {
    what: 'an input as its output',
    output: 'ap.bin',
    message: /ap\.bin would overwrite an input, [^\n]*; choose another path/,
  },
  {
    what: 'a folder that does not exist',
    output: 'none/a.nwb',
    message: /a\.nwb can't be written: folder [^\n]*none doesn't exist/,
  },
  { what: 'a folder below a file', output: 'ap.bin/a.nwb', message: /ap\.bin is not a folder/ },
  { what: 'a folder', output: '.', message: / is a folder; name a file/ },
  { what: 'a device', output: '/dev/null', message: / is a device; name a file/ },
  { what: 'a circle', output: 'l.nwb', given: 'ln -s l.nwb l.nwb', message: /form a loop/ },
  {
    what: 'a name that is too long',
    output: `${'n'.repeat(250)}.nwb`,
    message: /n\.nwb can't be written: its name with \.partial has 262 bytes, more/,
  },
  { what: 'the manifest', output: 'session.yaml', message: /an output other than the manifest/ },
  {
    what: 'a folder in the place of the partial file',
    given: 'mkdir session.nwb.partial',
    message: /session\.nwb\.partial is a folder; remove it/,
  },
  {
    what: "something else in the journal's place",
    given: 'echo notes >session.nwb.journal',
    message: /session\.nwb\.journal is not a journal of hyperslab/,
  },
  { what: 'too many workers', flags: ['-w', '2000'], message: /1024 for --workers/ },
  { what: 'too little memory', flags: ['-m', '1KiB'], message: /raise --memory/ },
  { what: 'an amount that is none', flags: ['-m', 'much'], message: /for --memory but/ },
  { what: 'a missing source', given: 'rm ap.bin', message: /session\.yaml:16: acquisition/ },
])('plan refuses $what as convert does', async ({ output, flags = [], given, message }) => {
  await withSession(async (folder) => {
    if (given) execFileSync('sh', ['-c', given], { cwd: folder });
    const args = ['session.yaml', ...(output ? ['-o', output] : []), ...flags];
    const [planned, converted] = await Promise.all(
      ['plan', 'convert'].map((command) => hyperslab([command, ...args], folder)),
    );
    expect(planned).toEqual(converted);
    expect(planned).toMatchObject({ code: 2, stdout: '' });
    expect(planned.stderr).toMatch(/^error: [^\n]*\n$/);
    expect(planned.stderr).toMatch(message);
  });
});

test('plan refuses a partial file with a second name, as convert --overwrite does', async () => {
  await withSession(async (folder) => {
    await writeFile(join(folder, 'session.nwb.partial'), 'dear');
    await link(join(folder, 'session.nwb.partial'), join(folder, 'copy'));
    const planned = await hyperslab(['plan', 'session.yaml'], folder);
    const converted = await hyperslab(['convert', 'session.yaml', '--overwrite'], folder);
    expect(planned).toEqual(converted);
    expect(planned.code).toBe(2);
    expect(planned.stderr).toMatch(/\.partial also exists under another name [^\n]*is kept\n$/);
    expect(await readFile(join(folder, 'copy'), 'utf8')).toBe('dear');
  });
});
