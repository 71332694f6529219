import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { Journal } from '../../../src/convert/journal/index.js';
import {
  convert,
  DataWriter,
  OutputError,
  ResumeError,
  recover,
  verify,
} from '../../../src/index.js';
import { damage } from '../../support/checksums.js';
import { BUILT, startChild } from '../../support/child.js';
import { WORKERS } from '../../support/effort.js';
import { test } from '../../support/fixtures.js';
import {
  CHUNKS,
  damagePlace,
  expectMissing,
  expectValues,
  expectWhole,
  interrupt,
  type Left,
  leftOf,
  readJournal,
  recordedPlaces,
} from '../../support/interrupted.js';
import { rows } from '../../support/iterators.js';
import {
  description,
  listing,
  type Model,
  readBack,
  rejection,
  tempFolder,
  timeSeries,
} from '../../support/recordings.js';

const DATA = '/acquisition/x/data';
const Y = '/acquisition/y/data';

const kindsOf = (journal: string) => readJournal(journal).entries.map(({ record }) => record.kind);

/** Removes the last records of sources' chunks from a journal. */
function forgetLast({ journal }: Left, count: number): void {
  const { header, entries } = readJournal(journal);
  const slabs = entries.filter(({ record }) => record.kind === 'slab').slice(-count);
  const edited = Journal.claim(journal);
  edited.begin(header);
  for (const entry of entries) if (!slabs.includes(entry)) edited.append(entry.record);
  edited.close();
}

/** Rows of 4 numbered items. */
const counted = (count: number): Model => ({
  dtype: 'int16',
  shape: [count, 4],
  items: Int16Array.from({ length: 4 * count }, (_, at) => at),
});

