import {
  copyFileSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { convert, OutputError, recover, resume, verify } from '../../../src/index.js';
import { patch } from '../../support/checksums.js';
import { WORKERS } from '../../support/effort.js';
import {
  CHUNKS,
  damagePlace,
  expectWhole,
  interrupt,
  type Place,
  placesOf,
  readJournal,
  recordedPlaces,
  recording,
} from '../../support/interrupted.js';
import {
  description,
  type Model,
  noise,
  rejection,
  tempFolder,
  timeSeries,
  waves,
  writeRaw,
} from '../../support/recordings.js';

/** Numbers of the datasets of a recording. */
const [RAW, PACKED] = [0, 1];

/** A conversion that was stopped when about half of its chunks were done. */
async function interrupted() {
  const made = recording();
  const left = await interrupt(made.what, CHUNKS / 2);
  const places = placesOf(readJournal(left.journal).entries);
  return { ...made, left, places };
}

/** The ranges of bytes of a file that no chunk occupies. */
function gaps(places: readonly Place[], size: number): Place[] {
  const found: Place[] = [];
  let end = 0;
  for (const place of places.toSorted((a, b) => a.address - b.address)) {
    found.push({ address: end, size: place.address - end });
    end = place.address + place.size;
  }
  return [...found, { address: end, size: size - end }].filter((gap) => gap.size > 0);
}

const random = (bytes: Buffer) => Buffer.from(noise([bytes.length], 'uint8').items.buffer);

describe('metadata are written again', () => {
  test.each([1, 3])('if the first 4 KiB are lost, with %i workers', async (workers) => {
    const { left, places, models } = await interrupted();
    patch(left.partial, 0, 4096, (bytes) => {
      const kept = Buffer.from(bytes);
      for (const { address, size } of gaps(places, 4096))
        kept.fill(0xff, address, Math.min(4096, address + size));
      return kept;
    });
    const report = await resume(left.path, { workers });
    expect(report.chunksRestored).toBe(places.length);
    await expectWhole(left.path, models);
  });

  test('if every byte outside of chunks on record has changed', async () => {
    const { left, places, models } = await interrupted();
    for (const { address, size } of gaps(places, statSync(left.partial).size))
      patch(left.partial, address, size, random);
    const report = await resume(left.path, { workers: WORKERS, check: true });
    expect(report.chunksRestored).toBe(places.length);
    await expectWhole(left.path, models);
  });
});

describe('chunks that a cut removed are written again', () => {
  test.each([0, 1, 700, 3000, 6000, 12_000])('if the file ends at byte %i', async (size) => {
    const { left, places, models } = await interrupted();
    truncateSync(left.partial, size);
    const there = places.filter((place) => place.address + place.size <= size);
    const report = await resume(left.path, { workers: WORKERS });
    expect(report.chunksRestored).toBe(there.length);
    await expectWhole(left.path, models);
  });

  test('but not if the whole partial file is missing, because it may have been moved', async () => {
    const { folder, left, places, models, what } = await interrupted();
    const elsewhere = join(folder, 'elsewhere');
    renameSync(left.partial, elsewhere);
    const before = readFileSync(left.journal);
    for (const act of [
      () => convert(what, { resume: true }),
      () => resume(left.path),
      () => recover(left.path),
      () => recover(left.path, { incomplete: true }),
    ]) {
      const error = await rejection(act());
      expect(error).toBeInstanceOf(OutputError);
      expect((error as Error).message).toBe(
        `${left.partial} is missing, although its journal ${left.journal} exists; restore it, or remove the journal to start again`,
      );
      expect(readFileSync(left.journal).equals(before)).toBe(true);
    }
    renameSync(elsewhere, left.partial);
    expect((await resume(left.path, { workers: 1 })).chunksRestored).toBe(places.length);
    await expectWhole(left.path, models);
  });

  test('and are recorded as lost, so that the next resume knows', async () => {
    const { left, places, models, what } = await interrupted();
    truncateSync(left.partial, 3000);
    const there = places.filter((place) => place.address + place.size <= 3000);
    await interrupt(what, there.length + 10, { resume: true });
    const report = await resume(left.path, { workers: WORKERS });
    expect(report.chunksRestored).toBeGreaterThanOrEqual(there.length + 10);
    expect(report.chunksRestored).toBeLessThan(CHUNKS);
    await expectWhole(left.path, models);
  });
});

describe('damaged chunks', () => {
  /** Damages the first and the last chunk on record, and one between them. */
  async function damaged() {
    const made = await interrupted();
    const { left, places } = made;
    const hurt = [places[0], places[Math.floor(places.length / 2)], places[places.length - 1]];
    for (const place of hurt) damagePlace(left, place);
    return { ...made, hurt };
  }

  test('are kept without check, because most chunks are not compared', async () => {
    const { left, places } = await interrupted();
    // Not the first, which is looked at in any case.
    damagePlace(left, recordedPlaces(left.journal, RAW)[1]);
    const report = await resume(left.path, { workers: WORKERS });
    expect(report.chunksRestored).toBe(places.length);
    const { equal, datasets } = await verify(left.path, undefined, { workers: 1 });
    expect(equal).toBe(false);
    expect(datasets.map(({ problem }) => problem)).toContainEqual(expect.stringMatching(/chunk/));
  });

  test('are written again without check if one of the samples is damaged: all are compared then', async () => {
    const { left, places, models } = await interrupted();
    const [first, second] = recordedPlaces(left.journal, RAW);
    const others = recordedPlaces(left.journal, PACKED);
    for (const place of [first, second, others[1]]) damagePlace(left, place);
    const report = await resume(left.path, { workers: WORKERS });
    expect(report.chunksRestored).toBe(places.length - 3);
    await expectWhole(left.path, models);
  });

  test('are written again with check', async () => {
    const { left, places, hurt, models, what } = await damaged();
    const report = await convert(what, { workers: WORKERS, resume: true, check: true });
    expect(report.chunksRestored).toBe(places.length - hurt.length);
    await expectWhole(left.path, models);
  });

  test('are recorded as lost, so that the next resume knows', async () => {
    const { left, places, hurt, models, what } = await damaged();
    // Stopped at once: the lost chunks are on record, and nothing else.
    await interrupt(what, 0, { resume: true, check: true });
    const report = await resume(left.path, { workers: WORKERS });
    expect(report.chunksRestored).toBeGreaterThanOrEqual(places.length - hurt.length);
    await expectWhole(left.path, models);
  });
});

describe('a partial file that is not the one of the journal', () => {
  /** A conversion that was stopped when half of it was done. Its files are as large as those of other recordings. */
  async function one(model: Model) {
    const folder = tempFolder();
    const source = writeRaw(folder, 'x.bin', model);
    const series = [timeSeries('x', { source, chunks: [10, 4], compression: null })];
    return interrupt(description(join(folder, 'a.nwb'), series), 20, { workers: 1 });
  }

  test('is noticed without check, even if it is as large', async () => {
    const model = waves([400, 4]);
    const left = await one(model);
    const other = await one(noise([400, 4]));
    const { size } = statSync(left.partial);
    copyFileSync(other.partial, left.partial);
    truncateSync(left.partial, size);
    expect((await resume(left.path, { workers: WORKERS })).chunksRestored).toBe(0);
    await expectWhole(left.path, { '/acquisition/x/data': model });
  });

  test('is noticed if it holds only zeros', async () => {
    const { left, models } = await interrupted();
    writeFileSync(left.partial, Buffer.alloc(statSync(left.partial).size));
    expect((await resume(left.path, { workers: WORKERS })).chunksRestored).toBe(0);
    await expectWhole(left.path, models);
  });
});
