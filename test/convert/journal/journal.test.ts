import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { frame } from '../../../src/convert/journal/frames.js';
import { FORMAT, Journal } from '../../../src/convert/journal/index.js';
import { packRecord } from '../../../src/convert/journal/records.js';
import { OutputError } from '../../../src/index.js';
import { startChild } from '../../support/child.js';
import { tempFolder } from '../../support/recordings.js';
import { bytesOfJournal, claimed, headerOf, RECORDS, withBytes, written } from './journals.js';

const MAGIC = Buffer.from('hyperslab journal\n');
const MODULE = new URL('../../../dist/convert/journal/index.js', import.meta.url).href;

const newPath = () => join(tempFolder(), 'a.nwb.journal');

/** The error that a call throws. */
function thrown(call: () => unknown): Error {
  try {
    call();
  } catch (error) {
    return error as Error;
  }
  throw new Error('Expected an error but received none');
}

describe('a journal', () => {
  test('returns its header and records, and where they end', () => {
    const { bytes, ends } = bytesOfJournal(RECORDS);
    withBytes(newPath(), bytes, (journal) => {
      expect(journal.header()).toEqual(headerOf());
      expect([...journal.records()]).toEqual(
        RECORDS.map((record, at) => ({ record, end: ends[at], isBehindDamage: false })),
      );
      expect(journal.size).toBe(bytes.length);
    });
  });

  test('has no header before it was begun', () => {
    const journal = claimed();
    expect(journal.size).toBe(0);
    expect(journal.header()).toBeUndefined();
    expect([...journal.records()]).toEqual([]);
  });

  test('that is begun again has none of its earlier records', () => {
    const journal = claimed();
    journal.begin(headerOf());
    for (const record of RECORDS) journal.append(record);
    const header = headerOf({ libver: 'v110' });
    journal.begin(header);
    expect(journal.header()).toEqual(header);
    expect([...journal.records()]).toEqual([]);
    expect(readFileSync(journal.path)).toEqual(bytesOfJournal([], header).bytes);
  });
});

describe('a journal that is cut at any byte', () => {
  const { bytes, begin, ends } = bytesOfJournal(RECORDS);

  test('returns its complete records, and continues after them', () => {
    const path = newPath();
    const next = { kind: 'synced', from: 18, until: 77 } as const;
    const expected = [...RECORDS.keys(), RECORDS.length].map(
      (count) => bytesOfJournal([...RECORDS.slice(0, count), next]).bytes,
    );
    for (let end = begin; end <= bytes.length; end++) {
      const whole = RECORDS.filter((_, at) => ends[at] <= end);
      withBytes(path, bytes.subarray(0, end), (journal) => {
        expect(journal.header()).toEqual(headerOf());
        expect([...journal.records()].map(({ record }) => record)).toEqual(whole);
        journal.append(next);
        expect([...journal.records()].map(({ record }) => record)).toEqual([...whole, next]);
      });
      expect(readFileSync(path).equals(expected[whole.length])).toBe(true);
    }
  });

  test('is refused if the cut is within its header', () => {
    const path = newPath();
    for (let end = 1; end < begin; end++) {
      const error = thrown(() =>
        withBytes(path, bytes.subarray(0, end), (journal) => journal.header()),
      );
      expect(error).toBeInstanceOf(OutputError);
    }
  });

  test('has no header if its conversion was killed while it began', () => {
    const path = newPath();
    const unbegun = Buffer.from(bytes.subarray(0, begin)).fill(
      'unbegun hyperslab\n',
      0,
      MAGIC.length,
    );
    for (let end = 0; end <= begin; end++)
      withBytes(path, unbegun.subarray(0, end), (journal) =>
        expect([end, journal.header()]).toEqual([end, undefined]),
      );
  });
});

