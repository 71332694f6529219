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

/** A recording of two series in files, and what its conversion is to give. */
export interface Recording {
  readonly folder: string;
  /** Of the file to be. */
  readonly path: string;
  readonly what: Description;
  /** By the path of the dataset. */
  readonly models: Readonly<Record<string, Model>>;
}

/** 96 chunks that are not compressed, and 40 that are. */
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

/** All chunks of a {@link recording}. */
export const CHUNKS = 96 + 40;

/** Files that a conversion which did not come to its end has left. */
export interface Left {
  /** Of the file to be. */
  readonly path: string;
  readonly partial: string;
  readonly journal: string;
}

export function leftOf(path: string): Left {
  return { path, partial: `${path}.partial`, journal: `${path}.journal` };
}

/** Converts until at least `after` chunks are done, and stops there. */
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

/** A copy of what is left, in a folder of its own. */
export function copyOf({ path, partial, journal }: Left, folder: string): Left {
  mkdirSync(folder, { recursive: true });
  const copy = leftOf(join(folder, basename(path)));
  copyFileSync(partial, copy.partial);
  copyFileSync(journal, copy.journal);
  return copy;
}

/** What a journal says, in its order. */
export function readJournal(path: string): { header: Header; entries: readonly Entry[] } {
  const journal = Journal.claim(path);
  try {
    const header = journal.header();
    if (!header) throw new Error(`Expected a header of ${path} but received none`);
    return { header, entries: [...journal.records()] };
  } finally {
    journal.close();
  }
}

/** Writes the records of a journal anew, each as `change` gives it, or without it. */
export function editJournal(
  { journal }: Left,
  change: (record: JournalRecord) => JournalRecord | undefined,
): void {
  const { header, entries } = readJournal(journal);
  const anew = Journal.claim(journal);
  anew.begin(header);
  for (const { record } of entries) {
    const changed = change(record);
    if (changed) anew.append(changed);
  }
  anew.close();
}

/** As if the machine had lost its power since: it runs anew. */
export function changeBoot(left: Left): void {
  editJournal(left, (record) =>
    record.kind === 'begun' ? { ...record, boot: 'another' } : record,
  );
}

/** Where the bytes of a chunk are in the file. */
export interface Place {
  readonly address: number;
  readonly size: number;
}

/** Where the stored chunks of records are, in the order of the records. */
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

/** Where the stored chunks of a dataset are that a journal knows, by their numbers. */
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

/** Turns one bit of a stored chunk. */
export function damagePlace({ partial }: Left, { address, size }: Place): void {
  patch(partial, address + size - 1, 1, ([byte]) => Uint8Array.of(byte ^ 1));
}

/** Turns one bit of a record of a journal. */
export function damageRecord({ journal }: Left, { end }: Entry): void {
  patch(journal, end - 1, 1, ([byte]) => Uint8Array.of(byte ^ 1));
}

/** The file has all values, and its chunks the checksums that it says. */
export async function expectWhole(
  path: string,
  models: Readonly<Record<string, Model>>,
): Promise<void> {
  for (const [dataset, model] of Object.entries(models)) expectValues(path, dataset, model);
  const { equal, datasets } = await verify(path, undefined, { workers: 1 });
  expect(datasets.map((one) => one.path)).toEqual(Object.keys(models).toSorted());
  expect(equal).toBe(true);
}

/** The file says that something of it is missing, and has the checksums of all else. */
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
