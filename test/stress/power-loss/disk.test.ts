import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawCrash } from '../../../stress/power-loss/crash-states.js';
import { type CrashChoice, Disk, type Found } from '../../../stress/power-loss/disk.js';
import { type Choice, NEWEST } from '../../../stress/power-loss/disk-file.js';
import type { LogEvent } from '../../../stress/power-loss/log.js';
import { ALL_NAMES } from '../../../stress/power-loss/names.js';
import { Random } from '../../../stress/random.js';
import { numRuns } from '../../support/effort.js';

const PAGE = 4096;
const INODE = 7n;
const NAME = 'a';

const create = (name = NAME, inode = INODE): LogEvent => ({
  kind: 'create',
  name,
  inode,
  mtimeNs: 1n,
});
const write = (
  at: number,
  length: number,
  value: number,
  name = NAME,
  inode = INODE,
): LogEvent => ({
  kind: 'write',
  name,
  inode,
  at,
  bytes: new Uint8Array(length).fill(value),
  mtimeNs: BigInt(1000 + value),
});
const resize = (size: number): LogEvent => ({
  kind: 'resize',
  name: NAME,
  inode: INODE,
  size,
  mtimeNs: 5n,
});
const rename = (name: string, to: string): LogEvent => ({ kind: 'rename', name, to });
const unlink = (name: string): LogEvent => ({ kind: 'unlink', name });
const begin = (sync: number, name = NAME, isDataOnly = false, inode = INODE): LogEvent => ({
  kind: 'sync',
  name,
  inode,
  sync,
  isDataOnly,
});
const end = (sync: number, name = NAME): LogEvent => ({ kind: 'synced', name, sync });
const synced = (sync: number, name = NAME) => [begin(sync, name), end(sync, name)];

function diskAfter(...events: readonly LogEvent[]): Disk {
  const disk = new Disk();
  for (const event of events) disk.apply(event);
  return disk;
}

const OLDEST: Choice = {
  size: (versions) => versions[0],
  time: (versions) => versions[0],
  page: (versions) => versions[0].value,
};
const NOTHING: CrashChoice = {
  names: { order: 'journal', count: (least) => least, has: () => false },
  file: () => OLDEST,
};
const named = (file: Choice): CrashChoice => ({ names: ALL_NAMES, file: () => file });
const contents = (found: Found, name = NAME) => found.get(name)?.contents;

/** The states of a file that random crashes leave. */
const crashes = (disk: Disk) =>
  Array.from({ length: 1000 }, (_, seed) => disk.crash(drawCrash(new Random(seed))));

describe('a sync', () => {
  test('puts what was written before into every state', () => {
    const disk = diskAfter(
      create(),
      write(0, 3 * PAGE, 1),
      ...synced(1),
      ...synced(2, ''),
      write(PAGE, PAGE, 2),
    );
    for (const found of crashes(disk)) {
      expect(contents(found)?.length).toBe(3 * PAGE);
      expect(contents(found)?.subarray(0, PAGE).equals(Buffer.alloc(PAGE, 1))).toBe(true);
      expect(
        contents(found)
          ?.subarray(2 * PAGE)
          .equals(Buffer.alloc(PAGE, 1)),
      ).toBe(true);
    }
  });

  test('does not include what is written while it runs', () => {
    const disk = diskAfter(create(), begin(1), write(0, PAGE, 1), end(1));
    expect(contents(disk.crash(named(OLDEST)))).toHaveLength(0);
  });

  test('that does not end has no effect', () => {
    const disk = diskAfter(create(), write(0, PAGE, 1), begin(1), { kind: 'end' });
    expect(contents(disk.crash(named(OLDEST)))).toHaveLength(0);
  });

  test('of the data includes the size but not the modification time', () => {
    const data = [create(), write(0, 10, 1), begin(1, NAME, true), end(1)];
    expect(
      diskAfter(...data)
        .crash(named(OLDEST))
        .get(NAME),
    ).toMatchObject({
      contents: Buffer.alloc(10, 1),
      mtimeNs: 1n,
    });
    const all = diskAfter(create(), write(0, 10, 1), ...synced(1)).crash(named(OLDEST));
    expect(all.get(NAME)?.mtimeNs).toBe(1001n);
  });
});

