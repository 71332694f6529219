import { existsSync, linkSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Journal } from '../../../src/convert/journal/index.js';
import {
  convert,
  DataWriter,
  OutputError,
  ResumeError,
  recover,
  resume,
} from '../../../src/index.js';
import { WORKERS } from '../../support/effort.js';
import { CHUNKS, expectWhole, leftOf, recording } from '../../support/interrupted.js';
import { rows } from '../../support/iterators.js';
import {
  description,
  listing,
  readBack,
  rejection,
  tempFolder,
  timeSeries,
} from '../../support/recordings.js';

/**
 * Makes the state that a process leaves if it is killed once its file is complete: the journal has the record
 * `complete`, and the file may or may not have its final name.
 */
async function killedAtTheEnd(hasName: boolean) {
  const made = recording();
  const { path, partial, journal } = leftOf(made.path);
  const copy = join(made.folder, 'copy');
  const report = await convert(made.what, {
    workers: WORKERS,
    // A second name keeps the file when its first name is removed.
    onProgress: ({ chunksDone }) => {
      if (chunksDone === CHUNKS) linkSync(journal, copy);
    },
  });
  renameSync(copy, journal);
  const { ino: inode, mtimeNs } = statSync(path, { bigint: true });
  const kept = Journal.claim(journal);
  const complete = [...kept.records()].at(-1)?.record;
  kept.close();
  expect(complete).toEqual({ kind: 'complete', inode, mtimeNs });
  if (!hasName) renameSync(path, partial);
  return { ...made, report };
}

/** The same for a stream of 25 rows, whose file has its final name. */
async function streamKilledAtTheEnd() {
  const folder = tempFolder();
  const { path, journal } = leftOf(join(folder, 'a.nwb'));
  const writer = new DataWriter({ dtype: 'int16', maxshape: [null, 4] });
  const what = description(path, [timeSeries('x', { data: writer, chunks: [10, 4] })]);
  const running = convert(what, { workers: 1 });
  await writer.append(rows(0, 25, 4).data);
  await writer.flush();
  linkSync(journal, join(folder, 'copy'));
  writer.end();
  await running;
  renameSync(join(folder, 'copy'), journal);
  return { folder, path };
}

describe('a process that was killed after its file was complete', () => {
  test.each([
    ['resume()', ({ path }) => resume(path)],
    ['convert() with resume', ({ what }) => convert(what, { resume: true })],
    ['recover()', ({ path }) => recover(path)],
  ] as readonly [string, (made: ReturnType<typeof recording>) => ReturnType<typeof resume>][])(
    'leaves a file that %s reports without changing it',
    async (_, act) => {
      const { folder, path, models, report, ...made } = await killedAtTheEnd(true);
      const before = statSync(path, { bigint: true });
      const found = await act({ folder, path, models, ...made });
      expect(found).toMatchObject({
        path,
        libver: 'earliest',
        chunksRestored: CHUNKS,
        rawBytes: report.rawBytes,
        storedBytes: report.storedBytes,
        fileBytes: report.fileBytes,
      });
      const counts = ({ path, shape, chunks, storedBytes }: (typeof report.datasets)[number]) => ({
        ...{ path, shape, chunks, storedBytes },
      });
      expect(found.datasets.map(counts)).toEqual(report.datasets.map(counts));
      const { ino, size, mtimeMs } = statSync(path, { bigint: true });
      expect([ino, size, mtimeMs]).toEqual([before.ino, before.size, before.mtimeMs]);
      expect(listing(folder)).toEqual(['a.nwb', 'packed.bin', 'raw.bin']);
      await expectWhole(path, models);
    },
  );

  test('leaves a file that convert() refuses, or writes again with overwrite', async () => {
    const { path, what, models } = await killedAtTheEnd(true);
    const error = await rejection(convert(what));
    expect(error).toBeInstanceOf(OutputError);
    expect((error as Error).message).toMatch(
      /a\.nwb already exists; pass overwrite to replace it$/,
    );
    expect(existsSync(leftOf(path).journal)).toBe(true);
    expect((await convert(what, { overwrite: true })).chunksRestored).toBe(0);
    expect(existsSync(leftOf(path).journal)).toBe(false);
    await expectWhole(path, models);
  });

  test('leaves a journal that does not match another file of the same name', async () => {
    const { path, what } = await killedAtTheEnd(true);
    // The file system may give it the same inode.
    rmSync(path);
    writeFileSync(path, 'theirs');
    for (const act of [() => resume(path), () => convert(what, { resume: true })]) {
      const error = await rejection(act());
      expect(error).toBeInstanceOf(OutputError);
      expect((error as OutputError).message).toMatch(
        /\.partial is missing, although its journal .* exists/,
      );
    }
    expect(statSync(path).size).toBe(6);
  });

  test('leaves a journal from which a file that was removed since is not written again', async () => {
    const { path, what, models } = await killedAtTheEnd(true);
    rmSync(path);
    const { journal } = leftOf(path);
    for (const act of [
      () => resume(path),
      () => recover(path),
      () => convert(what, { resume: true }),
    ])
      expect(await rejection(act())).toMatchObject({
        tag: 'OutputError',
        fields: { path: `${path}.partial` },
      });
    rmSync(journal);
    await convert(what, { workers: WORKERS });
    await expectWhole(path, models);
  });

  test('leaves a conversion for which pushed data are rejected', async () => {
    const { folder, path } = await streamKilledAtTheEnd();
    const writer = new DataWriter({ dtype: 'int16', maxshape: [null, 4] });
    const before = rejection(writer.append(rows(0, 10, 4).data));
    const what = description(path, [timeSeries('x', { data: writer, chunks: [10, 4] })]);
    await convert(what, { workers: 1, resume: true });
    expect(await before).toBeInstanceOf(ResumeError);
    for (const call of [writer.append(rows(0, 10, 4).data), writer.flush()])
      expect((await rejection(call)) as Error).toMatchObject({
        message: expect.stringMatching(
          /all data of \/acquisition\/x\/data were written before the interruption/,
        ),
      });
    expect(listing(folder)).toEqual(['a.nwb']);
    expect(readBack(path, '/acquisition/x/data').data).toEqual(
      Int16Array.from({ length: 100 }, (_, at) => at),
    );
  });
});

test.each([false, true])(
  'resume completes a file whose process was killed before the rename, with check %s',
  async (check) => {
    const { folder, path, models } = await killedAtTheEnd(false);
    const { chunksRestored } = await resume(path, { workers: WORKERS, check });
    expect(chunksRestored).toBe(CHUNKS);
    expect(listing(folder)).toEqual(['a.nwb', 'packed.bin', 'raw.bin']);
    await expectWhole(path, models);
  },
);

test('a complete file can not be resumed', async () => {
  const { path, what } = recording();
  const before = await rejection(resume(path));
  expect((before as Error).message).toBe(
    `there is no interrupted conversion to ${path} (no journal ${path}.journal); check the path, or begin with convert`,
  );
  await convert(what);
  for (const name of [path, `${path}.partial`, `${path}.journal`])
    for (const act of [resume, recover]) {
      const error = await rejection(act(name));
      expect(error).toBeInstanceOf(OutputError);
      expect((error as Error).message).toBe(
        `there is nothing to resume: ${path} exists and has no journal`,
      );
    }
});
