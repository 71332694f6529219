import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { open } from '../../src/index.js';
import { EFFORT } from '../support/effort.js';
import { rejection } from '../support/recordings.js';
import { contents, GOOD, MANIFEST_FILE, ran, withRecording } from './refusal.js';

const FIXTURES = fileURLToPath(new URL('fixtures', import.meta.url));
const DATA = '/acquisition/AP/data';

/** A folder with a file, a manifest of its contents, and a manifest that fills it. */
function withFile<T>(name: string, use: (folder: string) => Promise<T>): Promise<T> {
  return withRecording((folder) => {
    if (name === 'folder.h5') mkdirSync(join(folder, name));
    else if (name === 'circle.h5') symlinkSync(name, join(folder, name));
    else if (name !== 'none.h5') cpSync(join(FIXTURES, name), join(folder, name));
    writeFileSync(join(folder, MANIFEST_FILE), GOOD);
    const source = '{ type: raw, path: ap.bin, dtype: int16, shape: [null, 4] }';
    writeFileSync(join(folder, 'fill.yaml'), `path: ${name}\ndatasets: { ${DATA}: ${source} }\n`);
    return use(folder);
  });
}

const commands = (name: string) => [
  ['inspect', name],
  ['verify', name, MANIFEST_FILE, '--quiet'],
  ['fill', 'fill.yaml', '--quiet'],
];

/** Damaged files by name, and the reason that a refusal gives. */
const BROKEN: readonly (readonly [string, RegExp])[] = [
  ['none.h5', /no such file|doesn't exist/],
  ['folder.h5', /a folder/],
  ['circle.h5', /ELOOP|circle|[Tt]oo many .*links|no such file/],
  ['empty.h5', /file signature not found/],
  ['text.h5', /file signature not found/],
  ['superblock.h5', /truncated file|superblock/],
  ['truncated.h5', /truncated file/],
  ['zeroed.h5', /object header|root group|symbol table|version/],
];

describe('a file that is', () => {
  test.each(BROKEN)('%s is refused by every command, in one line', async (name, reason) => {
    await withFile(name, async (folder) => {
      const before = contents(folder);
      // Each command is a process, so each file is tried with one of them, in turn.
      const index = BROKEN.findIndex(([other]) => other === name);
      for (const command of EFFORT > 1 ? commands(name) : [commands(name)[index % 3]]) {
        const { code, lines } = await ran(command, folder);
        expect({ command, code, lines }).toEqual({
          command,
          code: expect.toSatisfy((one) => one === 1 || one === 2),
          lines: [expect.stringMatching(/^error: .*\.h5/)],
        });
        expect(lines[0]).toMatch(reason);
        expect(contents(folder)).toEqual(before);
      }
      // libhdf5 turns an empty file into an HDF5 file if it is opened for writing.
      for (const mode of name === 'empty.h5' ? (['r'] as const) : (['r', 'r+'] as const))
        expect(await rejection(open(join(folder, name), mode))).toMatchObject({
          name: 'Hdf5Error',
        });
      expect(contents(folder)).toEqual(before);
    });
  });
});

describe('a dataset that was encoded by', () => {
  test.each([
    ['unknown-filter.h5', 'filter 32767'],
    ['lzf.h5', 'lzf'],
  ])('%s is shown, but neither compared nor filled', async (name, filter) => {
    await withFile(name, async (folder) => {
      const before = contents(folder);
      const [inspect, verify, fill] = commands(name);
      expect(await ran(inspect, folder)).toEqual({ code: 0, lines: [''] });
      // A difference is a result, not an error.
      expect(await ran(verify, folder)).toEqual({ code: 3, lines: [''] });
      expect(await ran(fill, folder)).toEqual({
        code: 2,
        lines: [
          `error: fill.yaml:2: Expected the filters shuffle, deflate and fletcher32 for ${DATA} but received '${filter}'`,
        ],
      });
      expect(contents(folder)).toEqual(before);
    });
  });
});

test('every file of the folder has its case', () => {
  const names = readdirSync(FIXTURES).filter((name) => name.endsWith('.h5'));
  expect(names.sort()).toEqual([
    'empty.h5',
    'lzf.h5',
    'superblock.h5',
    'text.h5',
    'truncated.h5',
    'unknown-filter.h5',
    'zeroed.h5',
  ]);
});
