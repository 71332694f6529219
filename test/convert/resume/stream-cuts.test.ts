import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { convert, DataWriter, recover, verify } from '../../../src/index.js';
import { patch } from '../../support/checksums.js';
import { numRuns } from '../../support/effort.js';
import { copyOf, type Left, leftOf, placesOf, readJournal } from '../../support/interrupted.js';
import {
  description,
  noise,
  readBack,
  rejection,
  tempFolder,
  timeSeries,
} from '../../support/recordings.js';

const DATA = '/acquisition/x/data';
/** Six chunks a row of chunks. */
const WIDTH = 384;
const CHUNK = [1000, 64];

/** All values of a row are its number and one, so that none of them is the fill value. */
function rowsOf(first: number, count: number): Int16Array {
  const items = new Int16Array(count * WIDTH);
  for (let row = 0; row < count; row++) items.fill(1 + first + row, row * WIDTH, (row + 1) * WIDTH);
  return items;
}

/** Steps of a stream: rows are appended, and the stream may be flushed. */
const steps = fc.array(
  fc.record({ count: fc.integer({ min: 1, max: 900 }), flush: fc.boolean() }),
  { minLength: 4, maxLength: 12 },
);

interface Moment extends Left {
  /** Where the journal ended at the step before; for the last step, before its last record. */
  readonly before: number;
}

/**
 * Runs a stream, and copies its files after each step: once a chunk is on record again, another chunk may overwrite
 * its earlier copy.
 */
async function moments(folder: string, all: readonly { count: number; flush: boolean }[]) {
  const left = leftOf(join(folder, 'a.nwb'));
  const writer = new DataWriter({ dtype: 'int16', maxshape: [null, WIDTH] });
  const series = timeSeries('x', { data: writer, chunks: CHUNK as number[], compression: null });
  const controller = new AbortController();
  const running = rejection(
    convert(description(left.path, [series]), { workers: 2, signal: controller.signal }),
  );
  const copies: Moment[] = [];
  let rows = 0;
  const take = (isClosed = false) => {
    const copy = leftOf(join(folder, String(copies.length), 'a.nwb'));
    mkdirSync(join(folder, String(copies.length)));
    // The journal is copied first, so that all chunks on record are in the copied file.
    copyFileSync(left.journal, copy.journal);
    copyFileSync(left.partial, copy.partial);
    const last = copies.at(-1);
    const before = last ? statSync(last.journal).size : 0;
    // When the file is closed, metadata overwrite free space.
    copies.push({ ...copy, before: isClosed ? statSync(copy.journal).size - 1 : before });
  };
  for (const { count, flush } of all) {
    await writer.append(rowsOf(rows, count));
    rows += count;
    if (flush) await writer.flush();
    take();
  }
  controller.abort();
  await running;
  take(true);
  return { copies, rows };
}

/** A copy as if the process had been killed after a record: later chunks were never written. */
function killedAt(left: Left, folder: string, end: number) {
  const copy = copyOf(left, folder);
  const { entries } = readJournal(left.journal);
  writeFileSync(copy.journal, readFileSync(left.journal).subarray(0, end));
  for (const { address, size } of placesOf(entries.filter((entry) => entry.end > end)))
    patch(copy.partial, address, size, () => Buffer.from(noise([size], 'uint8').items.buffer));
  const acknowledged = entries.flatMap(({ record, ...entry }) =>
    entry.end <= end && record.kind === 'extent' && record.state === 'acknowledged'
      ? [record.extent[0]]
      : [],
  );
  return { ...copy, acknowledged: acknowledged.at(-1) };
}

test('wherever a stream is killed, all acknowledged rows are recovered, and no row in part', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const folder = tempFolder();
      // Begins with a flush, because rows may be recovered in part if nothing was acknowledged.
      const { copies, rows } = await moments(folder, [{ count: 30, flush: true }, ...all]);
      const cuts = copies.flatMap((left) =>
        readJournal(left.journal).entries.flatMap(({ end }) =>
          end > left.before ? [{ left, end }] : [],
        ),
      );
      let before = 0;
      for (const [at, { left, end }] of cuts.entries()) {
        const { path, acknowledged } = killedAt(left, join(folder, `cut${at}`), end);
        if (acknowledged === undefined) continue;
        await recover(path, { workers: 1 });
        const { shape, data } = readBack(path, DATA);
        const [count] = shape;
        expect(count).toBeGreaterThanOrEqual(acknowledged);
        expect(count).toBeLessThanOrEqual(rows);
        // A later kill never gives fewer rows.
        expect(count).toBeGreaterThanOrEqual(before);
        before = count;
        const items = data as Int16Array;
        const wrong = items.findIndex((item, at) => item !== 1 + Math.floor(at / WIDTH));
        expect({ end, wrong }).toEqual({ end, wrong: -1 });
        expect((await verify(path, undefined, { workers: 1 })).equal).toBe(true);
      }
      expect(before).toBe(rows);
    }),
    { numRuns: numRuns(2) },
  );
}, 180_000);
