import { readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeChecksums } from '../../src/checksums/checksums.js';
import { checksum, File } from '../../src/hdf5/index.js';
import { type ChunksState, type ConvertOptions, convert, verify } from '../../src/index.js';
import { damage, keepChecksums, patch, placeOf } from '../support/checksums.js';
import { WORKERS } from '../support/effort.js';
import {
  description,
  listing,
  rejection,
  tempFolder,
  timeSeries,
  waves,
  writeRaw,
} from '../support/recordings.js';

const X = '/acquisition/x/data';
const Y = '/acquisition/y/data';

/** A file of two series, in 20 and 12 chunks of [50, 4], with checksums. */
async function convertTwo(
  folder: string,
  options: ConvertOptions = {},
  { grows = false, ...data }: { grows?: boolean; [option: string]: unknown } = {},
) {
  const series = [waves([500, 6]), waves([300, 7], 'float32')].map((model, at) => {
    const source = writeRaw(folder, `${at}.bin`, model);
    const maxshape = [grows ? null : model.shape[0], model.shape[1]];
    return timeSeries('xy'[at], { source, chunks: [50, 4], maxshape, ...data });
  });
  const what = description(join(folder, 'a.nwb'), series);
  const { path } = await convert(what, { workers: WORKERS, ...options });
  keepChecksums(path, X, Y);
  return path;
}

/** The problems of all datasets in a state: damage, or on request changes by another program. */
async function problems(path: string, state: ChunksState = 'damaged') {
  const report = await verify(path, undefined, { workers: WORKERS });
  const found = report.datasets.filter(({ equal }) => !equal);
  expect(report.equal).toBe(found.length === 0);
  for (const dataset of report.datasets) expect(dataset.equal).toBe(dataset.state === 'intact');
  return found.map((dataset) => {
    expect(dataset.state).toBe(state);
    return [dataset.path, dataset.problem];
  });
}

/** Begins the problem of a dataset that another program changed. */
const CHANGED = 'changed by another program since its checksums were taken';

describe('a sound file', () => {
  test.each(['earliest', 'v110'] as const)(
    'a sound file fits its checksums (%s)',
    async (libver) => {
      for (const grows of [false, true]) {
        const path = await convertTwo(tempFolder(), { libver }, { grows });
        const told: { bytesRead: number; bytesPlanned: number }[] = [];
        const onProgress = (progress: { bytesRead: number; bytesPlanned: number }) =>
          told.push(progress);
        const report = await verify(path, undefined, { workers: WORKERS, onProgress });
        const stored = [X, Y].map((name) => {
          using file = new File(path, 'r');
          using dataset = file.dataset(name);
          return dataset.storedBytes;
        });
        const storedBytes = stored[0] + stored[1];
        const shared = { state: 'intact', equal: true };
        const datasets = [
          { path: X, ...shared, chunks: 20, storedBytes: stored[0] },
          { path: Y, ...shared, chunks: 12, storedBytes: stored[1] },
        ];
        expect(report).toEqual({
          path,
          ...shared,
          chunks: 32,
          storedBytes,
          seconds: expect.any(Number),
          datasets,
          missing: [],
          unchecked: [],
        });
        expect(told.at(-1)).toEqual({ bytesRead: storedBytes, bytesPlanned: storedBytes });
      }
    },
  );

  test('datasets without filters, of one chunk, and without any chunk fit their checksums', async () => {
    const data = { compression: false };
    expect(await problems(await convertTwo(tempFolder(), {}, data))).toEqual([]);
    const one = { chunks: [500, 7] };
    expect(await problems(await convertTwo(tempFolder(), { libver: 'v110' }, one))).toEqual([]);
    const path = join(tempFolder(), 'a.h5');
    {
      using file = new File(path, 'w');
      file.createDataset('/a', { dtype: 'int16', shape: [9], chunks: [2] }).close();
    }
    keepChecksums(path, '/a');
    expect(await verify(path)).toMatchObject({ equal: true, chunks: 0, unchecked: [] });
  });

  test('datasets without checksums are listed', async () => {
    const path = await convertTwo(tempFolder());
    {
      using file = new File(path, 'r+');
      file.createGroup('/more').close();
      const chunked = { shape: [4], chunks: [2] };
      file.createDataset('/more/numbers', { dtype: 'int8', ...chunked }).close();
      file.createDataset('/more/texts', { dtype: 'string', ...chunked }).close();
      file.createDataset('/more/small', { dtype: 'int8', shape: [4] }).close();
      file.createSoftLink('/more/soft', X);
    }
    const report = await verify(path);
    expect(report).toMatchObject({ equal: true, unchecked: ['/more/numbers'] });
  });

  test('groups nested deeper than the call stack are searched', async () => {
    const path = await convertTwo(tempFolder());
    const depth = 12_000;
    {
      using file = new File(path, 'r+');
      let group = file.createGroup('g');
      for (let at = 1; at < depth; at++) {
        const inner = group.createGroup('g');
        group.close();
        group = inner;
      }
      group.createDataset('numbers', { dtype: 'int8', shape: [4], chunks: [2] }).close();
      group.close();
    }
    const { unchecked } = await verify(path);
    expect(unchecked).toEqual([`${'/g'.repeat(depth)}/numbers`]);
  });
});

