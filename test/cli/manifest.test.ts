import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ManifestError } from '../../src/cli/errors.js';
import { type Manifest, withManifest } from '../../src/cli/manifest.js';
import { DescriptionError, plan } from '../../src/index.js';
import { MANIFEST, withFolder, withSession } from './run.js';

function load(content: string | Uint8Array, name = 'm.yaml'): Promise<Manifest> {
  return withFolder(async (folder) => {
    const path = join(folder, name);
    await writeFile(path, content);
    return withManifest(path, async (manifest) => manifest);
  });
}

test('times, yes and no stay text; numbers, null and true do not', async () => {
  const { description } = await load(
    'a: 2026-01-15T10:00:00Z\nb: yes\nc: [1.5e-6, null, true, 0x10]',
  );
  expect(description).toEqual({ a: '2026-01-15T10:00:00Z', b: 'yes', c: [1.5e-6, null, true, 16] });
});

test('a directive does not change what the text means', async () => {
  const { description } = await load('%YAML 1.1\n---\na: 2026-01-15\nb: yes\n');
  expect(description).toEqual({ a: '2026-01-15', b: 'yes' });
});

test('reads JSON with tabs, a byte order mark, Windows line ends', async () => {
  expect((await load('{\n\t"a": [1,\n\t\t2]}', 'm.json')).description).toEqual({ a: [1, 2] });
  expect((await load('\ufeffa: 1\r\nb: 2\r\n')).description).toEqual({ a: 1, b: 2 });
});

test('anchors and merge keys save repetition', async () => {
  const { description } = await load('a: &s { x: 1, y: 2 }\nb: { <<: *s, y: 3 }\n');
  expect(description).toEqual({ a: { x: 1, y: 2 }, b: { x: 1, y: 3 } });
});

test('problems of the description have the lines of the manifest', async () => {
  const wrong = MANIFEST.replace('rate: 30000\n', 'rate: -1\n')
    .replace('dtype: int16', 'dtype: int17')
    .replace('  identifier: m1-2026-01-15\n', '');
  await withSession(async (folder) => {
    const path = join(folder, 'session.yaml');
    const error = await withManifest(path, ({ description, baseDir }) =>
      plan(description, { baseDir }),
    ).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ManifestError);
    expect(error.cause).toBeInstanceOf(DescriptionError);
    const lines = error.message.split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/session.yaml:2: .* for nwbfile.identifier but received nothing$/);
    expect(lines[1]).toMatch(/session.yaml:15: .* for acquisition\[0\].data.source.dtype but /);
    expect(lines[2]).toMatch(/session.yaml:12: .* for acquisition\[0\].rate but received -1$/);
  }, wrong);
});
