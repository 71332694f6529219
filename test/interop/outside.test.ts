import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { File, Hdf5Error, libraryVersion } from '../../src/hdf5/index.js';
import { inspect } from '../../src/index.js';
import { loadSpecifications } from '../../src/schema/from-file.js';
import { hyperslab } from '../cli/run.js';
import { describeInterop, runPython } from '../support/python.js';
import { rejection } from '../support/recordings.js';
import { temporaryFolder } from './session.js';

describeInterop('a file that refers to other files', () => {
  const folder = temporaryFolder();
  const raw = join(folder, 'raw.bin');
  const other = join(folder, 'other.h5');
  const victim = join(folder, 'victim.h5');
  let before: Buffer[];
  const contents = () => [raw, other].map((path) => readFileSync(path));

  beforeAll(async () => {
    await runPython('outside.py', [folder]);
    before = contents();
  });

  test('is shown with their names, and with its own metadata only', () => {
    expect(inspect(victim).children).toMatchObject([
      { path: '/external', kind: 'dataset', shape: [36], externalFiles: [raw] },
      { kind: 'link', path: '/linked', target: '/group', file: other },
      { kind: 'link', path: '/linked rows', target: '/rows', file: other },
      { kind: 'group', path: '/specifications' },
      {
        path: '/virtual',
        layout: 'virtual',
        // The 50 rows of the other file were not read.
        shape: [20],
        maxshape: [null],
        virtualSources: [{ file: other, path: 'rows' }],
      },
    ]);
  });

  test('is printed with their names', async () => {
    const { stdout } = await hyperslab(['inspect', 'victim.h5'], folder);
    expect(stdout).toContain(`external: uint8 36, values in another file, ${raw}\n`);
    expect(stdout).toContain(`linked -> /group of ${other} (another file)\n`);
    expect(stdout).toMatch(
      /virtual: int64 20, maxshape unlimited, virtual, of rows of .*other\.h5\n/,
    );
  });

  test('lets h5lib neither read nor change them', () => {
    using file = new File(victim, 'r+');
    const values = new Uint8Array(36).fill(88);
    for (const name of ['external', 'virtual']) {
      using dataset = file.dataset(name);
      expect(() => dataset.read()).toThrow(/^H5Dread failed for .*: its values lie in/);
      expect(() => dataset.write(values)).toThrow(/^H5Dwrite failed for .*: its values lie in/);
      expect(() => dataset.resize([1])).toThrow(/^H5Dset_extent failed for .*: its values lie in/);
    }
    for (const look of [
      () => file.open('linked rows'),
      () => file.open('linked/x'),
      () => file.has('linked/x'),
      () => file.createGroup('linked/x'),
      () => file.createDataset('linked/x', { dtype: 'int8', shape: [2] }),
      () => file.createSoftLink('linked/x', '/rows'),
    ]) {
      expect(look).toThrow(/an external link leads to .* of .*other\.h5, and links to other files/);
      expect(look).toThrow(Hdf5Error);
    }
    expect(file.has('linked')).toBe(true);
    expect(contents()).toEqual(before);
  });

  test('gives no specifications from them', async () => {
    expect(await rejection(loadSpecifications(victim))).toMatchObject({
      name: 'Hdf5Error',
      message: `H5Dread failed for /specifications/core/1.0/namespace: its values lie in another file, ${raw}, which is not followed`,
    });
  });
});

describeInterop('inspect shows, of files that h5py made,', () => {
  const folder = temporaryFolder();

  beforeAll(async () => {
    await runPython('outside.py', [folder]);
  });

  test.skipIf(libraryVersion().startsWith('2.'))(
    'the rest where a newer HDF5 wrote an object',
    async () => {
      const [unreadable, group] = inspect(join(folder, 'newer.h5')).children;
      const problem = `the file was written by an HDF5 newer than libhdf5 ${libraryVersion()}, which hyperslab uses, or it is damaged (bad version number for layout message); write it in h5py with libver=('earliest', 'v110'), or convert the file with \`h5repack --high=2\``;
      expect(unreadable).toEqual({ kind: 'unreadable', path: '/x', problem });
      expect(group).toMatchObject({ kind: 'group', path: '/y' });
      const { code, stdout } = await hyperslab(['inspect', 'newer.h5'], folder);
      expect({ code, lines: stdout.split('\n').slice(1) }).toEqual({
        code: 0,
        lines: ['/', `├── x: can't be read: ${problem}`, '└── y', ''],
      });
    },
  );

  test('lengths of 2^53 and more exactly, and control characters as escapes', async () => {
    const { stdout } = await hyperslab(['inspect', 'odd.h5'], folder);
    expect(stdout.split('\n').slice(1)).toEqual([
      '/',
      '├── \\u001b[31mred\\u0007 -> /a\\u000ab\\u009b2J\\u202e',
      '├── huge: int16 1099511627776 x 1048576, maxshape unlimited x 9223372036854775808, chunks 1024 x 1024, filters none, 2048 PiB -> 0 B (0.0 %)',
      '├── long: int8 1152921504606846976, chunks 1024, filters none, 1024 PiB -> 0 B (0.0 %)',
      '└── longest: int8 3',
      '',
    ]);
    const json = await hyperslab(['inspect', 'odd.h5', '--json'], folder);
    expect(json.stdout).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
    expect(JSON.parse(json.stdout).children).toMatchObject([
      { path: '/\x1b[31mred\x07', target: '/a\nb\x9b2J\u202e' },
      {
        shape: [2 ** 40, 2 ** 20],
        maxshape: [null, '9223372036854775808'],
        rawBytes: String(2n ** 61n),
      },
      { shape: ['1152921504606846976'], rawBytes: '1152921504606846976' },
      { shape: [3], rawBytes: 3 },
    ]);
  });
});
