import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sample } from '../support/effort.js';
import { NPY } from './npy.js';
import {
  contents,
  converted,
  expectRefusal,
  MANIFEST_FILE,
  ran,
  withRecording,
  withSource,
} from './refusal.js';
import { MODULES, PARTS, RAW, type SourceCase } from './sources.js';

const npyCases = NPY.map(([name, bytes, message]): SourceCase => {
  const prepare = (folder: string) => writeFileSync(join(folder, 'a.npy'), bytes);
  return { name: `gives ${name}`, prepare, source: { type: 'npy', path: 'a.npy' }, message };
});

function put(folder: string, { prepare, source }: SourceCase): void {
  prepare?.(folder);
  writeFileSync(join(folder, MANIFEST_FILE), withSource(source));
}

describe.each([
  ['raw', RAW],
  ['npy', npyCases],
  ['parts', PARTS],
  ['modules', MODULES],
])('%s: a user who', (_, cases) => {
  test.each(cases)('$name', async (it) => {
    await withRecording(async (folder) => {
      put(folder, it);
      await expectRefusal(folder, () => converted(folder), it.message);
    });
  });

  // A sample, because each case starts a process, and the command line prints the library's error.
  test.each(sample(cases, 5))('$name: the command line', async (it) => {
    await withRecording(async (folder) => {
      put(folder, it);
      const args = ['plan', MANIFEST_FILE, '--quiet'];
      await expectRefusal(folder, () => ran(args, folder), it.message);
    });
  });
});

// root may read every file.
test.skipIf(process.getuid?.() === 0)('who may not read the source', async () => {
  await withRecording(async (folder) => {
    const source = { type: 'raw', path: 'ap.bin', dtype: 'int16', shape: [null, 4] };
    put(folder, { name: '', source, message: '' });
    const before = contents(folder);
    chmodSync(join(folder, 'ap.bin'), 0);
    const { code, lines } = await converted(folder);
    const message =
      'error: Expected a readable file at ap.bin but received a file without read permission';
    expect({ code, lines }).toEqual({ code: 2, lines: [message] });
    chmodSync(join(folder, 'ap.bin'), 0o600);
    expect(contents(folder)).toEqual(before);
  });
});

// In a process of its own, because test runners import modules differently.
test('a user who gives a module that is not JavaScript is refused', async () => {
  await withRecording(async (folder) => {
    const prepare = () => writeFileSync(join(folder, 's.mjs'), 'to whom it may concern');
    put(folder, { name: '', prepare, source: { type: 'module', path: 's.mjs' }, message: '' });
    const message =
      "Expected import to succeed in s.mjs but received an error: Unexpected identifier 'whom'";
    await expectRefusal(
      folder,
      () => ran(['convert', MANIFEST_FILE, '--overwrite'], folder),
      message,
    );
  });
});

const reads = (body: string) =>
  `export const open = () => ({ dtype: 'int16', shape: [200, 4], read(start, count) { ${body} } });`;
const where = '(/acquisition/AP/data, [0:200, 0:4])';

describe('a module whose read()', () => {
  test.each([
    ['gives too little', 'return new Int16Array(3);', 'Int16Array of 3'],
    ['gives too much', 'return new Int16Array(801);', 'Int16Array of 801'],
    ['gives another type', 'return new Uint16Array(800);', 'Uint16Array of 800'],
    ['gives a plain array', 'return Array(800).fill(1);', 'array'],
    ['gives nothing', '', 'undefined'],
  ])('%s fails the conversion', async (name, body, received) => {
    const path = `${name.replaceAll(' ', '-')}.mjs`;
    const call = 'read([0, 0], [200, 4])';
    const message = `error: Expected Int16Array of 800 from ${call} in ${path} but received ${received} ${where}`;
    await expectFailure(path, reads(body), message);
  });

  test('throws fails the conversion, with a message of one line', async () => {
    const message = `error: Expected read([0, 0], [200, 4]) to succeed in throws.mjs but received an error: a b ${where}`;
    await expectFailure('throws.mjs', reads("throw 'a\\nb';"), message);
  });
});

/** Errors that occur only in workers leave the existing file, and at most a partial one. */
async function expectFailure(path: string, text: string, message: string): Promise<void> {
  await withRecording(async (folder) => {
    put(folder, { name: '', source: { type: 'module', path }, message });
    writeFileSync(join(folder, path), text);
    const before = contents(folder);
    const { code, lines } = await converted(folder, { keepPartial: false });
    expect({ code, lines: lines[0] }).toEqual({ code: 1, lines: message });
    expect(contents(folder)).toEqual(before);
  });
}
