import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { convert, DataWriter, recover, resume } from '../../../src/index.js';
import { hyperslab } from '../../cli/run.js';
import { canMount, mountDisk } from '../../support/disk.js';
import { canFault, type Fault, faulty } from '../../support/faults.js';
import {
  CHUNKS,
  damagePlace,
  expectWhole,
  interrupt,
  leftOf,
  placesOf,
  readJournal,
  recordedPlaces,
  recording,
} from '../../support/interrupted.js';
import { rows } from '../../support/iterators.js';
import {
  description,
  listing,
  moduleText,
  rejection,
  tempFolder,
  timeSeries,
  writeModule,
} from '../../support/recordings.js';

const kindsOf = (journal: string) => readJournal(journal).entries.map(({ record }) => record.kind);

/** A recording, and its manifest. */
function withManifest(folder = tempFolder()) {
  const made = recording(folder);
  const manifest = join(folder, 'session.json');
  writeFileSync(manifest, JSON.stringify(made.what));
  return { ...made, manifest, ...leftOf(made.path) };
}

describe.skipIf(!canMount)('a read-only file system', () => {
  test('is refused, and no file is written', async () => {
    const disk = mountDisk('4m');
    const { manifest, folder } = withManifest(disk.folder);
    const before = listing(folder);
    disk.remount('ro');
    for (const args of [
      ['convert', manifest],
      ['convert', manifest, '--resume'],
    ]) {
      const { code, stdout, stderr } = await hyperslab(args, folder);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(
        /^error: .* can't be written: folder .* is not writable; choose another path\n$/,
      );
    }
    expect(listing(folder)).toEqual(before);
  });

  test('is refused for an interrupted conversion, whose files stay', async () => {
    const disk = mountDisk('4m');
    const { what, manifest, folder, path, models } = withManifest(disk.folder);
    writeFileSync(join(folder, 'a.nwb.journal'), '');
    disk.remount('ro');
    expect((await hyperslab(['convert', manifest], folder)).code).toBe(2);
    disk.remount('rw');
    await convert(what, { workers: 1 });
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

  test('can be used to resume', async () => {
    const { manifest, folder, path, models } = withManifest();
    const broken = faulty({ call: 'pwrite', path: 'a.nwb.partial', after: 12 });
    expect((await hyperslab(['convert', manifest], folder, broken)).code).toBe(1);
    const env = faulty({ call: 'flock', code: 'ENOLCK' });
    expect((await hyperslab(['resume', path, '--quiet'], folder, env)).code).toBe(0);
    await expectWhole(path, models);
  });
});

describe.skipIf(!canFault)('the folder of the output', () => {
  const nameOf = (folder: string) => basename(folder);

  test('that can’t be synced gives an error, and resume succeeds once it can', async () => {
    const { manifest, folder, path, models } = withManifest();
    const broken = faulty({ call: 'fsync', path: nameOf(folder) });
    // The first sync fails, before there is anything to keep.
    expect((await hyperslab(['convert', manifest, '-q'], folder, broken)).code).toBe(1);
    expect(listing(folder)).toEqual(['packed.bin', 'raw.bin', 'session.json']);
    // The sync fails that follows the rename of the complete file.
    const late = faulty({ call: 'fsync', path: nameOf(folder), after: 2 });
    const ran = await hyperslab(['convert', manifest, '-q'], folder, late);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/\nerror: EIO: i\/o error, fsync of the folder [^\n]*\n$/);
    expect(listing(folder)).toContain('a.nwb.journal');
    // A power failure may still lose its name, so it is not reported as complete before the sync.
    expect((await hyperslab(['resume', path, '-q'], folder, broken)).code).toBe(1);
    expect(listing(folder)).toContain('a.nwb.journal');
    await resume(path, { workers: 1 });
    expect(listing(folder)).toEqual(['a.nwb', 'packed.bin', 'raw.bin', 'session.json']);
    await expectWhole(path, models);
  });

  test.each(['EINVAL', 'EOPNOTSUPP'] as const)(
    'need not be brought there where the file system can’t: %s',
    async (code) => {
      const { manifest, folder, path, models } = withManifest();
      const env = faulty({ call: 'fsync', path: nameOf(folder), code });
      expect((await hyperslab(['convert', manifest, '-q'], folder, env)).code).toBe(0);
      await expectWhole(path, models);
    },
  );
});

describe.skipIf(!canFault)('interrupted system calls', () => {
  test.each<[string, Fault]>([
    ['reads of a source', { call: 'pread', path: 'raw.bin', after: 2, times: 3 }],
    ['writes of chunks', { call: 'pwrite', path: 'a.nwb.partial', after: 5, times: 3 }],
    ['syncs', { call: ['fsync', 'fdatasync'], after: 1, times: 2 }],
    ['locks', { call: 'flock', times: 2 }],
  ])('are made again: %s', async (_, fault) => {
    const { manifest, folder, path, models } = withManifest();
    const env = faulty({ ...fault, code: 'EINTR' });
    const ran = await hyperslab(['convert', manifest, '-q'], folder, env);
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.stderr).not.toContain('has no locks');
    await expectWhole(path, models);
  });

  test('are made again when chunks are compared', async () => {
    const { what, path, models, folder } = withManifest();
    await interrupt(what, CHUNKS / 2);
    const env = faulty({ call: 'pread', path: 'a.nwb.partial', after: 3, times: 4, code: 'EINTR' });
    expect((await hyperslab(['resume', path, '-q', '--check'], folder, env)).code).toBe(0);
    await expectWhole(path, models);
  });
});

