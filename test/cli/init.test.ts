import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { initCommand } from '../../src/cli/init/init-command.js';
import { readDefinitions, schemaPath } from '../../src/cli/init/manifest-schema.js';
import { manifestTemplate } from '../../src/cli/init/manifest-template.js';
import { type Description, plan } from '../../src/index.js';
import { hyperslab, withFolder, withSession } from './run.js';

const VALUES: Readonly<Record<string, string>> = {
  sessionDescription: 'probe in CA1',
  identifier: 'm1-2026-01-15',
  sessionStartTime: '2026-01-15T10:00:00+01:00',
  location: 'CA1',
  description: 'the only shank',
  conversion: '2.34375e-6',
  rate: '30000',
  unit: 'volts',
  count: '5',
  path: 'ap.bin',
  dtype: 'int16',
  shape: '[null, 5]',
};

/** The manifest as a user fills it in. */
function filledIn(text: string): string {
  return text.replaceAll(/(\w+): # required:/g, (_, key: string) => `${key}: ${VALUES[key]} #`);
}

/** The manifest with all keys in use: the marks of comments are removed from keys. */
function allInUse(text: string): string {
  return text.replaceAll(/^( *)# (?=( {2})?\w+:)/gm, '$1');
}

test('init writes a manifest that names the missing keys, and that plan accepts once they are filled in', async () => {
  await withSession(async (folder) => {
    const args = ['init', 'new.yaml', '--raw', 'ap.bin', '--channels', '5'];
    const ran = await hyperslab([...args, '--rate', '1000', '--dtype', 'int16'], folder);
    expect(ran).toEqual({
      code: 0,
      stderr: '',
      stdout: `ap.bin: 5 channels of int16, 5,000 samples, 5.00 s at 1000 Hz
Wrote new.yaml. Fill in the keys marked "# required", then run hyperslab plan new.yaml
`,
    });
    const text = await readFile(join(folder, 'new.yaml'), 'utf8');
    expect(text).toMatch(/^# yaml-language-server: \$schema=\S+\/schema\/manifest\.schema\.json\n/);
    expect(text).toContain(
      '  sessionDescription: # required: What was done in this session, in a sentence.\n',
    );
    for (const command of ['plan', 'convert']) {
      const { code, stderr } = await hyperslab([command, 'new.yaml'], folder);
      expect(code).toBe(2);
      expect(stderr).toContain(
        'error: new.yaml:11: Expected a text for nwbfile.sessionDescription but received null (a key without a value)\n',
      );
    }
    const description: Description = parse(filledIn(text));
    const { path, datasets } = await plan(description, { baseDir: folder });
    expect(path).toBe(join(folder, 'new.nwb'));
    expect(datasets).toMatchObject([{ shape: [5000, 5], dtype: 'int16' }]);
  });
});

test.each(['ElectricalSeries', 'TimeSeries'] as const)(
  'a template of %s of which nothing is known becomes a valid manifest',
  async (type) => {
    await withSession(async (folder) => {
      const known = { type, output: 'a.nwb' };
      const text = manifestTemplate(known, readDefinitions(), './schema.json', 'a.yaml');
      const filled = filledIn(text);
      expect(filled).not.toContain('undefined');
      const { datasets } = await plan(parse(filled), { baseDir: folder });
      expect(datasets).toMatchObject([{ path: `/acquisition/${type}/data`, shape: [5000, 5] }]);
      const { nwbfile, acquisition } = parse(allInUse(filled));
      expect(Object.keys(nwbfile.subject)).toEqual(['subjectId', 'species', 'sex', 'age']);
      expect(acquisition[0].data).toMatchObject({ compression: 'gzip', compressionOpts: 4 });
    });
  },
);

const FLAGS = { type: 'ElectricalSeries', raw: 'ap.bin' } as const;

test.each([
  [
    { channels: 7, dtype: 'int16' },
    / whole samples of 14 bytes \(7 channels of int16\) .*50,000 b/,
  ],
  [{ channels: 5, dtype: 'int16', offset: 3 }, /but received 49,997 bytes; check --channels/],
  [
    { channels: 5, dtype: 'int16', offset: 60_000 },
    / at most 50000, the size of .*ap\.bin, for --/,
  ],
  [{ dtype: 'short' }, /^Expected one of int8, .*float64 for --dtype but received 'short'$/],
])(
  'init refuses %o, which does not fit the recording, and writes nothing',
  async (flags, message) => {
    await withSession(async (folder) => {
      const path = join(folder, 'new.yaml');
      const all = { ...FLAGS, ...flags, raw: join(folder, 'ap.bin') };
      await expect(initCommand(path, all)).rejects.toThrow(message);
      await expect(readFile(path)).rejects.toThrow('ENOENT');
    });
  },
);

test('init refuses to replace a file, and paths that are no manifest', async () => {
  await withFolder(async (folder) => {
    const path = join(folder, 'old.yaml');
    await writeFile(path, 'mine');
    const init = (name: string) => initCommand(join(folder, name), { type: 'TimeSeries' });
    await expect(init('old.yaml')).rejects.toThrow('already exists; choose another path');
    expect(await readFile(path, 'utf8')).toBe('mine');
    await expect(init('none/a.yaml')).rejects.toThrow('its folder does not exist');
    await expect(init('a.nwb')).rejects.toThrow('a path that ends in .yaml or .yml');
  });
});

test('a path with a line break stays one value of the manifest', () => {
  const output = 'a\nnwbfile: #: b.nwb';
  const known = { type: 'TimeSeries', output, raw: output } as const;
  const text = manifestTemplate(known, readDefinitions(), './schema.json', 'a.yaml');
  const { path, acquisition } = parse(text);
  expect([path, acquisition[0].data.source.path]).toEqual([output, output]);
});

test('the schema that editors load is that of the package installed at or above the manifest', async () => {
  await withFolder(async (folder) => {
    const inner = join(folder, 'recordings', 'm1');
    const schema = join(folder, 'node_modules', 'hyperslab', 'schema');
    await mkdir(inner, { recursive: true });
    expect(schemaPath(inner)).toMatch(/^file:\/\/\/.*\/schema\/manifest\.schema\.json$/);
    await mkdir(schema, { recursive: true });
    await writeFile(join(schema, 'manifest.schema.json'), '{}');
    const path = 'node_modules/hyperslab/schema/manifest.schema.json';
    expect(schemaPath(inner)).toBe(`../../${path}`);
    expect(schemaPath(folder)).toBe(`./${path}`);
  });
});
