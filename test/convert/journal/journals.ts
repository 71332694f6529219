import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { FORMAT, type Header, Journal } from '../../../src/convert/journal/index.js';
import { bytesOf, type JournalRecord } from '../../../src/convert/journal/records.js';
import { group } from '../../../src/nwb/node.js';
import { tempFolder } from '../../support/recordings.js';

/** A minimal header. */
export function headerOf(fields: Partial<Header> = {}): Header {
  return {
    kind: 'header',
    format: FORMAT,
    version: '0.1.0',
    created: '2022-11-22T10:00:00.000Z',
    libver: 'earliest',
    overwrite: false,
    tree: group({}),
    datasets: [],
    ...fields,
  };
}

/** Chunks whose addresses and checksums are numbered from a number on. */
export function written(count: number, from = 1000) {
  const placements = Float64Array.from({ length: 3 * count }, (_, at) =>
    at % 3 === 0 ? from + 100 * at : at % 3 === 1 ? 64 : 0,
  );
  const checksums = BigUint64Array.from({ length: count }, (_, at) => BigInt(from + at) << 40n);
  return { placements: bytesOf(placements), checksums: bytesOf(checksums) };
}

/** One record of each kind. */
export const RECORDS: readonly JournalRecord[] = [
  { kind: 'begun', boot: 'a boot', durability: 'process', inode: 2n ** 60n + 1n },
  { kind: 'slab', dataset: 0, start: [0, 0], count: [20, 4], ...written(4) },
  { kind: 'extent', dataset: 1, extent: [7, 3], state: 'growing' },
  { kind: 'chunks', dataset: 1, starts: [0, 0, 5, 0], rows: [7, 7], ...written(2, 5000) },
  { kind: 'synced', from: 18, until: 300 },
  {
    kind: 'sources',
    dataset: 0,
    files: [{ path: 'b.bin', size: 7, mtimeNs: 3n, ctimeNs: 2n ** 60n, inode: 4n }],
  },
  { kind: 'unsynced' },
  { kind: 'lost', dataset: 0, starts: [5, 0] },
  { kind: 'restarted', dataset: 1 },
  { kind: 'extent', dataset: 1, extent: [9, 3], state: 'ended' },
  { kind: 'complete', inode: 2n ** 60n + 1n, mtimeNs: 5n },
];

/** A journal in a new folder. It is closed when the test has ended. */
export function claimed(path = join(tempFolder(), 'a.nwb.journal')): Journal {
  const journal = Journal.claim(path);
  onTestFinished(() => journal.close());
  return journal;
}

/** The bytes of a journal with a header and records, and where the header and each record end. */
export function bytesOfJournal(records: readonly JournalRecord[], header = headerOf()) {
  const folder = mkdtempSync(join(tmpdir(), 'hyperslab-journal-'));
  const journal = Journal.claim(join(folder, 'a.nwb.journal'));
  try {
    journal.begin(header);
    const begin = journal.size;
    const ends = records.map((record) => {
      journal.append(record);
      return journal.size;
    });
    return { bytes: readFileSync(journal.path), begin, ends };
  } finally {
    journal.close();
    rmSync(folder, { recursive: true });
  }
}

/** Runs `body` with a journal that consists of given bytes. */
export function withBytes<T>(path: string, bytes: Uint8Array, body: (journal: Journal) => T): T {
  writeFileSync(path, bytes);
  const journal = Journal.claim(path);
  try {
    return body(journal);
  } finally {
    journal.close();
  }
}