/** Faults, and the one line of the error for each. */
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
    { call: 'pwrite', path: 'a.nwb.partial', after: 12 },
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
    'the first cut of the journal',
    { call: 'ftruncate', path: 'a.nwb.journal' },
    /EIO: i\/o error, ftruncate of the journal .*a\.nwb\.journal/,
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
    'of %s is reported in one line, and resume succeeds once it is gone',
    async (_, fault, message) => {
      const { what, manifest, folder, path, models } = withManifest();
      const args = ['convert', manifest, '--quiet', '--workers', '2'];
      const { code, stdout, stderr } = await hyperslab(args, folder, faulty(fault));
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      const lines = stderr.split('\n').filter((line) => !/^(warning|note): /.test(line));
      expect(lines).toEqual([expect.stringMatching(/^error: /), '']);
      expect(lines[0]).toMatch(message);
      expect(listing(folder)).not.toContain('a.nwb');
      await convert(what, { workers: 1, resume: true });
      expect(listing(folder)).toEqual(['a.nwb', 'packed.bin', 'raw.bin', 'session.json']);
      await expectWhole(path, models);
    },
  );

  test("of the sync in the background, with durability 'power', is reported, and resume succeeds", async () => {
    const folder = tempFolder();
    const path = join(folder, 'a.nwb');
    // The conversion takes longer than the interval of syncs.
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
    await convert(what, { workers: 1, durability: 'power', resume: true });
    const items = Int16Array.from({ length: 3840 }, (_, at) => at % 1000);
    await expectWhole(path, { '/acquisition/x/data': { dtype: 'int16', shape: [960, 4], items } });
  });
});

describe.skipIf(!canFault)('chunks that can’t be read', () => {
  const unreadable = { call: 'pread', path: 'a.nwb.partial' } as const;

  test('are not recorded as lost: resume fails, and succeeds once they can be read', async () => {
    const { what, path, models, folder } = withManifest();
    const left = await interrupt(what, CHUNKS / 2);
    const known = placesOf(readJournal(left.journal).entries).length;
    for (const args of [['--check'], []]) {
      const ran = await hyperslab(['resume', path, '-q', ...args], folder, faulty(unreadable));
      expect(ran).toMatchObject({ code: 1, stdout: '' });
      expect(ran.stderr).toMatch(
        /\nerror: the stored chunk can't be read: EIO: [^\n]* \(\/acquisition\/(raw|packed)\/data, \[[^\n]*\n$/,
      );
    }
    expect(kindsOf(left.journal)).not.toContain('lost');
    const { chunksRestored } = await resume(path, { workers: 2, check: true });
    expect(chunksRestored).toBe(known);
    await expectWhole(path, models);
  });

  test('are not dropped by recover, not even with incomplete', async () => {
    const { path, journal } = leftOf(join(tempFolder(), 'a.nwb'));
    const writer = new DataWriter({ dtype: 'int16', maxshape: [null, 4] });
    const series = timeSeries('x', { data: writer, chunks: [10, 4] });
    const controller = new AbortController();
    const { signal } = controller;
    const running = rejection(convert(description(path, [series]), { workers: 1, signal }));
    await writer.append(rows(0, 55, 4).data);
    await writer.flush();
    controller.abort();
    await running;
    for (const args of [['--check'], ['--incomplete']]) {
      const { code, stderr } = await hyperslab(['recover', path, ...args], '/', faulty(unreadable));
      expect({ code, stderr }).toMatchObject({ code: 1 });
      expect(stderr).toMatch(/error: the stored chunk can't be read: EIO: /);
    }
    expect(kindsOf(journal)).not.toContain('lost');
    expect(await recover(path, { workers: 1 })).toMatchObject({ chunksRestored: 6 });
    const items = Int16Array.from({ length: 220 }, (_, at) => at);
    await expectWhole(path, { '/acquisition/x/data': { dtype: 'int16', shape: [55, 4], items } });
  });
});

describe.skipIf(!canFault)('a file that could not be synced', () => {
  test('is compared with its checksums, although the machine was not restarted', async () => {
    const { manifest, path, models, folder, journal } = withManifest();
    const fault = { call: 'fsync', path: 'a.nwb.partial' } as const;
    const ran = await hyperslab(['convert', manifest, '-q'], folder, faulty(fault));
    expect(ran.code).toBe(1);
    expect(kindsOf(journal)).toContain('unsynced');
    // As if the system had dropped a page that it could not write. Not in the first chunk, which is always compared.
    damagePlace(leftOf(path), recordedPlaces(journal, 0)[1]);
    const { chunksRestored } = await resume(path, { workers: 2 });
    expect(chunksRestored).toBe(CHUNKS - 1);
    await expectWhole(path, models);
  });
});