describe('a stream', () => {
  test('keeps all acknowledged rows if its process was killed', async ({ folder }) => {
    const path = join(folder, 'a.nwb');
    const child = startChild(`
      import { convert, DataWriter } from ${JSON.stringify(BUILT.index)};
      const data = new DataWriter({ dtype: 'int16', maxshape: [null, 4] });
      const what = ${JSON.stringify(description(path, []))};
      what.acquisition.push({ type: 'TimeSeries', name: 'x', unit: 'V', rate: 1, data: { data, chunks: [10, 4] } });
      convert(what, { workers: 2 });
      const append = (from, count) =>
        data.append(Int16Array.from({ length: 4 * count }, (_, at) => 4 * from + at));
      let done = 0;
      for (const count of [25, 3, 19]) {
        await append(done, count);
        done += count;
        await data.flush();
        say(String(done));
      }
      // Full chunks are written without a flush, the rest of the last chunk is not.
      await append(done, 8);
      say('pushed');
      await proceed();`);
    const acknowledged: number[] = [];
    for (let line = await child.line(); line !== 'pushed'; line = await child.line())
      acknowledged.push(Number(line));
    expect(acknowledged).toEqual([25, 28, 47]);
    child.kill('SIGKILL');
    expect(await child.end()).toBe('SIGKILL');
    expect(listing(folder)).toEqual(['a.nwb.journal', 'a.nwb.partial']);

    const report = await recover(path, { workers: 1 });
    expect(listing(folder)).toEqual(['a.nwb']);
    const { shape } = readBack(path, DATA);
    // Rows after the acknowledged ones may be there, up to the last row of chunks that came.
    expect(shape[0]).toBeGreaterThanOrEqual(47);
    expect(shape[0]).toBeLessThanOrEqual(55);
    const { data } = readBack(path, DATA);
    expect((data as Int16Array).subarray(0, 4 * 47)).toEqual(counted(47).items);
    expect(report.datasets[0].shape).toEqual(shape);
    expect((await verify(path, undefined, { workers: 1 })).equal).toBe(true);
  });

  test('ends with the last row of chunks that came if nothing was acknowledged', async () => {
    const path = join(tempFolder(), 'a.nwb');
    const child = startChild(`
      import { convert, DataWriter } from ${JSON.stringify(BUILT.index)};
      import { readFileSync } from 'node:fs';
      const data = new DataWriter({ dtype: 'int16', maxshape: [null, 4] });
      const what = ${JSON.stringify(description(path, []))};
      what.acquisition.push({ type: 'TimeSeries', name: 'x', unit: 'V', rate: 1, data: { data, chunks: [10, 4] } });
      convert(what, { workers: 1 });
      let rows = 0;
      const journal = ${JSON.stringify(`${path}.journal`)};
      // Appends row by row until chunks are on record.
      for (; rows < 35 || !readFileSync(journal).includes('placements'); rows++) {
        await data.append(Int16Array.from({ length: 4 }, (_, at) => 4 * rows + at));
        await new Promise((done) => setTimeout(done, 2));
      }
      say(String(rows));
      await proceed();`);
    const pushed = Number(await child.line());
    child.kill('SIGKILL');
    await child.end();
    await recover(path, { workers: 1 });
    const { shape } = readBack(path, DATA);
    expect(shape[0]).toBeGreaterThan(0);
    expect(shape[0]).toBeLessThanOrEqual(pushed);
    // Whole rows of chunks, or all rows that came.
    if (shape[0] < pushed) expect(shape[0] % 10).toBe(0);
    expectValues(path, DATA, counted(shape[0]));
    await expectWhole(path, { [DATA]: counted(shape[0]) });
  });

  /** A conversion of two streams that was stopped after one stream had ended. */
  async function stopped(flush: boolean) {
    const path = join(tempFolder(), 'a.nwb');
    const [x, y] = [0, 1].map(() => new DataWriter({ dtype: 'int16', maxshape: [null, 4] }));
    const what = description(path, [
      timeSeries('x', { data: x, chunks: [10, 4], compression: null }),
      timeSeries('y', { data: y, chunks: [10, 4], compression: null }),
    ]);
    const controller = new AbortController();
    const running = rejection(convert(what, { workers: 1, signal: controller.signal }));
    await y.append(rows(0, 23, 4).data);
    y.end();
    const { journal } = leftOf(path);
    await x.append(rows(0, 14, 4).data);
    if (flush) await x.flush();
    // The end of y is on record now, or at the latest when the conversion has stopped.
    await new Promise((done) => setTimeout(done, 50));
    controller.abort();
    await running;
    return { path, journal };
  }

  test.each([true, false])(
    'that was stopped is recovered completely, flushed: %s',
    async (flush) => {
      const { path } = await stopped(flush);
      const report = await recover(path, { workers: 1 });
      expect(report.warnings.filter((line) => line.includes('chunks are missing'))).toEqual([]);
      await expectWhole(path, { [DATA]: counted(14), [Y]: counted(23) });
    },
  );

  test('with damaged chunks is refused, and completed without them with incomplete', async () => {
    const { path, journal } = await stopped(true);
    damage(`${path}.partial`, Y, [10, 0]);
    const before = kindsOf(journal);
    const error = await rejection(recover(path, { workers: 1, check: true }));
    expect(error).toBeInstanceOf(ResumeError);
    expect((error as Error).message).toMatch(
      /: chunks of \/acquisition\/y\/data are damaged, and their data can't be read again; pass incomplete/,
    );
    // Nothing is recorded as lost: the chunk may be readable later.
    expect(kindsOf(journal)).toEqual([...before, 'begun']);
    const report = await recover(path, { workers: 1, check: true, incomplete: true });
    expect(report.warnings).toContainEqual(
      expect.stringContaining(`${Y}: 1 of 3 chunks are missing`),
    );
    const { data } = readBack(path, Y);
    const expected = counted(23).items.slice();
    expected.fill(0 as never, 40, 80);
    expect(data).toEqual(expected);
    expectValues(path, DATA, counted(14));
    await expectMissing(path);
  });
});

