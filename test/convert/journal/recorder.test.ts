import { renameSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { currentBoot } from '../../../src/convert/journal/boot.js';
import { type Journal, Recorder } from '../../../src/convert/journal/index.js';
import { PartialFile } from '../../../src/convert/partial-file.js';
import { asPlacements } from '../../../src/hdf5/index.js';
import type { Durability } from '../../../src/options.js';
import { claimed, headerOf } from './journals.js';

const CHUNK = {
  placements: asPlacements(Float64Array.of(8, 64, 0)),
  checksums: BigUint64Array.of(7n),
};

const [FIRST, SECOND, THIRD] = [0, 5, 10].map((row) => [{ start: [row, 0], rows: row + 5 }]);

/** A recorder, and a function that returns the kinds of its records. */
function recording(durability: Durability) {
  const journal = claimed();
  journal.begin(headerOf());
  const path = journal.path.replace('.journal', '.partial');
  writeFileSync(path, 'chunks');
  const { dev: device, ino: inode } = statSync(path, { bigint: true });
  const partial = new PartialFile(path, { device, inode });
  const recorder = new Recorder(journal, partial, durability);
  return { journal, recorder, partial, begin: journal.size };
}

const records = (journal: Journal) => [...journal.records()].map(({ record }) => record);
const kinds = (journal: Journal) => records(journal).map(({ kind }) => kind);

describe('a recorder', () => {
  test('begins with the boot id', () => {
    const { journal, partial } = recording('process');
    expect(records(journal)).toEqual([
      { kind: 'begun', boot: currentBoot(), durability: 'process', inode: partial.identity.inode },
    ]);
    expect(currentBoot()).not.toBe('');
  });

  test('records the same extent only once, and always a new state', () => {
    const { journal, recorder } = recording('process');
    recorder.extent(0, [5, 4]);
    recorder.extent(0, [5, 4]);
    recorder.extent(1, [5, 4]);
    recorder.extent(0, [6, 4]);
    recorder.extent(0, [6, 4], 'acknowledged');
    recorder.extent(0, [6, 4]);
    recorder.extent(0, [6, 4], 'ended');
    const said = records(journal).flatMap((one) =>
      one.kind === 'extent' ? [`${one.dataset}: ${one.extent} ${one.state}`] : [],
    );
    expect(said).toEqual([
      '0: 5,4 growing',
      '1: 5,4 growing',
      '0: 6,4 growing',
      '0: 6,4 acknowledged',
      '0: 6,4 ended',
    ]);
  });

  test('knows whether it has recorded any chunk', () => {
    const { recorder } = recording('process');
    recorder.extent(0, [5, 4]);
    recorder.lost(0, [[0, 0]]);
    expect(recorder.hasChunks).toBe(false);
    recorder.slab(0, { start: [0, 0], count: [5, 4] }, CHUNK);
    expect(recorder.hasChunks).toBe(true);
  });

  test('records with single chunks how many rows the dataset had', () => {
    const { journal, recorder } = recording('process');
    const two = {
      placements: asPlacements(new Float64Array(6)),
      checksums: new BigUint64Array(2),
    };
    recorder.chunks(1, [...FIRST, ...THIRD], two);
    expect(records(journal).at(-1)).toMatchObject({
      ...{ kind: 'chunks', dataset: 1, starts: [0, 0, 10, 0], rows: [5, 15] },
    });
  });

  test.each<[string, (recorder: Recorder) => void]>([
    ['slab', (recorder) => recorder.slab(1, { start: [0, 0], count: [5, 4] }, CHUNK)],
    ['chunks', (recorder) => recorder.chunks(1, FIRST, CHUNK)],
    ['extent', (recorder) => recorder.extent(1, [5, 4])],
    ['extent', (recorder) => recorder.extent(1, [5, 4], 'ended')],
  ])('records that a dataset restarts together with its first new record, %s', (kind, act) => {
    const { journal, recorder } = recording('process');
    recorder.restarted(1);
    recorder.lost(1, [[0, 0]]);
    recorder.extent(0, [5, 4]);
    expect(kinds(journal)).toEqual(['begun', 'lost', 'extent']);
    act(recorder);
    act(recorder);
    expect(kinds(journal).slice(3, 5)).toEqual(['restarted', kind]);
    expect(records(journal)[3]).toEqual({ kind: 'restarted', dataset: 1 });
    expect(kinds(journal).filter((one) => one === 'restarted')).toHaveLength(1);
  });

  test('records that bytes may not reach the disk', () => {
    const { journal, recorder } = recording('process');
    recorder.unsynced();
    expect(kinds(journal)).toEqual(['begun', 'unsynced']);
  });
});

describe('a recorder with durability process', () => {
  test('syncs nothing', async () => {
    const { journal, recorder } = recording('process');
    recorder.chunks(0, FIRST, CHUNK);
    await recorder.settled();
    await recorder.close();
    expect(kinds(journal)).toEqual(['begun', 'chunks']);
  });
});

describe('a recorder with durability power', () => {
  test('syncs on request, and records how far', async () => {
    const { journal, recorder } = recording('power');
    recorder.chunks(0, FIRST, CHUNK);
    const until = journal.size;
    const settled = recorder.settled();
    recorder.chunks(0, SECOND, CHUNK);
    await settled;
    const synced = records(journal).flatMap((one) => (one.kind === 'synced' ? [one.until] : []));
    expect(synced).toHaveLength(1);
    expect(synced[0]).toBeGreaterThanOrEqual(until);
    expect(synced[0]).toBeLessThan(journal.size);
    await Promise.all([recorder.settled(), recorder.settled()]);
    expect(kinds(journal).at(-1)).toBe('synced');
    await recorder.close();
  });

  test('syncs after a while, even if no record follows', async () => {
    const { journal, recorder, begin: from } = recording('power');
    recorder.chunks(0, FIRST, CHUNK);
    recorder.chunks(0, SECOND, CHUNK);
    const isSynced = () => expect(kinds(journal)).toEqual(['begun', 'chunks', 'chunks', 'synced']);
    await vi.waitFor(isSynced, { timeout: 10_000 });
    recorder.chunks(0, THIRD, CHUNK);
    const { size } = journal;
    const last = () => records(journal).at(-1);
    await vi.waitFor(() => expect(last()).toEqual({ kind: 'synced', from, until: size }), {
      timeout: 10_000,
    });
    await recorder.close();
  });

  test('syncs nothing after it was closed', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { journal, recorder } = recording('power');
    recorder.chunks(0, FIRST, CHUNK);
    expect(vi.getTimerCount()).toBe(1);
    await recorder.close();
    expect(vi.getTimerCount()).toBe(0);
    expect(kinds(journal)).toEqual(['begun', 'chunks']);
  });

  test('reports a sync that failed in the background, and does not record it', async () => {
    const { journal, recorder } = recording('power');
    recorder.chunks(0, FIRST, CHUNK);
    // As if the disk were gone: nothing can be appended any more.
    journal.sync = () => Promise.reject(new Error('the disk has gone'));
    await expect(recorder.settled()).rejects.toThrow('the disk has gone');
    expect(() => recorder.chunks(0, SECOND, CHUNK)).toThrow('the disk has gone');
  });

  test('reports a failed sync when it is closed, and can be closed twice', async () => {
    const { journal, recorder } = recording('power');
    journal.sync = () => Promise.reject(new Error('the disk has gone'));
    await expect(recorder.settled()).rejects.toThrow('the disk has gone');
    await expect(recorder.close()).rejects.toThrow('the disk has gone');
    await recorder.close();
  });

  test('syncs chunks of earlier runs only once these were compared', async () => {
    const { journal, recorder, begin } = recording('power');
    await recorder.settled();
    recorder.compared();
    await recorder.settled();
    const froms = records(journal).flatMap((one) => (one.kind === 'synced' ? [one.from] : []));
    expect(froms).toEqual([begin, 0]);
    await recorder.close();
  });
});

test.each(['process', 'power'] as const)(
  'nothing is acknowledged (%s) once the partial file has been replaced',
  async (durability) => {
    const { recorder, partial } = recording(durability);
    await recorder.settled();
    renameSync(partial.path, `${partial.path}.old`);
    await expect(recorder.settled()).rejects.toThrow(
      'was removed or renamed while it was being written',
    );
    writeFileSync(partial.path, 'garbage');
    await expect(recorder.settled()).rejects.toThrow(
      'was replaced by another file while it was being written',
    );
    await recorder.close();
  },
);
