import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readSpecificationsFolder } from '../../src/schema/index.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hyperslab-schema-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, text: string) {
  const file = join(folder, name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

const namespace = (name: string, version: string, parts: string[]) =>
  `- name: ${name}\n  version: ${version}\n  doc: d\n  schema:\n${parts
    .map((part) => `  - ${part}\n`)
    .join('')}`;

async function writeSchema() {
  const core = namespace('core', '2.9.0', ['namespace: common', 'source: nwb.base.yaml']);
  await write('core/nwb.namespace.yaml', `namespaces:\n${core}`);
  await write('core/nwb.base.yaml', 'groups:\n- neurodata_type_def: A\n  quantity: 1\n');
  const common = namespace('common', '1.8.0', ['source: table.yaml']);
  const other = namespace('experimental', '0.5.0', ['source: none.yaml']);
  await write('common/namespace.yaml', `# a comment\nnamespaces:\n${common}\n${other}`);
  await write('common/table.yaml', 'datasets: []\n');
}

it('readSpecificationsFolder reads core and the namespaces that it includes, but no others', async () => {
  await writeSchema();
  const specifications = await readSpecificationsFolder(folder);
  expect(Object.keys(specifications)).toEqual(['core', 'common']);
  expect(specifications.core.version).toBe('2.9.0');
  const { files } = specifications.core;
  expect(JSON.parse(files['nwb.base'])).toEqual({
    groups: [{ neurodata_type_def: 'A', quantity: 1 }],
  });
  expect(JSON.parse(files.namespace)).toEqual({
    namespaces: [
      {
        name: 'core',
        version: '2.9.0',
        doc: 'd',
        schema: [{ namespace: 'common' }, { source: 'nwb.base' }],
      },
    ],
  });
  expect(Object.keys(specifications.common.files).sort()).toEqual(['namespace', 'table']);
});

it('readSpecificationsFolder accepts a namespace in two places but not in two versions', async () => {
  await writeSchema();
  const common = namespace('common', '1.8.0', ['source: table.yaml']);
  await write('copy/namespace.yaml', `namespaces:\n${common}`);
  await expect(readSpecificationsFolder(folder)).resolves.toBeDefined();
  await write('copy/namespace.yaml', `namespaces:\n${common.replace('1.8.0', '1.9.0')}`);
  await expect(readSpecificationsFolder(folder)).rejects.toThrow(
    /^Expected one version of 'common' .* but received 1\.8\.0 .* and 1\.9\.0 /,
  );
});

it('readSpecificationsFolder refuses missing or invalid files', async () => {
  const read = () => readSpecificationsFolder(folder);
  await expect(read()).rejects.toThrow(`Expected the namespace 'core' for specifications in`);
  await writeSchema();
  await rm(join(folder, 'common'), { recursive: true });
  await expect(read()).rejects.toThrow("Expected the namespace 'common'");
  await write('common/namespace.yaml', 'namespaces: [');
  await expect(read()).rejects.toThrow('Expected a YAML file');
  await write('common/namespace.yaml', 'nothing: here');
  await expect(read()).rejects.toThrow("Expected a list 'namespaces'");
  await expect(readSpecificationsFolder(join(folder, 'none'))).rejects.toThrow(
    'Expected a folder of schema YAML',
  );
});