describe('a file that was not synced', () => {
  test('has each page as it was at some moment, independently of other pages', () => {
    const twice = [write(0, 2 * PAGE, 1), write(0, 2 * PAGE, 2)];
    const disk = diskAfter(create(), ...synced(1, ''), ...twice);
    const file: Choice = { ...NEWEST, page: (versions) => versions[1].value };
    expect(contents(disk.crash(named(file)))).toEqual(Buffer.alloc(2 * PAGE, 1));
    const pages = new Set(
      crashes(disk).flatMap((found) => {
        const bytes = contents(found);
        return bytes?.length === 2 * PAGE ? [`${bytes[0]} ${bytes[PAGE]}`] : [];
      }),
    );
    for (const both of ['0 0', '0 1', '0 2', '1 2', '2 0', '2 1', '2 2'])
      expect(pages).toContain(both);
  });

  test('may have its size and hold zeros', () => {
    const disk = diskAfter(create(), write(0, 100, 1));
    const file = { ...OLDEST, size: NEWEST.size };
    expect(contents(disk.crash(named(file)))).toEqual(Buffer.alloc(100));
  });

  test('has none of the data that a cut removed, if the cut has reached the disk', () => {
    const disk = diskAfter(create(), write(0, 3 * PAGE, 1), resize(10), write(10, 3 * PAGE, 2));
    for (const oldest of [OLDEST, { ...OLDEST, size: NEWEST.size }]) {
      const bytes = contents(disk.crash(named(oldest))) ?? Buffer.alloc(0);
      // The page that was cut in its middle may have its old contents.
      expect(bytes.subarray(PAGE).includes(1)).toBe(false);
    }
  });
});

describe('names', () => {
  test('of files that were not synced may be missing', () => {
    const disk = diskAfter(create(), write(0, 5, 1));
    expect(disk.crash(NOTHING)).toEqual(new Map());
    expect(disk.now().has(NAME)).toBe(true);
  });

  test('reach the disk with a sync of their file in the order `journal`', () => {
    const disk = diskAfter(create(), ...synced(1), rename(NAME, 'b'));
    expect([...disk.crash(NOTHING).keys()]).toEqual([NAME]);
    const { order, ...rest } = NOTHING.names;
    const posix = { ...NOTHING, names: { ...rest, order: 'posix' as const } };
    expect(order).toBe('journal');
    expect(disk.crash(posix)).toEqual(new Map());
  });

  test('are durable once the folder was synced', () => {
    const disk = diskAfter(create(), rename(NAME, 'b'), ...synced(1, ''), unlink('b'));
    expect([...disk.crash(NOTHING).keys()]).toEqual(['b']);
    expect(disk.now()).toEqual(new Map());
  });

  test('replace each other as a whole', () => {
    const disk = diskAfter(
      create(),
      create('b', 8n),
      write(0, 1, 1),
      write(0, 1, 2, 'b', 8n),
      ...synced(1),
      begin(2, 'b', false, 8n),
      end(2),
      ...synced(3, ''),
      rename(NAME, 'b'),
    );
    expect(new Set(crashes(disk).map((found) => contents(found, 'b')?.[0]))).toEqual(
      new Set([1, 2]),
    );
  });

  test('and sizes reach the disk in their order in the order `journal`', () => {
    const disk = diskAfter(create(), create('b', 8n), write(0, 100, 1));
    const names = { ...NOTHING.names, count: () => 1 };
    expect(contents(disk.crash({ names, file: () => NEWEST }))).toHaveLength(0);
    expect(contents(disk.crash(named(NEWEST)))).toHaveLength(100);
  });
});

/** Random events of one file, and its contents after them. */
const events = fc.array(
  fc.oneof(
    fc.record({ at: fc.nat(9000), length: fc.integer({ min: 1, max: 9000 }), value: fc.nat(255) }),
    fc.record({ size: fc.nat(20_000) }),
    fc.constant('sync' as const),
  ),
  { maxLength: 25 },
);

test('without a crash the model equals the file, and a crash that loses all unsynced data leaves the state of the last sync', () => {
  fc.assert(
    fc.property(events, fc.nat(), (drawn, seed) => {
      const disk = diskAfter(create(), ...synced(0, ''));
      let model = Buffer.alloc(0);
      let kept = model;
      for (const [number, event] of drawn.entries()) {
        if (event === 'sync') {
          for (const one of synced(number + 1)) disk.apply(one);
          kept = Buffer.from(model);
        } else if ('size' in event) {
          disk.apply(resize(event.size));
          const cut = Buffer.alloc(event.size);
          model.copy(cut);
          model = cut;
        } else {
          const { at, length, value } = event;
          disk.apply(write(at, length, value));
          const longer = Buffer.alloc(Math.max(model.length, at + length));
          model.copy(longer);
          model = longer.fill(value, at, at + length);
        }
      }
      expect(contents(disk.now())?.equals(model)).toBe(true);
      expect(contents(disk.crash(named(OLDEST)))?.equals(kept)).toBe(true);
      // Everything that is on the disk when a machine starts survives the next crash.
      const found = disk.crash(drawCrash(new Random(seed)));
      for (const choice of [NOTHING, drawCrash(new Random(seed + 1))])
        expect(contents(new Disk(found).crash(choice))?.equals(contents(found) as Buffer)).toBe(
          true,
        );
    }),
    { numRuns: numRuns(200) },
  );
});
