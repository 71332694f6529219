import { rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { convert, resume, verifyChunks } from '../../../src/index.js';
import { patch } from '../../support/checksums.js';
import {
  CHUNKS,
  copyOf,
  expectWhole,
  interrupt,
  type Place,
  placesOf,
  readJournal,
  recording,
} from '../../support/interrupted.js';
import { noise } from '../../support/recordings.js';

/** A conversion that was stopped when about half of it was done. */
async function interrupted() {
  const made = recording();
  const left = await interrupt(made.what, CHUNKS / 2);
  const places = placesOf(readJournal(left.journal).entries);
  return { ...made, left, places };
}

/** Bytes of a file that no chunk takes. */
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

describe('metadata are made anew', () => {
  test.each([1, 3])('where the first 4 KiB are gone, by %i workers', async (workers) => {
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

  test('where every byte that is not of a chunk on record is another', async () => {
    const { left, places, models } = await interrupted();
    for (const { address, size } of gaps(places, statSync(left.partial).size))
      patch(left.partial, address, size, random);
    const report = await resume(left.path, { workers: 2, check: true });
    expect(report.chunksRestored).toBe(places.length);
    await expectWhole(left.path, models);
  });
});

describe('chunks that are gone are done anew', () => {
  test.each([0, 1, 700, 3000, 6000, 12_000])('from byte %i on', async (size) => {
    const { left, places, models } = await interrupted();
    truncateSync(left.partial, size);
    const there = places.filter((place) => place.address + place.size <= size);
    const report = await resume(left.path, { workers: 2 });
    expect(report.chunksRestored).toBe(there.length);
    await expectWhole(left.path, models);
  });

  test('with the whole partial file', async () => {
    const { left, models, what } = await interrupted();
    const copy = copyOf(left, join(left.path, '..', 'copy'));
    rmSync(left.partial);
    expect((await convert(what, { workers: 2, resume: true })).chunksRestored).toBe(0);
    await expectWhole(left.path, models);
    rmSync(copy.partial);
    expect((await resume(copy.path, { workers: 1 })).chunksRestored).toBe(0);
    await expectWhole(copy.path, models);
  });

  test('and are known to be gone when that is interrupted, too', async () => {
    const { left, places, models, what } = await interrupted();
    truncateSync(left.partial, 3000);
    const there = places.filter((place) => place.address + place.size <= 3000);
    await interrupt(what, there.length + 10, { resume: true });
    const report = await resume(left.path, { workers: 2 });
    expect(report.chunksRestored).toBeGreaterThanOrEqual(there.length + 10);
    expect(report.chunksRestored).toBeLessThan(CHUNKS);
    await expectWhole(left.path, models);
  });
});

describe('chunks whose bytes are others', () => {
  /** Damages the first and the last chunk on record, and one between them. */
  async function damaged() {
    const made = await interrupted();
    const { left, places } = made;
    const hurt = [places[0], places[Math.floor(places.length / 2)], places[places.length - 1]];
    for (const { address, size } of hurt)
      patch(left.partial, address + size - 1, 1, ([byte]) => Uint8Array.of(byte ^ 1));
    return { ...made, hurt };
  }

  test('are kept without check: nobody has looked', async () => {
    const { left, places } = await damaged();
    const report = await resume(left.path, { workers: 2 });
    expect(report.chunksRestored).toBe(places.length);
    const { equal, datasets } = await verifyChunks(left.path, { workers: 1 });
    expect(equal).toBe(false);
    expect(datasets.map(({ problem }) => problem)).toContainEqual(expect.stringMatching(/chunk/));
  });

  test('are done anew with check', async () => {
    const { left, places, hurt, models, what } = await damaged();
    const report = await convert(what, { workers: 2, resume: true, check: true });
    expect(report.chunksRestored).toBe(places.length - hurt.length);
    await expectWhole(left.path, models);
  });

  test('are known to be lost when that is interrupted before they were done', async () => {
    const { left, places, hurt, models, what } = await damaged();
    // At once: the lost are on record, and nothing else.
    await interrupt(what, 0, { resume: true, check: true });
    const report = await resume(left.path, { workers: 2 });
    expect(report.chunksRestored).toBeGreaterThanOrEqual(places.length - hurt.length);
    await expectWhole(left.path, models);
  });
});