test('no record is returned that was not written, whatever byte is damaged', () => {
  const path = newPath();
  const { bytes, begin, ends } = bytesOfJournal(RECORDS);
  for (let byte = 0; byte < bytes.length; byte++) {
    const other = Buffer.from(bytes);
    other[byte] ^= 1 << (byte % 8);
    const hurt = ends.findIndex((end) => end > byte);
    if (byte < begin)
      expect(thrown(() => withBytes(path, other, (journal) => journal.header()))).toBeInstanceOf(
        OutputError,
      );
    else
      withBytes(path, other, (journal) => {
        expect(journal.header()).toEqual(headerOf());
        // All records except for the damaged one, which the next record reports.
        expect([...journal.records()]).toEqual(
          RECORDS.map((record, at) => ({
            record,
            end: ends[at],
            isBehindDamage: at === hurt + 1,
          })).toSpliced(hurt, 1),
        );
      });
  }
});

describe('a damaged journal', () => {
  const { bytes, ends } = bytesOfJournal(RECORDS);

  test('is not changed by reading', () => {
    const path = newPath();
    const torn = bytes.subarray(0, -1);
    const hurt = Buffer.from(bytes);
    hurt[ends[3] + 20] ^= 1;
    const hole = Buffer.concat([bytes, Buffer.alloc(5000)]);
    for (const other of [torn, hurt, hole]) {
      withBytes(path, other, (journal) => {
        journal.header();
        expect([...journal.records()].length).toBeGreaterThanOrEqual(RECORDS.length - 1);
        expect([...journal.records()].length).toBeGreaterThanOrEqual(RECORDS.length - 1);
      });
      expect(readFileSync(path).equals(other)).toBe(true);
    }
  });

  test('gets new records after all that could be read', () => {
    const path = newPath();
    const hurt = Buffer.from(bytes);
    hurt[ends[3] + 20] ^= 1;
    const next = { kind: 'synced', from: 18, until: 77 } as const;
    withBytes(path, Buffer.concat([hurt, Buffer.alloc(5000)]), (journal) => {
      const before = [...journal.records()];
      expect(before.map(({ isBehindDamage }) => isBehindDamage).indexOf(true)).toBe(4);
      journal.append(next);
      journal.append(next);
      const after = [...journal.records()].map(({ record }) => record);
      expect(after).toEqual([...before.map(({ record }) => record), next, next]);
    });
    const [one] = bytesOfJournal([next]).ends;
    const length = one - bytesOfJournal([]).bytes.length;
    expect(readFileSync(path)).toHaveLength(bytes.length + 2 * length);
  });
});

describe('another file with the name of a journal is refused and not changed', () => {
  const other = headerOf({ format: FORMAT + 1, version: '9.8.7' });
  const damaged = Buffer.from(bytesOfJournal(RECORDS).bytes);
  damaged[MAGIC.length + 40] ^= 1;
  const headless = Buffer.concat([MAGIC, frame(packRecord(RECORDS[1]))]);

  test.each([
    [
      'that is another',
      Buffer.from('a notebook of mine\n'.repeat(9)),
      'is not a journal of hyperslab',
    ],
    ['that is short', Buffer.from('a'), 'is not a journal of hyperslab'],
    ['that is damaged', damaged, 'is damaged'],
    ['that begins with another record', headless, 'is damaged'],
    [
      'of another version',
      bytesOfJournal(RECORDS, other).bytes,
      `has format ${FORMAT + 1}, of hyperslab 9.8.7; this version reads format ${FORMAT}`,
    ],
  ])('%s', (_, bytes, problem) => {
    const path = newPath();
    const error = thrown(() => withBytes(path, bytes, (journal) => journal.header()));
    expect(error).toBeInstanceOf(OutputError);
    expect(error.message).toBe(`${path} ${problem}`);
    expect(readFileSync(path)).toEqual(bytes);
  });

  test('if it is a folder, a link or a FIFO', () => {
    const kinds: readonly [string, (path: string) => void][] = [
      ['a folder', (path) => mkdirSync(path)],
      ['a symbolic link', (path) => symlinkSync(join(tempFolder(), 'elsewhere'), path)],
      ['a FIFO', (path) => execFileSync('mkfifo', [path])],
    ];
    for (const [kind, make] of kinds) {
      const path = newPath();
      make(path);
      const before = lstatSync(path, { bigint: true });
      const error = thrown(() => Journal.claim(path));
      expect(error).toBeInstanceOf(OutputError);
      expect(error.message).toBe(`${path} is ${kind}; remove it, or choose another path`);
      expect(lstatSync(path, { bigint: true })).toEqual(before);
    }
  });

  test('if it begins with zeros but holds other bytes', () => {
    const path = newPath();
    const bytes = Buffer.alloc(100_000);
    bytes[99_999] = 1;
    writeFileSync(path, bytes);
    const error = thrown(() => Journal.claim(path));
    expect(error.message).toBe(`${path} is not a journal of hyperslab`);
    expect(readFileSync(path)).toEqual(bytes);
  });
});

