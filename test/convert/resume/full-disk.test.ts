import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { convert, DataWriter, type Description, resume } from '../../../src/index.js';
import { hyperslab } from '../../cli/run.js';
import { fillUp } from '../../hdf5/small-disk.js';
import { BUILT, startChild } from '../../support/child.js';
import { canMount, mountDisk } from '../../support/disk.js';
import { expectWhole, leftOf, recording } from '../../support/interrupted.js';
import {
  description,
  listing,
  noise,
  rejection,
  tempFolder,
  timeSeries,
  writeModule,
  writeRaw,
} from '../../support/recordings.js';

const DATA = '/acquisition/x/data';
const PAGE = 4096;

/** Chunks of 2 KiB that can't be compressed. */
function large(folder: string, rows: number) {
  const model = noise([rows, 4]);
  const source = writeRaw(folder, 'x.bin', model);
  const series = [timeSeries('x', { source, chunks: [256, 4] as number[] })];
  return { series, models: { [DATA]: model } };
}

/** Only zeros, in very many small chunks that are not stored, so that only the journal grows. */
function empty(folder: string, rows: number) {
  const text = `export const open = () => ({
    dtype: 'int16', shape: [${rows}, 1], read: (start, [count]) => new Int16Array(count) });`;
  const source = writeModule(folder, 'zeros.mjs', text);
  const series = [timeSeries('x', { source, chunks: [1, 1], skipFill: true })];
  return { series, items: new Int16Array(rows) };
}

describe.skipIf(!canMount)('on a full disk', () => {
  test('the command line says how to resume, and resumes once there is room', async () => {
    const { folder, remount } = mountDisk('256k');
    const sources = tempFolder();
    const { series, models } = large(sources, 80_000);
    const path = join(folder, 'a.nwb');
    const manifest = join(sources, 'session.json');
    writeFileSync(manifest, JSON.stringify(description(path, series)));

    const convertAll = () => hyperslab(['convert', manifest, '--quiet'], sources);
    const resumeAll = () => hyperslab(['resume', path, '--quiet'], sources);
    const first = await convertAll();
    expect(first).toMatchObject({ code: 1, stdout: '' });
    const [subject, warning, note, ...error] = first.stderr.split('\n');
    expect(subject).toBe(`warning: ${manifest}:1: nwbfile.subject is missing`);
    expect(warning).toMatch(/^warning: about .* will be written, but only .* are free in \//);
    expect(note).toBe(`note: finished work is kept; continue with \`hyperslab resume ${path}\``);
    expect(error).toEqual([expect.stringMatching(/^error: .*no space left on device/i), '']);
    expect(listing(folder)).toEqual(['a.nwb.journal', 'a.nwb.partial']);

    // There is still no room.
    const second = await resumeAll();
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/^note: .*\nerror: .*[Nn]o space left on device.*\n$/);
    remount('size=400k');
    expect((await resumeAll()).code).toBe(1);

    remount('size=4m');
    expect(await resumeAll()).toMatchObject({ code: 0, stdout: '' });
    expect(listing(folder)).toEqual(['a.nwb']);
    await expectWhole(path, models);
  });

  test('a conversion whose journal finds no room can be resumed', async () => {
    const { folder, remount } = mountDisk('512k');
    const { series, items } = empty(tempFolder(), 20_000);
    const path = join(folder, 'a.nwb');
    const what = description(path, series);
    const error = await rejection(convert(what, { workers: 2 }));
    expect(error).toMatchObject({
      name: 'JobError',
      cause: { name: 'WriteError', fields: { code: 'ENOSPC' } },
    });
    expect((error as Error).message).toMatch(
      /no space left on device, write of the journal .*\/a\.nwb\.journal /i,
    );
    remount('size=8m');
    const { chunksRestored } = await resume(path, { workers: 2 });
    expect(chunksRestored).toBeGreaterThan(1000);
    await expectWhole(path, { [DATA]: { dtype: 'int16', shape: [items.length, 1], items } });
  });

  /** Bytes of the complete file, and of all files while it is written. */
  async function needed(what: (path: string) => Description): Promise<number> {
    const path = join(tempFolder(), 'a.nwb');
    let journal = 0;
    const onProgress = () => {
      journal = Math.max(journal, statSync(leftOf(path).journal).size);
    };
    const { fileBytes } = await convert(what(path), { workers: 1, onProgress });
    return PAGE * (Math.ceil(fileBytes / PAGE) + Math.ceil(journal / PAGE));
  }

  test('the error of a stream is reported, even if earlier data find no room', async () => {
    const { folder } = mountDisk('1m');
    const writer = new DataWriter({ dtype: 'int16', maxshape: [null, 4] });
    const path = join(folder, 'a.nwb');
    const series = timeSeries('x', { data: writer, chunks: [65_536, 4], compression: null });
    const converting = rejection(convert(description(path, [series]), { workers: 1 }));
    await writer.append(noise([60_000, 4]).items as Int16Array);
    fillUp(folder, 50 * PAGE);
    const unplugged = new Error('the amplifier was unplugged');
    writer.end(unplugged);
    expect(await converting).toBe(unplugged);
  });

  test('a conversion can be resumed, whatever found no room', async () => {
    const sources = tempFolder();
    const { what, models } = recording(sources);
    const whatAt = (path: string) => ({ ...what, path });
    const bytes = await needed(whatAt);
    const { folder, remount } = mountDisk('1m');
    const outcomes = new Set<string>();
    for (let pages = 0; PAGE * pages <= bytes + 8 * PAGE; pages++) {
      remount('size=1m');
      fillUp(folder, PAGE * pages);
      const path = join(folder, 'a.nwb');
      const files = leftOf(path);
      const error = await convert(whatAt(path), { workers: 1 }).then(
        () => undefined,
        (thrown: unknown) => thrown as Error,
      );
      if (error) {
        outcomes.add(error.name);
        expect(error.message).toMatch(/no space left on device/i);
        expect(error.message).not.toContain('\n');
        expect(existsSync(path)).toBe(false);
        expect(existsSync(files.journal)).toBe(existsSync(files.partial));
        remount('size=2m');
        await convert(whatAt(path), { workers: 1, resume: true });
      } else outcomes.add('none');
      expect(listing(folder)).toEqual(['a.nwb', 'filler']);
      await expectWhole(path, models);
      for (const name of listing(folder)) rmSync(join(folder, name));
    }
    // Full before the first chunk, among the chunks, and among the last metadata; and not full.
    const all = ['WriteError', 'JobError', 'Hdf5Error', 'none'];
    expect([...outcomes]).toEqual(expect.arrayContaining(all));
  }, 180_000);
});

describe.skipIf(process.platform === 'win32')('if the size of files is limited', () => {
  test.each([4, 8, 16, 24, 32, 36])(
    'to %i KiB, a conversion fails, and is resumed without the limit',
    async (limit) => {
      const { what, path, models } = recording();
      const child = startChild(
        `
      import { convert } from ${JSON.stringify(BUILT.index)};
      try {
        await convert(${JSON.stringify(what)}, { workers: 1 });
        say('no error');
      } catch (error) {
        say(error.message);
      }`,
        limit,
      );
      expect(await child.line()).toMatch(/file too large/i);
      expect(await child.end()).toBe(0);
      expect(existsSync(path)).toBe(false);
      await convert(what, { workers: 1, resume: true });
      await expectWhole(path, models);
    },
  );
});
