import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { convert, DataWriter, ResumeError, recover, resume, verify } from '../../../src/index.js';
import { WORKERS } from '../../support/effort.js';
import { test } from '../../support/fixtures.js';
import {
  CHUNKS,
  copyOf,
  damagePlace,
  damageRecord,
  expectWhole,
  interrupt,
  leftOf,
  placesOf,
  readJournal,
  recordedPlaces,
} from '../../support/interrupted.js';
import { rows } from '../../support/iterators.js';
import {
  description,
  readBack,
  rejection,
  tempFolder,
  timeSeries,
} from '../../support/recordings.js';

const DATA = '/acquisition/x/data';

describe('a damaged record of a source', () => {
  test('loses only its own chunks, with a warning', async ({ recording: { what, models } }) => {
    const left = await interrupt(what, CHUNKS / 2);
    const { entries } = readJournal(left.journal);
    const hurt = entries[Math.floor(entries.length / 2)];
    damageRecord(left, hurt);
    const { chunksRestored, warnings } = await resume(left.path, { workers: WORKERS });
    expect(chunksRestored).toBe(placesOf(entries.filter((one) => one !== hurt)).length);
    expect(warnings).toContain(
      `${left.journal}: records were damaged; the data they described were written again`,
    );
    await expectWhole(left.path, models);
  });

  test('makes all chunks be compared with their checksums', async ({
    recording: { what, models },
  }) => {
    const left = await interrupt(what, CHUNKS / 2);
    const { entries } = readJournal(left.journal);
    // Not the first chunk, which is always compared.
    damagePlace(left, recordedPlaces(left.journal, 0)[1]);
    damageRecord(left, entries[entries.length - 2]);
    await resume(left.path, { workers: WORKERS });
    await expectWhole(left.path, models);
  });
});

describe('a damaged record of a stream', () => {
  /** A stream that was flushed after each row of chunks, and stopped. */
  async function stopped(blocks: number) {
    const folder = tempFolder();
    const left = leftOf(join(folder, 'a.nwb'));
    const writer = new DataWriter({ dtype: 'int16', maxshape: [null, 4] });
    const series = timeSeries('x', { data: writer, chunks: [10, 4] });
    const controller = new AbortController();
    const running = rejection(
      convert(description(left.path, [series]), { workers: 1, signal: controller.signal }),
    );
    for (let at = 0; at < blocks; at++) {
      await writer.append(rows(10 * at, 10, 4).data);
      await writer.flush();
    }
    controller.abort();
    await running;
    return { folder, left };
  }

  test('does not end the acknowledged rows after it', async () => {
    const { folder, left } = await stopped(6);
    const { entries } = readJournal(left.journal);
    // Damages each record in turn, except the last: the last row of chunks may be incomplete.
    for (const [at, entry] of entries.slice(0, -1).entries()) {
      const copy = copyOf(left, join(folder, String(at)));
      damageRecord(copy, entry);
      const before = readFileSync(copy.journal);
      expect(await rejection(resume(copy.path))).toBeInstanceOf(ResumeError);
      expect(readFileSync(copy.journal).equals(before)).toBe(true);
      const error = await rejection(recover(copy.path, { workers: 1 }));
      expect(error).toBeInstanceOf(ResumeError);
      expect((error as Error).message).toMatch(/records in .*a\.nwb\.journal are damaged/);

      const report = await recover(copy.path, { workers: 1, incomplete: true });
      const { shape, data } = readBack(copy.path, DATA);
      expect(shape).toEqual([60, 4]);
      const expected = Int16Array.from({ length: 240 }, (_, item) => item);
      if (entry.record.kind === 'chunks') {
        expect(report.warnings).toContainEqual(expect.stringMatching(/1 of 6 chunks are missing/));
        const [first] = entry.record.starts;
        expected.fill(0, 4 * first, 4 * (first + 10));
      }
      expect(data).toEqual(expected);
      const { datasets } = await verify(copy.path, undefined, { workers: 1 });
      expect(datasets).toMatchObject([{ path: DATA, equal: true }]);
    }
  });
});
