import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { converted, hyperslab, hyperslabOn, MANIFEST, withSession } from './run.js';

test('convert and verify read a manifest from standard input', async () => {
  await withSession(async (folder) => {
    await mkdir(join(folder, 'manifests'));
    const { code, stderr } = await hyperslabOn(MANIFEST, ['convert', '-', '-q'], folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const args = ['verify', 'session.nwb', '-'];
    const verified = await hyperslabOn(MANIFEST, args, folder);
    expect(verified.code).toBe(0);
    expect(verified.stdout).toMatch(/session\.nwb is equal to its sources/);
  });
});

test('one of several manifests may come from standard input', async () => {
  await withSession(async (folder) => {
    const other = MANIFEST.replace('session.nwb', 'other.nwb').replace('rate: 30000', 'rate: x');
    const args = ['convert', 'session.yaml', '-'];
    const { code, stdout, stderr } = await hyperslabOn(other, args, folder);
    const message = "<stdin>:13: Expected a number for acquisition[0].rate but received 'x'";
    expect(code).toBe(2);
    expect(stderr).toContain(`error: ${message}\n`);
    expect(stderr).toContain(`failed: ${message}\n`);
    expect(stdout).toMatch(/^\[1\/2\] session\.yaml: .*\n$/);
  });
});

test('plan refuses what is no manifest on standard input', async () => {
  await withSession(async (folder) => {
    const plan = ['plan', '-'];
    const expected = (what: string) => ({
      code: 2,
      stdout: '',
      stderr: `error: Expected a manifest on stdin but received ${what}\n`,
    });
    expect(await hyperslab(plan, folder)).toEqual(expected('nothing'));
    expect(await hyperslabOn(new Uint8Array([65, 0, 66]), plan, folder)).toEqual(
      expected('a binary file (it has NUL bytes)'),
    );
    const hdf5 = Buffer.from('\x89HDF\r\n\x1a\n\0', 'latin1');
    expect(await hyperslabOn(hdf5, plan, folder)).toEqual(expected('an HDF5 file'));
    expect(await hyperslabOn('path: [', plan, folder)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error: <stdin>:1:8: /),
    });
    const missing = MANIFEST.replaceAll('ap.bin', 'gone.bin');
    const { stderr } = await hyperslabOn(missing, [...plan, '--json'], folder);
    expect(stderr).toMatch(/^error: <stdin>:16: acquisition\[0\]\.data\.source\.path: /);
  });
});

test('a file of the name - is given as ./-', async () => {
  await withSession(async (folder) => {
    await writeFile(join(folder, '-'), MANIFEST);
    await converted(folder, './-');
    expect(await readdir(folder)).toContain('session.nwb');
  });
});
