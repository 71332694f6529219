import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sample } from '../support/effort.js';
import { FIELDS, type ManifestCase, PATHS, TEXTS, YAML } from './manifests.js';
import {
  contents,
  converted,
  expectRefusal,
  GOOD,
  MANIFEST_FILE,
  ran,
  withRecording,
} from './refusal.js';

function put(folder: string, manifest: ManifestCase[1]): void {
  if (typeof manifest === 'function') manifest(folder);
  else writeFileSync(join(folder, MANIFEST_FILE), manifest);
}

describe.each([
  ['fields', FIELDS],
  ['paths', PATHS],
  ['texts', TEXTS],
  ['YAML', YAML],
])('%s: a user who', (_, cases) => {
  test.each(cases)('%s', async (_, manifest, messages) => {
    await withRecording(async (folder) => {
      put(folder, manifest);
      await expectRefusal(folder, () => converted(folder), messages);
    });
  });

  // A sample, because each case starts a process, and the command line prints the library's error.
  test.each(sample(cases, 5))('%s: the command line', async (...it) => {
    const [, manifest, messages] = it;
    await withRecording(async (folder) => {
      put(folder, manifest);
      const args = ['convert', MANIFEST_FILE, '--overwrite', '--json'];
      await expectRefusal(folder, () => ran(args, folder), messages);
    });
  });
});

test('the manifest from which all cases are made is valid', async () => {
  await withRecording(async (folder) => {
    put(folder, GOOD);
    expect(await converted(folder)).toEqual({ code: 0, lines: [] });
  });
});

test('an existing file is not changed', async () => {
  await withRecording(async (folder) => {
    put(folder, GOOD);
    const message = 'session.nwb already exists; pass --overwrite to replace it';
    await expectRefusal(folder, () => converted(folder, { overwrite: false }), message, 5);
    await expectRefusal(folder, () => ran(['convert', MANIFEST_FILE], folder), message, 5);
  });
});

test('a manifest with very many unknown fields is refused quickly', async () => {
  await withRecording(async (folder) => {
    const keys = Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`);
    put(folder, keys.join('\n'));
    const before = contents(folder);
    const { code, lines } = await converted(folder);
    expect(code).toBe(2);
    expect(lines.at(-1)).toBe('error: m.yaml: … and 19997 more');
    expect(contents(folder)).toEqual(before);
  });
});

test('names of JavaScript properties are names like any other', async () => {
  await withRecording(async (folder) => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      mkdirSync(join(folder, name));
      const manifest = GOOD.replace('session.nwb', `${name}/a.nwb`).replace('AP', name);
      put(folder, manifest);
      expect(await converted(folder)).toEqual({ code: 0, lines: [] });
      const { lines } = await ran(['inspect', join(name, 'a.nwb')], folder);
      expect(lines).toEqual(['']);
    }
  });
});
