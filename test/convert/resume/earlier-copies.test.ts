import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { convert, DataWriter, ResumeError, recover } from '../../../src/index.js';
import {
  changeBoot,
  damagePlace,
  damageRecord,
  expectWhole,
  type Left,
  leftOf,
  placesOf,
  readJournal,
} from '../../support/interrupted.js';
import { rows } from '../../support/iterators.js';
import {
  bytesOf,
  description,
  type Model,
  readBack,
  rejection,
  tempFolder,
  timeSeries,
} from '../../support/recordings.js';

const DATA = '/acquisition/x/data';

const counted = (count: number): Model => ({
  dtype: 'int16',
  shape: [count, 4],
  items: Int16Array.from({ length: 4 * count }, (_, at) => at),
});

/**
 * A stream into chunks of 30 rows, as a power failure in its third flush leaves it: 22 rows were acknowledged,
 * and 45 had come. The first chunk was stored three times, with 14, 22 and all of its rows, and then the second.
 */
async function flushed(): Promise<Left> {
  const left = leftOf(join(tempFolder(), 'a.nwb'));
  const writer = new DataWriter({ dtype: 'int16', maxshape: [null, 4] });
  const series = timeSeries('x', { data: writer, chunks: [30, 4] });
  const controller = new AbortController();
  const options = { workers: 1, durability: 'power', signal: controller.signal } as const;
  const running = rejection(convert(description(left.path, [series]), options));
  let first = 0;
  for (const end of [14, 22, 45]) {
    await writer.append(rows(first, end - first, 4).data);
    await writer.flush();
    first = end;
  }
  controller.abort();
  await running;
  changeBoot(left);
  const { entries } = readJournal(left.journal);
  const last = entries.findLastIndex(
    ({ record }) => record.kind === 'extent' && record.state === 'acknowledged',
  );
  truncateSync(left.journal, entries[last - 1].end);
  return left;
}

/** Damages stored copies of chunks, by their position in the journal. */
function tear(left: Left, ...copies: readonly number[]): void {
  const places = placesOf(readJournal(left.journal).entries);
  expect(places).toHaveLength(4);
  for (const copy of copies) damagePlace(left, places[copy]);
}

describe('after a power failure in a flush', () => {
  test('all rows that reached the disk are recovered', async () => {
    const { path } = await flushed();
    await recover(path, { workers: 1 });
    await expectWhole(path, { [DATA]: counted(45) });
  });

  test('the acknowledged copy of a chunk is used if the next copy is torn', async () => {
    const left = await flushed();
    tear(left, 2, 3);
    const { warnings } = await recover(left.path, { workers: 1 });
    await expectWhole(left.path, { [DATA]: counted(22) });
    expect(warnings).toContainEqual(expect.stringContaining('22 of 22 rows were acknowledged'));
  });

  test('a torn chunk without acknowledged rows ends the rows, but is no reason to refuse', async () => {
    const left = await flushed();
    tear(left, 3);
    await recover(left.path, { workers: 1 });
    await expectWhole(left.path, { [DATA]: counted(30) });
  });

  test('a copy from before the acknowledgement is used only with incomplete', async () => {
    const left = await flushed();
    tear(left, 1, 2, 3);
    const error = await rejection(recover(left.path, { workers: 1 }));
    expect(error).toBeInstanceOf(ResumeError);
    expect((error as Error).message).toContain(`chunks of ${DATA} are damaged`);
    const { warnings } = await recover(left.path, { workers: 1, incomplete: true });
    expect(warnings).toContainEqual(expect.stringContaining('8 rows are missing from chunks'));
    const kept = bytesOf(readBack(left.path, DATA)).subarray(0, 14 * 8);
    expect(kept).toEqual(bytesOf({ data: counted(14).items }));
  });

  test('torn records after the acknowledgement are no reason to refuse', async () => {
    const left = await flushed();
    const { entries } = readJournal(left.journal);
    const last = entries.filter(({ record }) => record.kind === 'chunks').at(-2);
    damageRecord(left, last as (typeof entries)[number]);
    const { warnings } = await recover(left.path, { workers: 1 });
    expect(warnings).toContainEqual(expect.stringContaining('records were damaged'));
    await expectWhole(left.path, { [DATA]: counted(22) });
  });

  test('damaged records before the acknowledgement make recover() refuse', async () => {
    const left = await flushed();
    const { entries } = readJournal(left.journal);
    const first = entries.find(({ record }) => record.kind === 'chunks');
    damageRecord(left, first as (typeof entries)[number]);
    const error = await rejection(recover(left.path, { workers: 1 }));
    expect((error as Error).message).toMatch(/records in .*\.journal are damaged/);
  });
});