describe('a journal that is claimed', () => {
  test('can not be claimed again until it was released', () => {
    const first = claimed();
    first.begin(headerOf());
    expect(first.isLocked).toBe(true);
    const error = thrown(() => Journal.claim(first.path));
    expect(error).toBeInstanceOf(OutputError);
    expect(error.message).toBe(
      `${first.path.replace('.journal', '')} is being converted by another process, or by this one (${first.path} is locked); wait until that one has ended, or choose another path`,
    );
    first.close();
    expect(claimed(first.path).header()).toEqual(headerOf());
  });

  test('may be removed, and a second claim then gets a new one', () => {
    const first = claimed();
    first.begin(headerOf());
    first.remove();
    const second = claimed(first.path);
    expect(second.header()).toBeUndefined();
    second.begin(headerOf());
    // Closing the removed journal does not affect the new one.
    first.release();
    expect(existsSync(second.path)).toBe(true);
  });

  test('can be claimed again after its process was killed', async () => {
    const path = newPath();
    const child = startChild(`
      const { Journal } = await import(${JSON.stringify(MODULE)});
      const journal = Journal.claim(${JSON.stringify(path)});
      journal.begin(${JSON.stringify(headerOf())});
      say('claimed');
      await proceed();
      process.kill(process.pid, 'SIGKILL');`);
    expect(await child.line()).toBe('claimed');
    expect(thrown(() => Journal.claim(path))).toBeInstanceOf(OutputError);
    expect(await child.end()).toBe('SIGKILL');
    expect(claimed(path).header()).toEqual(headerOf());
  });
});

describe('a journal that is released', () => {
  test('stays, unless it is empty', () => {
    const empty = claimed();
    empty.release();
    expect(existsSync(empty.path)).toBe(false);
    const begun = claimed();
    begun.begin(headerOf());
    begun.release();
    expect(existsSync(begun.path)).toBe(true);
  });

  test('can be released twice', () => {
    const journal = claimed();
    journal.begin(headerOf());
    journal.close();
    journal.close();
    journal.release();
    expect(existsSync(journal.path)).toBe(true);
  });
});

test('a journal without room for a record keeps its earlier records', async () => {
  const path = newPath();
  const record = { kind: 'slab', dataset: 0, start: [0], count: [1], ...written(40) };
  const child = startChild(
    `
    const { Journal } = await import(${JSON.stringify(MODULE)});
    const journal = Journal.claim(${JSON.stringify(path)});
    journal.begin(${JSON.stringify(headerOf())});
    const record = ${JSON.stringify({ ...record, placements: 0, checksums: 0 })};
    record.placements = new Uint8Array(${record.placements.length});
    record.checksums = new Uint8Array(${record.checksums.length});
    let count = 0;
    try {
      for (;; count++) journal.append(record);
    } catch (error) {
      say([error.name, error.fields.code, error.message].join('|'));
    }
    say(String(count) + ' ' + [...journal.records()].length + ' ' + journal.size);
    journal.append({ kind: 'synced', from: 0, until: 1 });`,
    4,
  );
  expect(await child.line()).toBe(
    `WriteError|EFBIG|EFBIG: file too large, write of the journal ${path}`,
  );
  const [appended, found, size] = (await child.line()).split(' ').map(Number);
  expect(appended).toBe(2);
  expect(found).toBe(appended);
  expect(await child.end()).toBe(0);
  const journal = claimed(path);
  const entries = [...journal.records()];
  expect(entries.map((entry) => entry.record.kind)).toEqual(['slab', 'slab', 'synced']);
  expect(entries[1].end).toBe(size);
});
