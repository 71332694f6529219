import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import {
  type AbstractDataChunkIterator,
  type ConvertOptions,
  convert,
  DataWriter,
  type Description,
  ndarray,
  ResumeError,
  recover,
  resume,
} from '../../../src/index.js';
import { damage } from '../../support/checksums.js';
import { WORKERS } from '../../support/effort.js';
import { test } from '../../support/fixtures.js';
import {
  CHUNKS,
  damagePlace,
  expectWhole,
  interrupt,
  leftOf,
  readJournal,
  recordedPlaces,
} from '../../support/interrupted.js';
import { asyncIterator, iterator, rows } from '../../support/iterators.js';
import {
  description,
  listing,
  type Model,
  readBack,
  rejection,
  tempFolder,
  timeSeries,
  waves,
} from '../../support/recordings.js';

const DATA = '/acquisition/x/data';
const ARRAY = '/acquisition/array/data';

/** The values of `count` rows of 4, numbered. */
const counted = (count: number): Model => ({
  dtype: 'int16',
  shape: [count, 4],
  items: Int16Array.from({ length: 4 * count }, (_, at) => at),
});

/** An iterator of blocks of 7 rows. After `most` blocks it throws. Each iteration adds a line to `log`. */
function blocks(count: number, log: string[], most = Number.POSITIVE_INFINITY) {
  return iterator([null, 4], function* () {
    log.push('asked');
    for (let at = 0; at < count; at++) {
      if (at === most) throw new Error('unplugged');
      yield rows(7 * at, 7, 4);
    }
  });
}

function describeStream(path: string, data: AbstractDataChunkIterator): Description {
  const { items, shape } = waves([40, 4]);
  return description(path, [
    timeSeries('array', {
      data: ndarray(items as Int16Array, shape),
      chunks: [10, 4],
      compression: null,
    }),
    timeSeries('x', { data, chunks: [10, 4] }),
  ]);
}

/** Whether a journal, which may still be written, records the end of a dataset: its field `state` is `ended`. */
function recordsEnd(journal: string): boolean {
  return readFileSync(journal).includes(Buffer.from('state\xa5ended', 'latin1'));
}

/** Converts an array and an iterator, which throws once the end of the array is on record. */
async function unplugged(options: ConvertOptions = {}) {
  const folder = tempFolder();
  const path = join(folder, 'a.nwb');
  const data = asyncIterator([null, 4], async function* () {
    for (let at = 0; at < 15; at++) yield rows(7 * at, 7, 4);
    while (!recordsEnd(leftOf(path).journal)) await setTimeout(5);
    throw new Error('unplugged');
  });
  const what = describeStream(path, data);
  const error = await rejection(convert(what, { workers: WORKERS, ...options }));
  expect(error).toMatchObject({ message: 'unplugged' });
  expect(listing(folder)).toEqual(['a.nwb.journal', 'a.nwb.partial']);
  const models = { [ARRAY]: waves([40, 4]), [DATA]: counted(140) };
  return { folder, path, left: leftOf(path), models };
}

/** Paths of the datasets whose data had all come. */
function ended(journal: string): string[] {
  const { header, entries } = readJournal(journal);
  return entries.flatMap(({ record }) =>
    record.kind === 'extent' && record.state === 'ended'
      ? [header.datasets[record.dataset].spec.path]
      : [],
  );
}

describe('data that a program sends', () => {
  test('are requested from the beginning, unless all of them had come', async () => {
    const { path, left, models } = await unplugged();
    expect(ended(left.journal)).toEqual([ARRAY]);
    const log: string[] = [];
    const zeros = ndarray(new Int16Array(160), [40, 4]);
    const { acquisition = [], ...rest } = describeStream(path, blocks(20, log));
    const others = acquisition.slice(1);
    const array = timeSeries('array', { data: zeros, chunks: [10, 4], compression: null });
    const what = { ...rest, acquisition: [array, ...others] };
    const report = await convert(what, { workers: WORKERS, resume: true });
    expect(report.chunksRestored).toBe(4);
    expect(log).toEqual(['asked']);
    // The zeros that were passed for the array were not read.
    await expectWhole(path, models);
  });

  test('can fail several times, and be resumed each time', async () => {
    const { path, models } = await unplugged();
    for (const most of [3, 10]) {
      const what = describeStream(path, blocks(20, [], most));
      await rejection(convert(what, { workers: WORKERS, resume: true }));
    }
    await convert(describeStream(path, blocks(20, [])), { workers: WORKERS, resume: true });
    await expectWhole(path, models);
  });

  test('can be fewer than those that came before the interruption', async () => {
    const { path } = await unplugged();
    await convert(describeStream(path, blocks(2, [])), { workers: WORKERS, resume: true });
    await expectWhole(path, { [ARRAY]: waves([40, 4]), [DATA]: counted(14) });
  });

  test('make resume() refuse, because only the program can send them', async () => {
    const { path, left } = await unplugged();
    const before = readJournal(left.journal).entries.length;
    const error = await rejection(resume(path));
    expect(error).toBeInstanceOf(ResumeError);
    expect((error as Error).message).toMatch(
      /the data of \/acquisition\/x\/data came from a program, which is not running; call convert\(\) with the option resume in that program, or call recover\(\)/,
    );
    expect(readJournal(left.journal).entries).toHaveLength(before);
  });
});

