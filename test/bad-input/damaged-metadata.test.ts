import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { treeLines } from '../../src/cli/inspect-command.js';
import { File, type Group, type Libver } from '../../src/hdf5/index.js';
import { inspect } from '../../src/index.js';
import { hyperslab } from '../cli/run.js';
import { tempFolder } from '../support/recordings.js';

/** A file that `make` makes and `damage` damages. */
function damaged(
  libver: Libver,
  make: (file: File) => void,
  damage: (bytes: Buffer) => void,
): string {
  const folder = tempFolder();
  const path = join(folder, 'a.h5');
  const file = new File(path, 'w', { libver });
  make(file);
  file.close();
  const bytes = readFileSync(path);
  damage(bytes);
  writeFileSync(path, bytes);
  return folder;
}

async function shown(folder: string) {
  const { code, stdout, stderr } = await hyperslab(['inspect', 'a.h5'], folder);
  return { code, stderr, lines: stdout.trimEnd().split('\n').slice(1) };
}

// If libhdf5 1.10.8 is to sort links and can't read one of them, it frees memory that it never allocated.
test('a large group with damaged links is shown as damaged, and the rest of the file is shown', async () => {
  const folder = damaged(
    'v110',
    (file) => {
      file.createGroup('few').close();
      using many = file.createGroup('many');
      for (let at = 10; at < 40; at++) many.createGroup(`link${at}`).close();
    },
    (bytes) => {
      const version = bytes.indexOf('link25') - 3;
      expect([...bytes.subarray(version, version + 3)]).toEqual([1, 0, 'link25'.length]);
      bytes[version] = 9;
    },
  );
  expect(await shown(folder)).toEqual({
    code: 0,
    stderr: '',
    lines: ['/', '├── few', expect.stringMatching(/^└── many: can't be listed: .*checksum/)],
  });
  using file = new File(join(folder, 'a.h5'), 'r');
  using many = file.group('many');
  expect(() => many.links()).toThrow(/^H5Literate failed for \/many of .*a\.h5: .*checksum/);
});

// libhdf5 1.10.8 follows the invalid heap index of a string out of bounds, and crashes.
test('a file with a damaged string attribute is shown without its neurodata types', async () => {
  const folder = damaged(
    'earliest',
    (file) => {
      using group = file.createGroup('group');
      const data = ['ElectricalSeries'];
      group.attributes.set('neurodata_type', { dtype: 'string', shape: [], data });
      file.createGroup('other').close();
    },
    (bytes) => {
      // A string of variable length is stored as its length, the address of a heap, and an index into that heap.
      const text = Buffer.alloc(12);
      text.writeUInt32LE('ElectricalSeries'.length);
      text.writeBigUInt64LE(BigInt(bytes.indexOf('GCOL')), 4);
      const at = bytes.indexOf(text);
      expect(bytes.readUInt32LE(at + 12)).toBe(1);
      bytes.writeUInt32LE(0x7fff_ffff, at + 12);
    },
  );
  expect(await shown(folder)).toEqual({
    code: 0,
    // Newer versions notice.
    stderr: expect.stringMatching(
      /^(note: a\.h5 is damaged: libhdf5 crashed with SIG\w+; neurodata types are skipped\n)?$/,
    ),
    lines: ['/', '├── group', '└── other'],
  });
});

test('a type with more than one text is not read', () => {
  const folder = damaged(
    'earliest',
    (file) => {
      const data = Array(1000).fill('x');
      file.attributes.set('neurodata_type', { dtype: 'string', shape: [1000], data });
    },
    () => {},
  );
  expect(inspect(join(folder, 'a.h5'))).toEqual({ kind: 'group', path: '/', children: [] });
});

test('an object that is damaged is marked, and those around it are shown', async () => {
  const folder = damaged(
    'v110',
    (file) => {
      for (const name of ['a', 'b', 'c'])
        file.createDataset(name, { dtype: 'int16', shape: [4], chunks: [2] }).close();
    },
    (bytes) => {
      // The headers of the root and of its superblock extension come first.
      const [, , header] = [...bytes.toString('latin1').matchAll(/OHDR/g)];
      bytes[header.index + 30] ^= 0xff;
    },
  );
  expect(await shown(folder)).toMatchObject({
    code: 0,
    lines: ['/', /── a: can't be read: .*checksum/, /── b: int16 4/, /── c: int16 4/].map((line) =>
      expect.stringMatching(line),
    ),
  });
});

test('3,000 nested groups are shown', async () => {
  const folder = damaged(
    'earliest',
    (file) => {
      let group: Group = file;
      for (let depth = 0; depth < 3000; depth++) {
        const next = group.createGroup('g');
        if (group !== file) group.close();
        group = next;
      }
      group.close();
    },
    () => {},
  );
  const lines = treeLines(inspect(join(folder, 'a.h5')));
  expect(lines).toHaveLength(3001);
  expect(lines[3000]).toBe(`${'    '.repeat(2999)}└── g`);
});