describe('damage', () => {
  test('damage to one byte is found, and its chunk is named', async () => {
    const path = await convertTwo(tempFolder());
    damage(path, X, [150, 4]);
    expect(await problems(path)).toEqual([
      [
        X,
        expect.stringMatching(
          /^chunk \[150:200, 4:6\]: Expected the checksum [0-9a-f]{16} but received [0-9a-f]{16}$/,
        ),
      ],
    ]);
  });

  test('damage to several chunks is reported by the first of each dataset and the number of others', async () => {
    const path = await convertTwo(tempFolder());
    for (const start of [
      [450, 0],
      [100, 4],
      [100, 0],
    ])
      damage(path, X, start);
    for (const start of [
      [250, 4],
      [50, 0],
    ])
      damage(path, Y, start);
    expect(await problems(path)).toEqual([
      [X, expect.stringMatching(/^chunk \[100:150, 0:4\]: .*, and 2 more chunks$/)],
      [Y, expect.stringMatching(/^chunk \[50:100, 0:4\]: .*, and 1 more chunk$/)],
    ]);
  });

  test('two chunks that changed places are found in both places', async () => {
    const path = await convertTwo(tempFolder(), {}, { compression: false });
    const [a, b] = [
      [0, 0],
      [50, 0],
    ].map((start) => placeOf(path, X, start));
    let first = Buffer.alloc(0);
    patch(path, a.address, a.size, (bytes) => {
      first = Buffer.from(bytes);
      return bytes;
    });
    patch(path, b.address, b.size, (bytes) => {
      patch(path, a.address, a.size, () => Buffer.from(bytes));
      return first;
    });
    expect(await problems(path)).toEqual([
      [X, expect.stringMatching(/^chunk \[0:50, 0:4\]: .*, and 1 more chunk$/)],
    ]);
  });

  test('damage from before the checksum was taken is found by decoding', async () => {
    const path = join(tempFolder(), 'a.h5');
    {
      using file = new File(path, 'w');
      const filters = [{ kind: 'deflate', level: 4 }] as const;
      const shape = [40];
      using data = file.createDataset('/a', { dtype: 'int16', shape, chunks: [20], filters });
      data.write(new Int16Array(40));
    }
    const { address } = placeOf(path, '/a', [20]);
    patch(path, address, 1, () => Uint8Array.of(0));
    keepChecksums(path, '/a');
    expect(await problems(path)).toEqual([
      ['/a', expect.stringMatching(/^chunk \[20:40\]: Expected a zlib stream .* but received /)],
    ]);
  });

  test.each(['earliest', 'v110'] as const)(
    'a damaged chunk index affects its own dataset only (%s)',
    async (libver) => {
      const path = join(tempFolder(), 'a.h5');
      {
        using file = new File(path, 'w', { libver });
        for (const name of ['/a', '/b', '/c']) {
          const shape = [6, 6];
          const [chunks, maxshape] = [
            [2, 2],
            [null, null],
          ];
          using data = file.createDataset(name, { dtype: 'int8', shape, chunks, maxshape });
          data.write(new Int8Array(36).fill(7));
        }
      }
      keepChecksums(path, '/a', '/b', '/c');
      expect(await problems(path)).toEqual([]);
      // Version 1 B-trees of chunks, or headers of version 2 ones.
      const signature = libver === 'v110' ? 'BTHD' : Buffer.from('TREE\x01', 'latin1');
      const bytes = readFileSync(path);
      const second = bytes.indexOf(signature, bytes.indexOf(signature) + 1);
      patch(path, second, 4, () => Buffer.from('none'));
      const report = await verify(path);
      expect(report.datasets.map(({ equal }) => equal)).toEqual([true, false, true]);
      expect(report.datasets[1].problem).toMatch(/^H5D.* failed for \/b: /);
    },
  );

  test('libhdf5 refuses a truncated file', async () => {
    const path = await convertTwo(tempFolder());
    const { address } = placeOf(path, Y, [250, 4]);
    truncateSync(path, address + 10);
    expect(await rejection(verify(path))).toMatchObject({ tag: 'Hdf5Error', fields: { path } });
  });
});

