import { access, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hyperslab, MANIFEST, withSession } from './run.js';

const NESTED = MANIFEST.replace(
  /source: \{.*'0:4' \}/,
  'source: { type: concat, sources: [{ type: module, path: m.mjs }] }',
);
const MODULE = `
  import { existsSync, writeFileSync } from 'node:fs';
  writeFileSync(new URL('ran', import.meta.url), '');
  export const open = () => ({
    dtype: 'int16',
    shape: [40000, 4],
    read([from], [rows]) {
      if (from >= 20000 && !existsSync(new URL('repaired', import.meta.url))) throw new Error('not yet');
      return new Int16Array(4 * rows);
    },
  });`;
const FILL = 'path: a.h5\ndatasets:\n  /a: { type: module, path: m.mjs }\n';

test('--no-modules runs no module of a manifest, and names its line', async () => {
  await withSession(async (folder) => {
    await writeFile(join(folder, 'm.mjs'), MODULE);
    await writeFile(join(folder, 'fill.yaml'), FILL);
    await writeFile(join(folder, 'empty.nwb'), '');
    const line = NESTED.split('\n').findIndex((text) => text.includes('m.mjs')) + 1;
    const before = (await readdir(folder)).sort();
    const refusal = (where: string, what: string) => ({
      code: 2,
      stdout: '',
      stderr: `error: ${where}: Expected a source that runs no code (--no-modules is set) for ${what} but received the module ${join(folder, 'm.mjs')}\n`,
    });
    const at = 'acquisition[0].data.source.sources[0]';
    for (const args of [
      ['convert', 'session.yaml'],
      ['convert', 'session.yaml', '--resume'],
      ['plan', 'session.yaml'],
      ['verify', 'empty.nwb', 'session.yaml'],
    ])
      expect(await hyperslab([...args, '--no-modules'], folder)).toEqual(
        refusal(`session.yaml:${line}`, at),
      );
    expect(await hyperslab(['fill', 'fill.yaml', '--no-modules'], folder)).toEqual(
      refusal('fill.yaml:3', 'datasets./a'),
    );
    expect((await readdir(folder)).sort()).toEqual(before);
  }, NESTED);
});

test('--no-modules runs no module of a journal', async () => {
  await withSession(async (folder) => {
    await writeFile(join(folder, 'm.mjs'), MODULE);
    expect((await hyperslab(['convert', 'session.yaml', '-w', '2'], folder)).code).toBe(1);
    await rm(join(folder, 'ran'));
    await writeFile(join(folder, 'repaired'), '');
    const journal = join(folder, 'session.nwb.journal');
    for (const command of ['resume', 'recover']) {
      const { code, stdout, stderr } = await hyperslab(
        [command, 'session.nwb', '--no-modules'],
        folder,
      );
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toBe(
        `error: Expected a source that runs no code (--no-modules is set) for /acquisition/ElectricalSeriesAP/data in ${journal} but received the module ${join(folder, 'm.mjs')}\n`,
      );
    }
    await expect(access(join(folder, 'ran'))).rejects.toThrow();
    // A file is checked as ever.
    expect((await hyperslab(['resume', 'session.nwb', '-q'], folder)).code).toBe(0);
    expect((await hyperslab(['verify', 'session.nwb', '-q', '--no-modules'], folder)).code).toBe(0);
  }, NESTED);
});
