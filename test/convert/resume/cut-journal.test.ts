import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { resume } from '../../../src/index.js';
import { patch } from '../../support/checksums.js';
import { EFFORT } from '../../support/effort.js';
import {
  copyOf,
  expectValues,
  expectWhole,
  interrupt,
  type Left,
  placesOf,
  readJournal,
} from '../../support/interrupted.js';
import {
  description,
  noise,
  tempFolder,
  timeSeries,
  waves,
  writeRaw,
} from '../../support/recordings.js';

const DATA = '/acquisition/x/data';

/** Few chunks, in jobs of at most two chunks, so that the journal has at least three short records. */
async function interrupted() {
  const folder = tempFolder();
  const model = waves([32, 4]);
  const source = writeRaw(folder, 'x.bin', model);
  const what = description(join(folder, 'a.nwb'), [
    timeSeries('x', { source, chunks: [4, 4], compression: null }),
  ]);
  const left = await interrupt(what, 6, { workers: 1, memory: 1120 });
  return { folder, model, left };
}

/** A copy whose journal ends at a byte, and which lacks all chunks that are recorded after it. */
function cutAt(left: Left, folder: string, end: number): Left & { readonly known: number } {
  const copy = copyOf(left, folder);
  writeFileSync(copy.journal, readFileSync(left.journal).subarray(0, end));
  const { entries } = readJournal(left.journal);
  const torn = placesOf(entries.filter((entry) => entry.end > end));
  for (const { address, size } of torn)
    patch(copy.partial, address, size, () => Buffer.from(noise([size], 'uint8').items.buffer));
  const known = placesOf(entries.filter((entry) => entry.end <= end)).length;
  return { ...copy, known };
}

describe('a conversion whose journal ends within a record', () => {
  // Only some cuts, because each starts a pool of workers. The stress run cuts at every byte.
  test.each([
    [1, 5],
    [2, 18],
    [3, 18],
  ])(
    'is resumed from the records before it: record %i from the end, cut every %i bytes',
    async (last, usual) => {
      const step = EFFORT > 1 ? 1 : usual;
      const { folder, model, left } = await interrupted();
      const { entries } = readJournal(left.journal);
      const [from, to] = [entries.at(-last - 1), entries.at(-last)].map((one) => one?.end ?? 0);
      const count = Math.ceil((to - from) / step);
      const ends = Array.from({ length: count }, (_, at) => from + step * at)[Symbol.iterator]();
      const resumeEach = async () => {
        for (const end of ends) {
          const { path, known } = cutAt(left, join(folder, `cut${end}`), end);
          const { chunksRestored } = await resume(path, { workers: 1 });
          expect({ end, chunksRestored }).toEqual({ end, chunksRestored: known });
          expectValues(path, DATA, model);
        }
      };
      await Promise.all([resumeEach(), resumeEach()]);
    },
    180_000,
  );

  test('is resumed although this happens several times, each time at another record', async () => {
    const { folder, model, left } = await interrupted();
    const { header, entries } = readJournal(left.journal);
    for (const { end } of entries) {
      const copy = cutAt(left, join(folder, `record${end}`), end);
      // As a process leaves it that was killed at once.
      writeFileSync(copy.journal, Buffer.alloc(3, 7), { flag: 'a' });
      expect(readJournal(copy.journal).header).toEqual(header);
      const { chunksRestored } = await resume(copy.path, { workers: 1 });
      expect(chunksRestored).toBe(copy.known);
      await expectWhole(copy.path, { [DATA]: model });
    }
  });
});