describe('a dataset that another program changed', () => {
  /** Changes a sound file. */
  async function change(state: ChunksState, body: (file: File) => void) {
    const path = await convertTwo(tempFolder(), {}, { grows: true });
    {
      using file = new File(path, 'r+');
      body(file);
    }
    return problems(path, state);
  }

  test.each([501, 40])('a dataset resized to %i rows is outdated', async (rows) => {
    const found = await change('outdated', (file) => {
      using dataset = file.dataset(X);
      dataset.resize([rows, 6]);
    });
    // libhdf5 rewrites the chunks that are cut through.
    const rewritten = rows < 50 ? '; 2 of 20 chunks differ from their checksums, but decode' : '';
    expect(found).toEqual([[X, `${CHANGED}: the shape [500, 6] became [${rows}, 6]${rewritten}`]]);
  });

  test('a dataset that lost chunks is damaged', async () => {
    const found = await change('damaged', (file) => {
      using dataset = file.dataset(X);
      dataset.resize([450, 6]);
      dataset.resize([500, 6]);
    });
    expect(found).toEqual([
      [X, 'chunk [450:500, 0:4]: Expected it to be stored but received nothing, and 1 more chunk'],
    ]);
  });

  test('a chunk without a checksum makes its dataset outdated', async () => {
    const path = join(tempFolder(), 'a.h5');
    /** A dataset of two stored chunks, of which the one at `start` has a checksum. */
    const make = (extent: readonly number[], start: readonly [number, number]) => {
      using file = new File(path, 'w');
      const chunk = [2, 2];
      using data = file.createDataset('/a', { dtype: 'int8', shape: extent, chunks: chunk });
      data.write(Int8Array.of(1, 2, 3, 4), { start: [4, 4], count: [1, 4] });
      const number = (start[0] * (extent[1] / 2)) / 2 + start[1] / 2;
      const { bytes } = data.readChunk(start) ?? { bytes: new Uint8Array(0) };
      const rows = [Float64Array.of(number), BigUint64Array.of(checksum(bytes))] as const;
      writeChecksums(file, { path: '/a', chunk, extent }, ...rows);
    };
    make([6, 10], [4, 4]);
    const problem = `${CHANGED}: 1 chunk without a checksum`;
    expect(await problems(path, 'outdated')).toEqual([['/a', problem]]);
    // More chunks than are searched in one turn of the event loop.
    make([200, 100], [4, 6]);
    expect(await problems(path, 'outdated')).toEqual([['/a', problem]]);
    // Too many chunks to search, but their bytes are known.
    make([100_000, 100_000], [4, 6]);
    const bytes = `${CHANGED}: 4 bytes in chunks without a checksum, which were not decoded`;
    expect(await problems(path, 'outdated')).toEqual([['/a', bytes]]);
  });

  test('removed, replaced and malformed datasets are reported in words', async () => {
    const path = join(tempFolder(), 'a.h5');
    const filters = [{ kind: 'shuffle' }] as const;
    const options = { dtype: 'int8', shape: [4], chunks: [2], filters } as const;
    {
      using file = new File(path, 'w');
      file.createDataset('/chunks', { ...options, chunks: [4] }).close();
      file.createDataset('/contiguous', { dtype: 'int8', shape: [4] }).close();
      file.createGroup('/group').close();
      file.createDataset('/texts', { ...options, dtype: 'string' }).close();
      file.createDataset('/whole', options).close();
      const none = [new Float64Array(0), new BigUint64Array(0)] as const;
      for (const name of ['/chunks', '/contiguous', '/gone', '/group', '/texts', '/whole'])
        writeChecksums(file, { path: name, chunk: [2], extent: [4] }, ...none);
      using malformed = file.dataset('/hyperslab/checksums/whole');
      malformed.attributes.set('extent', {
        dtype: 'int64',
        shape: [2],
        data: BigInt64Array.of(4n, 4n),
      });
    }
    const { state, datasets } = await verify(path);
    expect(state).toBe('damaged');
    expect(datasets.map((dataset) => [dataset.path, dataset.state, dataset.problem])).toEqual([
      ['/chunks', 'outdated', `${CHANGED}: chunks [2] became [4]`],
      ['/contiguous', 'outdated', `${CHANGED}: a contiguous one instead of a chunked dataset`],
      ['/gone', 'outdated', `${CHANGED}: it was removed or renamed`],
      ['/group', 'outdated', `${CHANGED}: it is no dataset any more`],
      ['/texts', 'outdated', `${CHANGED}: one of strings instead of a dataset of numbers`],
      [
        '/whole',
        'damaged',
        'the checksums of /whole are damaged: the recorded extent [4, 4] and chunk [2] do not form a valid chunk grid; verify the file with its description, which compares every value',
      ],
    ]);
    expect((await verify(path)).unchecked).toEqual([]);
  });
});

