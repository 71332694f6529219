import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hyperslab } from '../../cli/run.js';
import { canMount, mountDisk } from '../../support/disk.js';
import { canFault, type Fault, faulty } from '../../support/faults.js';
import { expectWhole, leftOf, recording } from '../../support/interrupted.js';
import {
  description,
  listing,
  moduleText,
  tempFolder,
  timeSeries,
  writeModule,
} from '../../support/recordings.js';

/** A recording, and its manifest. */
function withManifest(folder = tempFolder()) {
  const made = recording(folder);
  const manifest = join(folder, 'session.json');
  writeFileSync(manifest, JSON.stringify(made.what));
  return { ...made, manifest, ...leftOf(made.path) };
}

describe.skipIf(!canMount)('a file system that can only be read', () => {
  test('is refused, and nothing is written', async () => {
    const disk = mountDisk('4m');
    const { manifest, folder, path } = withManifest(disk.folder);
    const before = listing(folder);
    disk.remount('ro');
    for (const args of [
      ['convert', manifest],
      ['convert', manifest, '--resume'],
      ['resume', path],
    ]) {
      const { code, stdout, stderr } = await hyperslab(args, folder);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/^error: Expected a folder .* that can be written for .*\n$/);
    }
    expect(listing(folder)).toEqual(before);
  });

  test('is refused for what had begun, which stays', async () => {
    const disk = mountDisk('4m');
    const { manifest, folder, path, models } = withManifest(disk.folder);
    writeFileSync(join(folder, 'a.nwb.journal'), '');
    disk.remount('ro');
    expect((await hyperslab(['convert', manifest], folder)).code).toBe(2);
    disk.remount('rw');
    expect((await hyperslab(['convert', manifest, '--quiet'], folder)).code).toBe(0);
    await expectWhole(path, models);
  });
});

describe.skipIf(!canFault)('a file system without locks', () => {
  test.each(['ENOLCK', 'EOPNOTSUPP', 'ENOSYS'] as const)(
    'is warned of, when flock answers %s',
    async (code) => {
      const { manifest, folder, path, models } = withManifest();
      const env = faulty({ call: 'flock', code });
      const ran = await hyperslab(['convert', manifest, '--quiet'], folder, env);
      expect(ran).toMatchObject({ code: 0, stdout: '' });
      expect(ran.stderr).toContain(
        `warning: ${path}: its file system has no locks: see to it that nobody else writes it\n`,
      );
      await expectWhole(path, models);
    },
  );

  test('can be resumed on', async () => {
    const { manifest, folder, path, models } = withManifest();
    const broken = faulty({ call: 'pwrite', path: 'a.nwb.partial', after: 20 });
    expect((await hyperslab(['convert', manifest], folder, broken)).code).toBe(1);
    const env = faulty({ call: 'flock', code: 'ENOLCK' });
    expect((await hyperslab(['resume', path, '--quiet'], folder, env)).code).toBe(0);
    await expectWhole(path, models);
  });
});

/** What fails, and how the one line of the error says so. */
const FAULTS: readonly [string, Fault, RegExp][] = [
  ['a source, at once', { call: 'pread', path: 'raw.bin' }, /EIO: i\/o error, read.*raw\.bin/],
  ['a source', { call: 'pread', path: 'raw.bin', after: 3 }, /EIO: i\/o error, read.*raw\.bin/],
  [
    'a chunk, at once',
    { call: 'pwrite', path: 'a.nwb.partial' },
    /EIO: .*Input\/output error.*(\/acquisition\/(raw|packed)\/data|a\.nwb\.partial)/,
  ],
  [
    'a chunk',
    { call: 'pwrite', path: 'a.nwb.partial', after: 40 },
    /EIO: .*Input\/output error.*(\/acquisition\/(raw|packed)\/data|a\.nwb\.partial)/,
  ],
  [
    'the journal, at once',
    { call: 'pwrite', path: 'a.nwb.journal' },
    /EIO: i\/o error, write of the journal .*a\.nwb\.journal/,
  ],
  [
    'the journal',
    { call: 'pwrite', path: 'a.nwb.journal', after: 5 },
    /EIO: i\/o error, write of the journal .*a\.nwb\.journal/,
  ],
  [
    'the sync of the file',
    { call: 'fsync', path: 'a.nwb.partial' },
    /EIO: i\/o error, fsync of .*a\.nwb\.partial/,
  ],
  [
    'the sync of the journal',
    { call: 'fdatasync', path: 'a.nwb.journal' },
    /EIO: i\/o error, fdatasync of the journal .*a\.nwb\.journal/,
  ],
];

describe.skipIf(!canFault)('an I/O error', () => {
  test.each(FAULTS)(
    'of %s is told in a line, and it goes on when it is gone',
    async (_, fault, message) => {
      const { manifest, folder, path, models } = withManifest();
      const args = ['convert', manifest, '--quiet', '--workers', '2'];
      const { code, stdout, stderr } = await hyperslab(args, folder, faulty(fault));
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      const lines = stderr.split('\n').filter((line) => !/^(warning|note): /.test(line));
      expect(lines).toEqual([expect.stringMatching(/^error: /), '']);
      expect(lines[0]).toMatch(message);
      expect(listing(folder)).not.toContain('a.nwb');
      const again = await hyperslab([...args, '--resume'], folder);
      expect(again.code).toBe(0);
      expect(listing(folder)).toEqual(['a.nwb', 'packed.bin', 'raw.bin', 'session.json']);
      await expectWhole(path, models);
    },
  );

  test("of the sync in the background, with durability 'power', is told, and it goes on", async () => {
    const folder = tempFolder();
    const path = join(folder, 'a.nwb');
    // Takes longer than the time between two syncs.
    const slow = 'await new Promise((done) => setTimeout(done, 600));';
    const source = writeModule(folder, 'slow.mjs', moduleText([960, 4], slow));
    const what = description(path, [timeSeries('x', { source, chunks: [10, 4] })]);
    const manifest = join(folder, 'session.json');
    writeFileSync(manifest, JSON.stringify(what));
    const args = ['convert', manifest, '--quiet', '--workers', '1', '--durability', 'power'];
    const env = faulty({ call: 'fdatasync', path: 'a.nwb.partial' });
    const { code, stderr } = await hyperslab(args, folder, env);
    expect({ code, stderr }).toMatchObject({ code: 1 });
    expect(stderr).toMatch(/\nerror: EIO: i\/o error, fdatasync of .*a\.nwb\.partial[^\n]*\n$/);
    const again = await hyperslab([...args, '--resume'], folder);
    expect(again.code).toBe(0);
    const items = Int16Array.from({ length: 3840 }, (_, at) => at % 1000);
    await expectWhole(path, { '/acquisition/x/data': { dtype: 'int16', shape: [960, 4], items } });
  });
});
