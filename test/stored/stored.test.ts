import { cpSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  convert,
  type Description,
  OutputError,
  ResumeError,
  recover,
  resume,
  type SourceSpec,
  verify,
} from '../../src/index.js';
import { leftOf, readJournal, recordedPlaces } from '../support/interrupted.js';
import { listing, readBack, rejection, tempFolder, timeSeries } from '../support/recordings.js';

/** Files that earlier releases wrote; see make.mjs. */
const FILES = fileURLToPath(new URL('files/', import.meta.url));

const [RAW, PACKED] = ['/acquisition/raw/data', '/acquisition/packed/data'];
const CHUNKS = 48 + 20;

/** A copy of a release's files, as a user would have it who moved them to another machine. */
function copyOf(release: string): string {
  const folder = tempFolder();
  cpSync(join(FILES, release), folder, { recursive: true });
  return folder;
}

/** The description of the files with sources, with the paths that they have now. */
function described(folder: string, name: string): Description {
  const raw: SourceSpec = {
    type: 'raw',
    path: join(folder, 'raw.bin'),
    dtype: 'int16',
    shape: [480, 8],
  };
  const packed: SourceSpec = {
    type: 'raw',
    path: join(folder, 'packed.bin'),
    dtype: 'float64',
    shape: [200, 3],
    endian: 'big',
  };
  return {
    path: join(folder, name),
    nwbfile: {
      sessionDescription: 'a stored recording',
      identifier: 'stored-1',
      sessionStartTime: '2022-11-22T10:00:00+01:00',
    },
    acquisition: [
      timeSeries('raw', { source: raw, chunks: [20, 4], compression: null }),
      timeSeries('packed', { source: packed, chunks: [10, 3] }),
    ],
  };
}

/** Expects the file to hold the values of its sources. Decodes the sources here, not with hyperslab's own readers. */
function expectValues(folder: string, path: string): void {
  const raw = readFileSync(join(folder, 'raw.bin'));
  const packed = readFileSync(join(folder, 'packed.bin'));
  const held = { raw: readBack(path, RAW), packed: readBack(path, PACKED) };
  expect(held.raw.shape).toEqual([480, 8]);
  expect(held.packed.shape).toEqual([200, 3]);
  expect([...held.raw.data]).toEqual(
    Array.from({ length: 3840 }, (_, at) => raw.readInt16LE(2 * at)),
  );
  expect([...held.packed.data]).toEqual(
    Array.from({ length: 600 }, (_, at) => packed.readDoubleBE(8 * at)),
  );
}

async function expectVerified(path: string, datasets: readonly string[]): Promise<void> {
  const report = await verify(path, undefined, { workers: 1 });
  expect(report.equal).toBe(true);
  expect(report.datasets.map((one) => one.path)).toEqual([...datasets].sort());
}

describe.each(readdirSync(FILES))('files of release %s', (release) => {
  test('a complete file is verified by its checksums and against its sources', async () => {
    const folder = copyOf(release);
    const path = join(folder, 'complete.nwb');
    await expectVerified(path, [RAW, PACKED]);
    const what = described(folder, 'complete.nwb');
    expect(await verify(path, what, { workers: 1 })).toMatchObject({ equal: true });
    expectValues(folder, path);
  });

  test('an interrupted conversion is resumed from its description after its sources moved', async () => {
    const folder = copyOf(release);
    const what = described(folder, 'interrupted.nwb');
    const { path, journal } = leftOf(String(what.path));
    const before = recordedPlaces(journal, 0).length + recordedPlaces(journal, 1).length;
    expect(before).toBeGreaterThanOrEqual(CHUNKS / 2);
    expect(before).toBeLessThan(CHUNKS);
    const { chunksRestored } = await convert(what, { workers: 1, resume: true, check: true });
    expect(chunksRestored).toBe(before);
    await expectVerified(path, [RAW, PACKED]);
    expectValues(folder, path);
    expect(listing(folder)).not.toContain('interrupted.nwb.journal');
  });

  test('an interrupted conversion is refused without check, since its sources have other times', async () => {
    const folder = copyOf(release);
    for (const name of ['raw.bin', 'packed.bin']) utimesSync(join(folder, name), 1e9, 1e9);
    const what = described(folder, 'interrupted.nwb');
    const error = await rejection(convert(what, { workers: 1, resume: true }));
    expect(error).toBeInstanceOf(ResumeError);
    expect((error as Error).message).toMatch(/pass check to compare its values/);
    // From the journal alone the sources are sought where they were.
    expect(await rejection(resume(String(what.path), { workers: 1 }))).toBeInstanceOf(ResumeError);
    await convert(what, { workers: 1, resume: true, check: true });
    expectValues(folder, String(what.path));
  });

  test('an interrupted stream is recovered with all rows that were acknowledged', async () => {
    const folder = copyOf(release);
    const { path, journal } = leftOf(join(folder, 'stream.nwb'));
    expect(readJournal(journal).entries.map(({ record }) => record.kind)).not.toContain('complete');
    expect(await recover(path, { workers: 1 })).toMatchObject({ chunksRestored: 6 });
    await expectVerified(path, ['/acquisition/x/data']);
    const { shape, data } = readBack(path, '/acquisition/x/data');
    expect(shape).toEqual([55, 4]);
    expect([...data]).toEqual(Array.from({ length: 220 }, (_, at) => at));
    expect(await rejection(recover(path))).toBeInstanceOf(OutputError);
  });
});