describe('refusals', () => {
  test('a file without checksums is refused', async () => {
    const path = join(tempFolder(), 'a.h5');
    new File(path, 'w').close();
    expect(await rejection(verify(path))).toMatchObject({
      tag: 'ChecksumError',
      message: `${path} has no checksums (hyperslab keeps them in /hyperslab); give the description, or the manifest, to compare the file with its sources`,
    });
  });

  test('a missing file and invalid options are refused', async () => {
    const folder = tempFolder();
    const path = join(folder, 'a.h5');
    expect(await rejection(verify(path))).toMatchObject({ tag: 'Hdf5Error' });
    const options = { overwrite: true } as object;
    expect(await rejection(verify(path, undefined, options))).toMatchObject({
      message: "Unknown option 'overwrite'; the options are workers, memory, signal, onProgress",
    });
    expect(await rejection(verify(path, undefined, { workers: 0 }))).toMatchObject({
      tag: 'OptionError',
    });
    expect(listing(folder)).toEqual([]);
  });

  test('too little memory is refused, and the memory that the message asks for is enough', async () => {
    const path = await convertTwo(tempFolder());
    const error = await rejection(verify(path, undefined, { workers: WORKERS, memory: 5000 }));
    expect(error).toMatchObject({
      tag: 'BudgetError',
      message: expect.stringMatching(/^Expected at least .* of memory for \/acquisition\/y\/data /),
    });
    const { needed } = (error as { fields: { needed: number } }).fields;
    expect(await verify(path, undefined, { workers: WORKERS, memory: needed })).toMatchObject({
      equal: true,
    });
    const less = verify(path, undefined, { workers: WORKERS, memory: needed - 1 });
    expect(await rejection(less)).toMatchObject({ tag: 'BudgetError' });
  });
});

test('a signal and an error of onProgress stop the verification', async () => {
  const path = await convertTwo(tempFolder());
  const reason = new Error('enough');
  expect(await rejection(verify(path, undefined, { signal: AbortSignal.abort(reason) }))).toBe(
    reason,
  );
  const controller = new AbortController();
  const { signal } = controller;
  const onProgress = () => controller.abort(reason);
  expect(await rejection(verify(path, undefined, { signal, onProgress }))).toBe(reason);
  const raise = () => {
    throw reason;
  };
  expect(await rejection(verify(path, undefined, { onProgress: raise }))).toBe(reason);
});
