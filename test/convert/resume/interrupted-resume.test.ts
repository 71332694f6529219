import { join } from 'node:path';
import { expect, test } from 'vitest';
import { convert, DataWriter, ResumeError, recover, resume } from '../../../src/index.js';
import {
  CHUNKS,
  changeBoot,
  copyOf,
  damagePlace,
  editJournal,
  expectMissing,
  expectWhole,
  interrupt,
  leftOf,
  placesOf,
  readJournal,
  recording,
} from '../../support/interrupted.js';
import { rows } from '../../support/iterators.js';
import { description, rejection, tempFolder, timeSeries } from '../../support/recordings.js';

/** A conversion as a power failure before its first sync leaves it. Its last two chunks are torn. */
async function torn() {
  const { what, models } = recording();
  const left = await interrupt(what, CHUNKS / 2, { durability: 'power' });
  changeBoot(left);
  editJournal(left, (record) => (record.kind === 'synced' ? undefined : record));
  const known = placesOf(readJournal(left.journal).entries);
  for (const place of known.slice(-2)) damagePlace(left, place);
  return { left, models, chunks: known.length };
}

test('chunks that a stopped resume had not compared are compared by the next one', async () => {
  const { left, models, chunks } = await torn();
  const controller = new AbortController();
  const stopped = rejection(resume(left.path, { workers: 1, signal: controller.signal }));
  controller.abort(new Error('Ctrl-C'));
  expect(await stopped).toMatchObject({ message: 'Ctrl-C' });
  const { chunksRestored } = await resume(left.path, { workers: 2 });
  expect(chunksRestored).toBe(chunks - 2);
  await expectWhole(left.path, models);
});

test('chunks of a copied partial file are compared, because the copy may be older', async () => {
  const { what, models } = recording();
  const left = await interrupt(what, CHUNKS / 2);
  const moved = copyOf(left, tempFolder());
  const known = placesOf(readJournal(moved.journal).entries);
  damagePlace(moved, known.at(-1) as (typeof known)[number]);
  const { chunksRestored } = await resume(moved.path, { workers: 2 });
  expect(chunksRestored).toBe(known.length - 1);
  await expectWhole(moved.path, models);
});

test('after a refused recover, the next one with incomplete compares all chunks', async () => {
  const left = leftOf(join(tempFolder(), 'a.nwb'));
  const [x, y] = [0, 1].map(() => new DataWriter({ dtype: 'int16', maxshape: [null, 4] }));
  const what = description(left.path, [
    timeSeries('x', { data: x, chunks: [10, 4] }),
    timeSeries('y', { data: y, chunks: [10, 4] }),
  ]);
  const controller = new AbortController();
  const options = { workers: 1, durability: 'power', signal: controller.signal } as const;
  const running = rejection(convert(what, options));
  for (const writer of [x, y]) {
    await writer.append(rows(0, 100, 4).data);
    await writer.flush();
  }
  controller.abort();
  await running;
  changeBoot(left);
  // The rows were acknowledged, but no sync covers their chunks.
  const { entries } = readJournal(left.journal);
  const behindChunks = entries.findLast(({ record }) => record.kind === 'chunks')?.end as number;
  editJournal(left, (record) =>
    record.kind === 'synced' ? { ...record, from: behindChunks } : record,
  );
  // Not one of the samples that are always compared.
  const places = placesOf(readJournal(left.journal).entries);
  expect(places).toHaveLength(20);
  for (const at of [5, 15]) damagePlace(left, places[at]);
  for (const _ of [1, 2])
    expect(await rejection(recover(left.path, { workers: 1 }))).toBeInstanceOf(ResumeError);
  await recover(left.path, { workers: 1, incomplete: true });
  await expectMissing(left.path);
});
