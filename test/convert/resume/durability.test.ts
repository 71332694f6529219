import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { Journal } from '../../../src/convert/journal/index.js';
import { convert, DataWriter, resume, verify } from '../../../src/index.js';
import { WORKERS } from '../../support/effort.js';
import { test } from '../../support/fixtures.js';
import {
  CHUNKS,
  changeBoot,
  damagePlace,
  expectWhole,
  interrupt,
  leftOf,
  placesOf,
  readJournal,
  recordedPlaces,
  recording,
} from '../../support/interrupted.js';
import {
  description,
  readBack,
  rejection,
  tempFolder,
  timeSeries,
} from '../../support/recordings.js';

/** Changes the journal as if the machine had been restarted since the conversion was interrupted. */
async function ofAnotherBoot() {
  const made = recording();
  const left = await interrupt(made.what, CHUNKS / 2);
  changeBoot(left);
  const places = placesOf(readJournal(left.journal).entries);
  const damage = (at: number) => damagePlace(left, places.at(at) as (typeof places)[number]);
  return { ...made, left, places, damage };
}

describe('after a restart of the machine', () => {
  test('chunks are compared with their checksums without the option check', async () => {
    const { left, places, damage, models } = await ofAnotherBoot();
    damage(0);
    damage(-1);
    const { chunksRestored } = await resume(left.path, { workers: WORKERS });
    expect(chunksRestored).toBe(places.length - 2);
    await expectWhole(left.path, models);
  });

  test.each([true, false])(
    'only chunks that a sync covered are trusted: covered %s',
    async (isTrusted) => {
      const { left, places, what, models } = await ofAnotherBoot();
      // As if all but the last record had been synced.
      const { entries } = readJournal(left.journal);
      const last = entries.at(-2)?.end ?? 0;
      const journal = Journal.claim(left.journal);
      if (isTrusted) journal.append({ kind: 'synced', from: 0, until: last });
      journal.close();
      const before = new Set(placesOf(entries.slice(0, -1)).map(({ address }) => address));
      // Not one of the samples that are always compared: the first chunk of each quarter.
      const [unseen] = recordedPlaces(left.journal, 0).filter(
        ({ address }, at, { length }) => at % Math.ceil(length / 4) > 0 && before.has(address),
      );
      damagePlace(left, unseen);
      const { chunksRestored } = await convert(what, { workers: WORKERS, resume: true });
      expect(chunksRestored).toBe(places.length - (isTrusted ? 0 : 1));
      if (!isTrusted) return await expectWhole(left.path, models);
      // The synced chunk is not compared, so its damage is not found.
      const { datasets } = await verify(left.path, undefined, { workers: 1 });
      expect(datasets.map(({ problem }) => problem)).toContainEqual(expect.stringMatching(/chunk/));
      expect(datasets.filter((one) => !one.equal)).toHaveLength(1);
    },
  );

  test('chunks of this run are trusted, and chunks of the run before are not', async () => {
    const { left, places, damage, what, models } = await ofAnotherBoot();
    await interrupt(what, places.length + 20, { resume: true });
    const now = placesOf(readJournal(left.journal).entries);
    expect(now.length).toBeGreaterThan(places.length);
    damage(3);
    const { chunksRestored } = await resume(left.path, { workers: WORKERS });
    expect(chunksRestored).toBe(now.length - 1);
    await expectWhole(left.path, models);
  });
});

describe("durability 'power'", () => {
  test('makes the same file', async ({ recording: { what, path, models } }) => {
    await convert(what, { workers: WORKERS, durability: 'power' });
    await expectWhole(path, models);
  });

  test('is resumed like any other', async ({ recording: { what, path, models } }) => {
    await interrupt(what, CHUNKS / 2, { durability: 'power' });
    const { chunksRestored } = await resume(path, { workers: WORKERS, durability: 'power' });
    expect(chunksRestored).toBeGreaterThanOrEqual(CHUNKS / 2);
    await expectWhole(path, models);
  });

  test('syncs rows before it acknowledges them', async () => {
    const path = join(tempFolder(), 'a.nwb');
    const { journal } = leftOf(path);
    const writer = new DataWriter({ dtype: 'int16', maxshape: [null, 4] });
    const what = description(path, [timeSeries('x', { data: writer, chunks: [10, 4] })]);
    const controller = new AbortController();
    const { signal } = controller;
    const stopped = rejection(convert(what, { workers: 1, durability: 'power', signal }));
    await writer.append(Int16Array.from({ length: 60 }, (_, at) => at));
    await writer.flush();
    controller.abort(new Error('enough'));
    expect(await stopped).toMatchObject({ message: 'enough' });
    const { entries } = readJournal(journal);
    const ends = entries.flatMap(({ record, end }) =>
      record.kind === 'extent' && record.state === 'acknowledged' ? [end] : [],
    );
    const synced = entries.flatMap(({ record }) =>
      record.kind === 'synced' ? [record.until] : [],
    );
    expect(ends).toHaveLength(1);
    expect(Math.max(...synced)).toBeGreaterThanOrEqual(ends[0]);
  });

  test('syncs a stream that takes longer than a second, without a flush', async () => {
    const path = join(tempFolder(), 'a.nwb');
    const { journal } = leftOf(path);
    const writer = new DataWriter({ dtype: 'int16', maxshape: [null, 4] });
    const what = description(path, [timeSeries('x', { data: writer, chunks: [10, 4] })]);
    const running = convert(what, { workers: 1, durability: 'power' });
    // The journal is locked, so its bytes are searched for the names of records.
    const isSynced = () => existsSync(journal) && readFileSync(journal).includes('synced');
    let rows = 0;
    for (; rows < 10 || !isSynced(); rows += 10) {
      await writer.append(Int16Array.from({ length: 40 }, (_, at) => 4 * rows + at));
      await new Promise((done) => setTimeout(done, 5));
    }
    writer.end();
    await running;
    const expected = Int16Array.from({ length: 4 * rows }, (_, at) => at);
    expect(readBack(path, '/acquisition/x/data').data).toEqual(expected);
  });
});
