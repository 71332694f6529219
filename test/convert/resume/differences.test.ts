import {
  appendFileSync,
  copyFileSync,
  readFileSync,
  renameSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, vi } from 'vitest';
import {
  ChangedError,
  type ConvertOptions,
  convert,
  type Description,
  OutputError,
  ResumeError,
  resume,
} from '../../../src/index.js';
import { WORKERS } from '../../support/effort.js';
import { test } from '../../support/fixtures.js';
import {
  CHUNKS,
  expectWhole,
  interrupt,
  type Left,
  leftOf,
  recording,
} from '../../support/interrupted.js';
import { listing, rejection, timeSeries, waves } from '../../support/recordings.js';

async function interrupted() {
  const made = recording();
  const left = await interrupt(made.what, CHUNKS / 2);
  return { ...made, left };
}

const bytesOf = ({ partial, journal }: Left) => [readFileSync(partial), readFileSync(journal)];

type Series = NonNullable<Description['acquisition']>[number];

/** The description with changed fields in its first series. */
function changed({ acquisition = [], ...rest }: Description, fields: object): Description {
  const [first, ...others] = acquisition;
  return { ...rest, acquisition: [{ ...first, ...fields } as Series, ...others] };
}

function changedData(what: Description, fields: object): Description {
  const [{ data }] = what.acquisition as Extract<Series, { type: 'TimeSeries' }>[];
  return changed(what, { data: { ...(data as object), ...fields } });
}

/** Changes of the user, and the differences that the error must name. */
const DIFFERENT: readonly [
  string,
  (what: Description, folder: string) => Description,
  RegExp,
  ConvertOptions?,
][] = [
  [
    'chunks',
    (what) => changedData(what, { chunks: [40, 4] }),
    /chunks of \/acquisition\/raw\/data is now \[40,4\] and was \[20,4\]/,
  ],
  [
    'filters',
    (what) => changedData(what, { compression: 'gzip' }),
    /filters of \/acquisition\/raw\/data is now .*"deflate".* and was \[\]/,
  ],
  [
    'maxshape',
    (what) => changedData(what, { maxshape: [null, 8] }),
    /maxshape of \/acquisition\/raw\/data is now \[null,8\] and was \[960,8\]/,
  ],
  [
    'fill values',
    (what) => changedData(what, { fillvalue: 7 }),
    /fillvalue of \/acquisition\/raw\/data is now 7 and was 0/,
  ],
  [
    'another path of the source',
    (what, folder) => {
      copyFileSync(join(folder, 'raw.bin'), join(folder, 'copy.bin'));
      const source = {
        type: 'raw',
        path: join(folder, 'copy.bin'),
        dtype: 'int16',
        shape: [null, 8],
      };
      return changedData(what, { source });
    },
    /the source of \/acquisition\/raw\/data is now .*copy\.bin.* and was .*raw\.bin/,
  ],
  [
    'data of the program',
    (what) => {
      const { items, shape } = waves([960, 8]);
      const data = { data: items, shape: [...shape] };
      return changed(what, { data: { data, chunks: [20, 4], compression: null } });
    },
    /the kind of data of \/acquisition\/raw\/data is now "stream" and was "source"/,
  ],
  [
    'another session',
    (what) => ({ ...what, nwbfile: { ...what.nwbfile, identifier: 'm2' } }),
    /\/identifier is now "m2" and was "m1"/,
  ],
  [
    'another attribute',
    (what) => changed(what, { description: 'of another probe' }),
    /\/acquisition\/raw@description is now "of another probe" and was /,
  ],
  [
    'a further series',
    (what) => ({ ...what, acquisition: [...(what.acquisition ?? []), timeSeries('y', [1, 2])] }),
    /\/acquisition\/y is new/,
  ],
  [
    'a series less',
    (what) => ({ ...what, acquisition: what.acquisition?.slice(0, 1) }),
    /\/acquisition\/packed is missing/,
  ],
  ['another format', (what) => what, /libver is now 'v110' and was 'earliest'/, { libver: 'v110' }],
];