describe('data that had all come, and were damaged later', () => {
  test('are requested again with the option check', async () => {
    const { path, left, models } = await unplugged();
    damage(left.partial, ARRAY, [10, 0]);
    const log: string[] = [];
    const what = describeStream(path, blocks(20, log));
    await convert(what, { workers: WORKERS, resume: true, check: true });
    await expectWhole(path, models);
  });

  test('make a resume fail if they were acknowledged, and nothing is recorded as restarted', async ({
    folder,
  }) => {
    const path = join(folder, 'a.nwb');
    const writers = () => [0, 1].map(() => new DataWriter({ dtype: 'int16', maxshape: [null, 4] }));
    const describeBoth = ([x, y]: readonly DataWriter[]) =>
      description(path, [
        timeSeries('x', { data: x, chunks: [10, 4] }),
        timeSeries('y', { data: y, chunks: [10, 4] }),
      ]);
    const [x, y] = writers();
    const controller = new AbortController();
    const running = rejection(
      convert(describeBoth([x, y]), { workers: 1, signal: controller.signal }),
    );
    await x.append(counted(100).items as Int16Array);
    await x.flush();
    x.end();
    await y.append(counted(15).items as Int16Array);
    const left = leftOf(path);
    while (!recordsEnd(left.journal)) await setTimeout(5);
    controller.abort();
    await running;
    expect(ended(left.journal)).toEqual([DATA]);
    damagePlace(left, recordedPlaces(left.journal, 0)[3]);
    for (const check of [true, false]) {
      const again = writers();
      const pushed = rejection(again[0].append(counted(10).items as Int16Array));
      const error = await rejection(
        convert(describeBoth(again), { workers: 1, resume: true, check }),
      );
      expect(error).toBeInstanceOf(ResumeError);
      expect(await pushed).toBe(error);
      const kinds = readJournal(left.journal).entries.map(({ record }) => record.kind);
      expect(kinds).not.toContain('restarted');
    }
    await recover(path, { workers: 1, incomplete: true });
    const { data, shape } = readBack(path, DATA);
    expect(shape).toEqual([100, 4]);
    const expected = (counted(100).items as Int16Array).slice();
    expected.fill(0, 120, 160);
    expect(data).toEqual(expected);
  });

  test('can be recovered until the first new data come', async () => {
    const { path } = await unplugged();
    const what = describeStream(path, blocks(20, [], 0));
    await rejection(convert(what, { workers: WORKERS, resume: true }));
    await recover(path, { workers: 1 });
    await expectWhole(path, { [ARRAY]: waves([40, 4]), [DATA]: counted(105) });
  });

  test('are never considered complete, by resume() either', async ({
    recording: { path, what, models },
  }) => {
    const { items, shape } = waves([40, 4]);
    const array = timeSeries('array', {
      data: ndarray(items as Int16Array, shape),
      chunks: [10, 4],
      compression: null,
    });
    const both = { ...what, acquisition: [...(what.acquisition ?? []), array] };
    const left = await interrupt(both, CHUNKS - 10);
    expect(ended(left.journal)).toEqual([ARRAY]);
    damage(left.partial, ARRAY, [0, 0]);
    const error = await rejection(resume(path, { check: true }));
    expect(error).toBeInstanceOf(ResumeError);
    expect((error as Error).message).toMatch(
      /chunks of \/acquisition\/array\/data are damaged, and their data can't be read again; if your program .* call convert\(\)/,
    );
    // The chunks are recorded as lost, so a resume without check refuses, too.
    expect(await rejection(resume(path))).toBeInstanceOf(ResumeError);
    await convert(both, { workers: WORKERS, resume: true });
    await expectWhole(path, { ...models, [ARRAY]: waves([40, 4]) });
  });
});

describe('a DataWriter', () => {
  const writerOf = () => new DataWriter({ dtype: 'int16', maxshape: [null, 4] });

  /** Pushes rows, first those that are acknowledged and then the rest, and stops the conversion. */
  async function stopped(acknowledged: number, rest: number) {
    const path = join(tempFolder(), 'a.nwb');
    const writer = writerOf();
    const controller = new AbortController();
    const running = rejection(
      convert(describeStream(path, writer), { workers: 1, signal: controller.signal }),
    );
    if (acknowledged > 0) {
      await writer.append(rows(0, acknowledged, 4).data);
      await writer.flush();
    }
    await writer.append(rows(acknowledged, rest, 4).data);
    controller.abort();
    expect(await running).toMatchObject({ name: 'AbortError' });
    return path;
  }

  test('is asked for all its data again if none were acknowledged', async () => {
    const path = await stopped(0, 30);
    const writer = writerOf();
    const running = convert(describeStream(path, writer), { workers: 1, resume: true });
    await writer.append(counted(33).items as Int16Array);
    writer.end();
    await running;
    await expectWhole(path, { [ARRAY]: waves([40, 4]), [DATA]: counted(33) });
  });

  test('is not resumed if data were acknowledged, and its pushes are rejected', async () => {
    const path = await stopped(12, 5);
    const writer = writerOf();
    const pushed = rejection(writer.append(counted(33).items as Int16Array));
    const error = await rejection(convert(describeStream(path, writer), { resume: true }));
    expect(error).toBeInstanceOf(ResumeError);
    expect((error as Error).message).toMatch(
      /12 rows of \/acquisition\/x\/data were acknowledged by a flush .*; call recover\(\) to keep them/,
    );
    expect(await pushed).toBe(error);
  });
});
