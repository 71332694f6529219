import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'vitest';
import { type Header, Journal, Recorded } from '../../src/convert/journal/index.js';
import type { Entry } from '../../src/convert/journal/journal.js';
import type { JournalRecord } from '../../src/convert/journal/records.js';
import { type ConvertOptions, convert, type Description, verify } from '../../src/index.js';
import { patch } from './checksums.js';
import {
  bytesOf,
  description,
  type Model,
  readBack,
  rejection,
  tempFolder,
  timeSeries,
  waves,
  writeRaw,
} from './recordings.js';

/** A recording of two series in files, and the values that its conversion must give. */
export interface Recording {
  readonly folder: string;
  /** Path of the NWB file that it is converted into. */
  readonly path: string;
  readonly what: Description;
  /** Expected values, by the path of the dataset. */
  readonly models: Readonly<Record<string, Model>>;
}

/** Makes a recording of 96 chunks that are not compressed and 40 that are. */
export function recording(folder = tempFolder()): Recording {
  const path = join(folder, 'a.nwb');
  const raw = waves([960, 8]);
  const packed = waves([400, 3], 'float64');
  const what = description(path, [
    timeSeries('raw', {
      source: writeRaw(folder, 'raw.bin', raw),
      chunks: [20, 4],
      compression: null,
    }),
    timeSeries('packed', {
      source: writeRaw(folder, 'packed.bin', packed, { endian: 'big' }),
      chunks: [10, 3],
    }),
  ]);
  const models = { '/acquisition/raw/data': raw, '/acquisition/packed/data': packed };
  return { folder, path, what, models };
}

/** Number of chunks of a {@link recording}. */
export const CHUNKS = 96 + 40;

/** The files that an interrupted conversion left. */
export interface Left {
  /** Final path of the file, once it is complete. */
  readonly path: string;
  readonly partial: string;
  readonly journal: string;
}

export function leftOf(path: string): Left {
  return { path, partial: `${path}.partial`, journal: `${path}.journal` };
}

/** Converts until at least `after` chunks are done, and then stops the conversion. */
export async function interrupt(
  what: Description,
  after: number,
  options: ConvertOptions = {},
): Promise<Left> {
  const controller = new AbortController();
  const reason = new Error('interrupted');
  const running = convert(what, {
    workers: 2,
    ...options,
    signal: controller.signal,
    onProgress: ({ chunksDone }) => {
      if (chunksDone >= after) controller.abort(reason);
    },
  });
  expect(await rejection(running)).toBe(reason);
  return leftOf(String(what.path));
}

/** Copies the files of an interrupted conversion into another folder. */
export function copyOf({ path, partial, journal }: Left, folder: string): Left {
  mkdirSync(folder, { recursive: true });
  const copy = leftOf(join(folder, basename(path)));
  copyFileSync(partial, copy.partial);
  copyFileSync(journal, copy.journal);
  return copy;
}

/** Reads the header and the records of a journal. */
export function readJournal(path: string): { header: Header; entries: readonly Entry[] } {
  const journal = Journal.claim(path);
  try {
    const header = journal.header();
    if (!header) throw new Error(`${path} has no complete header`);
    return { header, entries: [...journal.records()] };
  } finally {
    journal.close();
  }
}

/** Replaces each record of a journal by the result of `change`, or removes it if the result is undefined. */
export function editJournal(
  { journal }: Left,
  change: (record: JournalRecord) => JournalRecord | undefined,
): void {
  const { header, entries } = readJournal(journal);
  const edited = Journal.claim(journal);
  edited.begin(header);
  for (const { record } of entries) {
    const changed = change(record);
    if (changed) edited.append(changed);
  }
  edited.close();
}

/** Changes the boot id in a journal, as if the machine had been restarted since. */
export function changeBoot(left: Left): void {
  editJournal(left, (record) =>
    record.kind === 'begun' ? { ...record, boot: 'another' } : record,
  );
}

/** Where a stored chunk lies in the file, in bytes. */
export interface Place {
  readonly address: number;
  readonly size: number;
}

/** Where the stored chunks of records lie, in the order of the records. */
export function placesOf(entries: readonly Entry[]): Place[] {
  const places: Place[] = [];
  for (const { record } of entries) {
    if (record.kind !== 'slab' && record.kind !== 'chunks') continue;
    const placements = new Float64Array(Uint8Array.from(record.placements).buffer);
    for (let at = 0; at < placements.length; at += 3)
      if (placements[at] >= 0) places.push({ address: placements[at], size: placements[at + 1] });
  }
  return places;
}

/** Where the chunks of a dataset that are on record lie, in the order of their numbers. */
export function recordedPlaces(path: string, dataset: number): Place[] {
  const journal = Journal.claim(path);
  try {
    const { datasets } = journal.header() as Header;
    const recorded = Recorded.of(journal, datasets.length);
    const { shape, layout } = datasets[dataset].spec;
    const extent = recorded.datasets[dataset].extent?.extent ?? shape;
    const { placements } = recorded.chunks(dataset, { extent, cell: layout.chunk });
    return Array.from({ length: placements.length / 3 }, (_, at) => ({
      address: placements[3 * at],
      size: placements[3 * at + 1],
    }));
  } finally {
    journal.close();
  }
}

/** Flips one bit of a stored chunk. */
export function damagePlace({ partial }: Left, { address, size }: Place): void {
  patch(partial, address + size - 1, 1, ([byte]) => Uint8Array.of(byte ^ 1));
}

/** Flips one bit of a record in a journal. */
export function damageRecord({ journal }: Left, { end }: Entry): void {
  patch(journal, end - 1, 1, ([byte]) => Uint8Array.of(byte ^ 1));
}

/** Expects that the file has all values, and that all chunks match their checksums. */
export async function expectWhole(
  path: string,
  models: Readonly<Record<string, Model>>,
): Promise<void> {
  for (const [dataset, model] of Object.entries(models)) expectValues(path, dataset, model);
  const { equal, datasets } = await verify(path, undefined, { workers: 1 });
  expect(datasets.map((one) => one.path)).toEqual(Object.keys(models).toSorted());
  expect(equal).toBe(true);
}

/** Expects that the file says data are missing, and that all its chunks match their checksums. */
export async function expectMissing(path: string): Promise<void> {
  const { equal, missing, datasets } = await verify(path, undefined, { workers: 1 });
  expect(equal).toBe(false);
  expect(missing.length).toBeGreaterThan(0);
  expect(datasets.filter((one) => !one.equal)).toEqual([]);
}

export function expectValues(path: string, dataset: string, model: Model): void {
  const value = readBack(path, dataset);
  expect(value.shape).toEqual(model.shape);
  expect(bytesOf(value).equals(bytesOf({ data: model.items }))).toBe(true);
}