describe('a conversion that differs from the interrupted one is refused', () => {
  test.each(DIFFERENT)('%s', async (_, change, message, options = {}) => {
    const { folder, what, left, models, path } = await interrupted();
    const other = change(what, folder);
    const before = bytesOf(left);
    const error = await rejection(convert(other, { workers: WORKERS, resume: true, ...options }));
    expect(error).toBeInstanceOf(ResumeError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).toMatch(/\/a\.nwb can't be resumed: [^\n]*$/);
    expect(bytesOf(left)).toEqual(before);
    // The interrupted conversion can still be resumed.
    await convert(what, { workers: WORKERS, resume: true });
    await expectWhole(path, models);
  });

  test('and of many differences some are named, and their number', async () => {
    const { what } = await interrupted();
    const nwbfile = { ...what.nwbfile, identifier: 'm2', sessionDescription: 'another' };
    const other = changedData({ ...what, nwbfile }, { chunks: [40, 4], maxshape: [null, 8] });
    const error = await rejection(convert(other, { resume: true }));
    expect((error as ResumeError).fields.problems).toHaveLength(4);
    expect((error as Error).message).toMatch(
      /; and 1 more; change it back to continue, or call convert\(\) with the option overwrite to start again$/,
    );
  });
});

describe('a difference that does not change the file is accepted', () => {
  const reversed = (what: Description) => ({
    ...what,
    acquisition: what.acquisition?.toReversed(),
  });

  test.each<[string, (what: Description) => Description, ConvertOptions]>([
    ['the order of the series', reversed, {}],
    [
      'the order of the fields',
      (what) => Object.fromEntries(Object.entries(what).reverse()) as never,
      {},
    ],
    ['the workers', (what) => what, { workers: 1 }],
    ['the workers and the memory', (what) => what, { workers: 3, memory: '7MiB' }],
    ['the durability', (what) => what, { durability: 'power' }],
  ])('%s', async (_, change, options) => {
    const { what, models, path } = await interrupted();
    const report = await convert(change(what), { workers: WORKERS, ...options, resume: true });
    expect(report.chunksRestored).toBeGreaterThan(0);
    await expectWhole(path, models);
  });
});

describe('a source that has changed', () => {
  const LATER = new Date('2030-01-01T12:00:00Z');

  test.each<[string, (path: string) => void, RegExp]>([
    [
      'touched',
      (path) => utimesSync(path, LATER, LATER),
      /is now 15360 bytes .* modified at 2030-01-01T12:00:00\.000Z and was 15360 bytes/,
    ],
    [
      'grown',
      (path) => appendFileSync(path, Buffer.alloc(16)),
      /is now 15376 bytes .* and was 15360 bytes/,
    ],
    ['cut', (path) => truncateSync(path, 1600), /is now 1600 bytes .* and was 15360 bytes/],
    ['gone', (path) => renameSync(path, `${path}.old`), /is now missing and was 15360 bytes/],
  ])('%s is named, and no file is changed', async (_, change, message) => {
    const { folder, left } = await interrupted();
    const source = join(folder, 'raw.bin');
    change(source);
    const before = bytesOf(left);
    const error = await rejection(resume(left.path));
    expect(error).toBeInstanceOf(ResumeError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).toContain(
      `${source}, the source of /acquisition/raw/data, is now`,
    );
    expect(bytesOf(left)).toEqual(before);
  });

  test('is named by convert(), too', async () => {
    const { folder, what, left } = await interrupted();
    utimesSync(join(folder, 'raw.bin'), LATER, LATER);
    const error = await rejection(convert(what, { resume: true }));
    expect(error).toBeInstanceOf(ResumeError);
    expect((error as Error).message).toMatch(/the source of \/acquisition\/raw\/data/);
    expect(listing(join(left.path, '..'))).toContain('a.nwb.partial');
  });

  test('while it is read fails the conversion, which can be resumed once the source is back', async ({
    recording: { folder, what, path, models },
  }) => {
    const source = join(folder, 'raw.bin');
    const before = { bytes: readFileSync(source), time: new Date('2022-01-01T00:00:00.250Z') };
    utimesSync(source, before.time, before.time);
    const onProgress = ({ chunksDone }: { chunksDone: number }) => {
      if (chunksDone === CHUNKS) utimesSync(source, LATER, LATER);
    };
    const error = await rejection(convert(what, { workers: WORKERS, onProgress }));
    expect(error).toBeInstanceOf(ChangedError);
    expect((error as Error).message).toMatch(
      /raw\.bin changed while it was being read: it was .* and is now /,
    );
    expect(listing(folder)).toEqual(['a.nwb.journal', 'a.nwb.partial', 'packed.bin', 'raw.bin']);
    const refused = await rejection(resume(path));
    expect(refused).toBeInstanceOf(ResumeError);
    expect((refused as Error).message).toContain(source);
    utimesSync(source, before.time, before.time);
    expect((await resume(path)).chunksRestored).toBe(CHUNKS);
    await expectWhole(path, models);
  });

  test('while it is read stops the conversion, and the error names no job', async ({
    recording: { folder, what },
  }) => {
    onTestFinished(() => void vi.restoreAllMocks());
    const now = performance.now.bind(performance);
    let told = 0;
    const onProgress = ({ chunksDone }: { chunksDone: number }) => {
      if (told === 0 && chunksDone > 0) {
        utimesSync(join(folder, 'raw.bin'), LATER, LATER);
        // Sources are checked only at intervals.
        vi.spyOn(performance, 'now').mockImplementation(() => now() + 60_000);
      }
      told = chunksDone;
    };
    const error = await rejection(convert(what, { workers: 1, onProgress }));
    expect(error).toBeInstanceOf(ChangedError);
    expect(told).toBeLessThan(CHUNKS);
  });
});

describe('a file whose conversion was interrupted', () => {
  test('is refused without resume, and no file is changed', async () => {
    const { what, left } = await interrupted();
    const before = bytesOf(left);
    const error = await rejection(convert(what));
    expect(error).toBeInstanceOf(OutputError);
    expect((error as Error).message).toBe(
      `a conversion to ${left.path} was interrupted (${left.journal}); pass resume to continue it, or overwrite to start again`,
    );
    expect(bytesOf(left)).toEqual(before);
  });

  test('is converted again with overwrite, and the interrupted conversion is removed', async () => {
    const { folder, what, models, path } = await interrupted();
    const { chunksRestored } = await convert(what, { workers: WORKERS, overwrite: true });
    expect(chunksRestored).toBe(0);
    expect(listing(folder)).toEqual(['a.nwb', 'packed.bin', 'raw.bin']);
    await expectWhole(path, models);
  });

  test('need not exist: with resume, the conversion then begins', async ({
    recording: { folder, what, models, path },
  }) => {
    expect((await convert(what, { workers: WORKERS, resume: true })).chunksRestored).toBe(0);
    expect(listing(folder)).toEqual(['a.nwb', 'packed.bin', 'raw.bin']);
    await expectWhole(path, models);
    const again = await rejection(convert(what, { resume: true }));
    expect(again).toBeInstanceOf(OutputError);
    expect(listing(folder)).toEqual(['a.nwb', 'packed.bin', 'raw.bin']);
  });

  test('is refused if its journal is another file, which is not changed', async ({
    recording: { what, path },
  }) => {
    const { journal } = leftOf(path);
    writeFileSync(journal, 'notes of mine');
    for (const options of [{}, { resume: true }, { overwrite: true }]) {
      const error = await rejection(convert(what, options));
      expect(error).toBeInstanceOf(OutputError);
      expect((error as OutputError).fields.problem).toBe(
        `${journal} is not a journal of hyperslab`,
      );
    }
    expect(await rejection(resume(path))).toBeInstanceOf(OutputError);
    expect(readFileSync(journal, 'utf8')).toBe('notes of mine');
  });
});