describe('sources that were not read to their end', () => {
  test('are read to their end', async ({ recording: { folder, what, path, models } }) => {
    await interrupt(what, CHUNKS / 2);
    const done: number[] = [];
    const onProgress = ({ chunksDone }: { chunksDone: number }) => done.push(chunksDone);
    const { chunksRestored, warnings } = await recover(path, { workers: WORKERS, onProgress });
    expect(chunksRestored).toBeGreaterThanOrEqual(CHUNKS / 2);
    expect(chunksRestored).toBeLessThan(CHUNKS);
    expect(done.at(-1)).toBe(CHUNKS);
    expect(warnings.filter((line) => line.includes('chunks are missing'))).toEqual([]);
    expect(listing(folder)).toEqual(['a.nwb', 'packed.bin', 'raw.bin']);
    await expectWhole(path, models);
  });

  test('and have changed are refused, but accepted with incomplete', async ({
    recording: { folder, what, path },
  }) => {
    const left = await interrupt(what, CHUNKS / 2);
    renameSync(join(folder, 'raw.bin'), join(folder, 'gone.bin'));
    const before = kindsOf(left.journal);
    const error = await rejection(recover(path));
    expect(error).toBeInstanceOf(ResumeError);
    expect((error as Error).message).toMatch(/is now missing and was 15360 bytes/);
    expect(kindsOf(left.journal)).toEqual(before);
    await recover(path, { workers: 1, incomplete: true });
    await expectMissing(path);
  });

  test('are read while all acknowledged rows of a stream are kept', async ({
    recording: { folder, what, path, models },
  }) => {
    const writer = new DataWriter({ dtype: 'int16', maxshape: [null, 4] });
    const series = timeSeries('x', { data: writer, chunks: [10, 4] });
    const both = { ...what, acquisition: [...(what.acquisition ?? []), series] };
    const controller = new AbortController();
    const running = rejection(
      convert(both, {
        workers: 1,
        signal: controller.signal,
        onProgress: ({ chunksDone }) => {
          if (chunksDone >= 20) void flushed.then(() => controller.abort());
        },
      }),
    );
    const flushed = writer.append(rows(0, 34, 4).data).then(() => writer.flush());
    await running;
    // As if the rest of the sources had not been read.
    forgetLast(leftOf(path), 3);
    const report = await recover(path, { workers: WORKERS });
    expect(report.chunksRestored).toBeLessThan(CHUNKS + 4);
    expect(report.warnings).toContainEqual(
      expect.stringContaining(`${DATA}: the data are incomplete; 34 of 34 rows were acknowledged`),
    );
    expect(listing(folder)).toEqual(['a.nwb', 'packed.bin', 'raw.bin']);
    await expectWhole(path, { ...models, [DATA]: counted(34) });
  });

  test('can be completed if damaged chunks were written again since', async ({
    recording: { what, path, models },
  }) => {
    const left = await interrupt(what, CHUNKS / 2);
    damagePlace(left, recordedPlaces(left.journal, 0)[0]);
    await interrupt(what, CHUNKS, { resume: true, check: true });
    expect(kindsOf(left.journal)).toContain('lost');
    const { chunksRestored } = await recover(path, { workers: 1 });
    expect(chunksRestored).toBe(CHUNKS);
    await expectWhole(path, models);
  });

  test('do not replace an existing file with incomplete, but do if they are read to their end', async ({
    recording: { what, path, models },
  }) => {
    writeFileSync(path, 'precious');
    await interrupt(what, CHUNKS / 2, { overwrite: true });
    const error = await rejection(recover(path, { incomplete: true }));
    expect(error).toBeInstanceOf(OutputError);
    expect((error as OutputError).message).toBe(
      `${path} already exists; pass overwrite to replace it`,
    );
    expect(readFileSync(path, 'utf8')).toBe('precious');
    await recover(path, { workers: WORKERS });
    await expectWhole(path, models);
  });

  test('read as the fill value with incomplete, with a warning', async ({
    recording: { folder, what, path, models },
  }) => {
    await interrupt(what, CHUNKS / 2);
    const report = await recover(path, { workers: WORKERS, incomplete: true });
    expect(report.chunksRestored).toBeLessThan(CHUNKS);
    const missing = report.warnings.flatMap((line) => {
      const found = /: (\d+) of (\d+) chunks are missing and read as the fill value$/.exec(line);
      return found ? [Number(found[1])] : [];
    });
    expect(missing.reduce((sum, one) => sum + one, 0)).toBe(CHUNKS - report.chunksRestored);
    expect(listing(folder)).toEqual(['a.nwb', 'packed.bin', 'raw.bin']);
    await expectMissing(path);
    for (const [dataset, { shape, items }] of Object.entries(models)) {
      const value = readBack(path, dataset);
      expect(value.shape).toEqual(shape);
      // The sources contain no 0.
      const data = value.data as Float64Array;
      expect(data.every((one, at) => one === items[at] || one === 0)).toBe(true);
    }
  });

  test('need not exist if all of their chunks came', async ({
    recording: { what, path, models },
  }) => {
    await interrupt(what, CHUNKS);
    const { chunksRestored, warnings } = await recover(path, { workers: 1 });
    expect(chunksRestored).toBe(CHUNKS);
    expect(warnings.filter((line) => line.includes('chunks are missing'))).toEqual([]);
    await expectWhole(path, models);
  });
});

test('options are checked before anything is touched', async ({ recording: { what, path } }) => {
  const left = await interrupt(what, CHUNKS / 2);
  for (const options of [{ resume: true }, { overwrite: true }, { incomplet: true }] as object[])
    expect(await rejection(recover(path, options))).toMatchObject({ tag: 'OptionError' });
  expect(await rejection(recover(join(path, 'none')))).toBeInstanceOf(OutputError);
  expect(readJournal(left.journal).entries.length).toBeGreaterThan(0);
});
