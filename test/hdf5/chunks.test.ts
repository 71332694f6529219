import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  asPlacements,
  ChunkWriter,
  type Dataset,
  File,
  type FileOptions,
  type Filter,
  Hdf5Error,
} from '../../src/hdf5/index.js';
import { numRuns } from '../support/effort.js';
import { withFile, withFolder } from './temporary.js';

const CHUNK = 200;
const GZIP: readonly Filter[] = [{ kind: 'deflate', level: 4 }];
const FORMATS = ['earliest', 'v110'] as const;

/** A one-dimensional dataset of bytes in chunks of 200. */
function create(file: File, chunks: number, filters = GZIP, maxshape?: (number | null)[]): Dataset {
  return file.createDataset('data', {
    ...{ dtype: 'uint8', shape: [chunks * CHUNK], chunks: [CHUNK], filters },
    ...(maxshape && { maxshape }),
  });
}

/** Writes one chunk without libhdf5; it becomes part of the dataset when it is placed. */
function write(file: File, dataset: Dataset, index: number, bytes: Uint8Array): Float64Array {
  const { shape, filters } = dataset;
  using writer = new ChunkWriter(file.token, {
    ...{ itemSize: 1, chunk: [CHUNK], extent: shape, fillvalue: new Uint8Array(1) },
    filters: filters as readonly Filter[],
  });
  const slab = { start: [index * CHUNK], count: [CHUNK] };
  const piece = { ...slab, bytes, offset: 0, steps: [1], swap: false };
  return writer.write([piece], slab).placements;
}

function put(file: File, dataset: Dataset, index: number, bytes: Uint8Array): void {
  dataset.place([index * CHUNK], [CHUNK], asPlacements(write(file, dataset, index, bytes)));
}

const read = (dataset: Dataset, index: number) =>
  dataset.read({ start: [index * CHUNK], count: [CHUNK] }).data;

/** Bytes that gzip can't shrink, and bytes that it can. */
function noise(seed: number): Uint8Array {
  let state = seed + 1;
  return Uint8Array.from({ length: CHUNK }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}
const smooth = (seed: number) => new Uint8Array(CHUNK).map((_, index) => seed + (index >> 5));

describe.each(FORMATS)('placed chunks (%s)', (libver) => {
  const KINDS = [
    { chunks: 1, maxshape: undefined },
    { chunks: 1, maxshape: [null] },
    { chunks: 5, maxshape: undefined },
    { chunks: 5, maxshape: [null] },
    { chunks: 5, maxshape: [9 * CHUNK] },
  ];

  test.each(KINDS)(
    'placed chunks can be read immediately, filtered or not ($chunks in $maxshape)',
    (kind) => {
      withFile(
        (file) => {
          using dataset = create(file, kind.chunks, GZIP, kind.maxshape);
          for (const [round, bytes] of [
            noise(1),
            smooth(2),
            noise(3),
            noise(4),
            smooth(5),
          ].entries())
            for (let index = 0; index < kind.chunks; index++) {
              put(file, dataset, index, bytes);
              expect([round, index, read(dataset, index)]).toEqual([round, index, bytes]);
              const [, , mask] = dataset.locate([index * CHUNK], [CHUNK]);
              expect(mask).toBe(bytes[0] === bytes[1] ? 0 : 1);
            }
        },
        { libver },
      );
    },
  );

  test.each(KINDS)(
    'placed chunks replace chunks that libhdf5 wrote and read ($chunks in $maxshape)',
    (kind) => {
      withFile(
        (file) => {
          using dataset = create(file, kind.chunks, GZIP, kind.maxshape);
          dataset.write(new Uint8Array(kind.chunks * CHUNK).fill(9));
          dataset.read();
          put(file, dataset, 0, noise(7));
          expect(read(dataset, 0)).toEqual(noise(7));
          dataset.write(smooth(3), { start: [0], count: [CHUNK] });
          expect(read(dataset, 0)).toEqual(smooth(3));
          put(file, dataset, 0, noise(8));
          dataset.write(Uint8Array.of(1, 2), { start: [5], count: [2] });
          const expected = noise(8);
          expected.set([1, 2], 5);
          expect(read(dataset, 0)).toEqual(expected);
        },
        { libver },
      );
    },
  );

  test('a placed chunk replaces one of the same size whose filters were applied', () => {
    const deflated = justAsLarge();
    for (const { chunks, maxshape } of KINDS)
      withFolder((folder) => {
        const path = join(folder, 'test.h5');
        {
          using file = new File(path, 'w', { libver });
          using dataset = create(file, chunks, GZIP, maxshape);
          dataset.write(deflated, { start: [0], count: [CHUNK] });
          expect(dataset.locate([0], [CHUNK]).slice(1)).toEqual(Float64Array.of(CHUNK, 0));
          put(file, dataset, 0, noise(1));
          expect(read(dataset, 0)).toEqual(noise(1));
        }
        using file = new File(path, 'r');
        using dataset = file.dataset('data');
        expect(dataset.locate([0], [CHUNK]).slice(1)).toEqual(Float64Array.of(CHUNK, 1));
        expect(read(dataset, 0)).toEqual(noise(1));
      });
  });

  test('chunks can be placed in any order, long after they were written', () => {
    const order = fc.shuffledSubarray(Array.from({ length: 40 }, (_, index) => index));
    fc.assert(
      fc.property(order, fc.boolean(), (indices, endless) => {
        withFile(
          (file) => {
            using dataset = create(file, 40, GZIP, endless ? [null] : undefined);
            const chunk = (index: number) => (index % 3 ? smooth(index) : noise(index));
            const written = indices.map((index) => write(file, dataset, index, chunk(index)));
            for (const [at, index] of indices.toReversed().entries()) {
              const placements = written[indices.length - 1 - at];
              dataset.place([index * CHUNK], [CHUNK], asPlacements(placements));
            }
            for (let index = 0; index < 40; index++) {
              const expected = indices.includes(index) ? chunk(index) : new Uint8Array(CHUNK);
              expect([index, read(dataset, index)]).toEqual([index, expected]);
            }
          },
          { libver },
        );
      }),
      { numRuns: numRuns(15) },
    );
  });

  test('placed chunks are read as stored if nothing was placed after them', () => {
    withFile(
      (file) => {
        using dataset = create(file, 3);
        const nothing = Float64Array.of(-1, 0, 0);
        const placements = write(file, dataset, 1, noise(1));
        expect(placements[2]).toBe(1);
        dataset.place([CHUNK], [CHUNK], asPlacements(placements), { more: true });
        dataset.place([0], [CHUNK], asPlacements(nothing), { more: true });
        dataset.place([2 * CHUNK], [CHUNK], asPlacements(nothing));
        expect(read(dataset, 1)).toEqual(noise(1));
        expect(read(dataset, 0)).toEqual(new Uint8Array(CHUNK));
      },
      { libver },
    );
  });

  test('chunks keep their addresses when the metadata of a file are rebuilt', () => {
    withFolder((folder) => {
      const path = join(folder, 'test.h5');
      const journal: Float64Array[] = [];
      {
        using file = new File(path, 'w', { libver });
        using dataset = create(file, 6);
        for (let index = 0; index < 6; index++) {
          journal.push(write(file, dataset, index, noise(index)));
          dataset.place([index * CHUNK], [CHUNK], asPlacements(journal[index]));
        }
      }
      wipe(path, Math.min(...journal.map(([address]) => address)));
      {
        using file = new File(path, 'w', { libver, rebuild: true });
        using dataset = create(file, 6);
        for (const [index, placements] of journal.entries())
          dataset.place([index * CHUNK], [CHUNK], asPlacements(placements));
      }
      using file = new File(path, 'r');
      using dataset = file.dataset('data');
      for (const [index, placements] of journal.entries()) {
        expect(read(dataset, index)).toEqual(noise(index));
        expect(dataset.locate([index * CHUNK], [CHUNK])).toEqual(placements);
      }
    });
  });
});

describe('chunks', () => {
  test('readChunk returns a chunk as it is stored', () => {
    withFile((file) => {
      using dataset = create(file, 3);
      put(file, dataset, 1, smooth(4));
      const stored = dataset.readChunk([CHUNK]);
      const [address, size, mask] = dataset.locate([CHUNK], [CHUNK]);
      expect(stored).toMatchObject({ filterMask: mask, bytes: { length: size } });
      expect(address).toBeGreaterThan(0);
      expect([...dataset.locate([0], [3 * CHUNK])]).toEqual([
        -1,
        0,
        0,
        address,
        size,
        mask,
        -1,
        0,
        0,
      ]);
      expect([dataset.readChunk([0]), dataset.readChunk([2 * CHUNK])]).toEqual([null, null]);
    });
  });

  test('a chunk is identified by its first element', () => {
    withFile((file) => {
      using dataset = create(file, 3);
      for (const offset of [[1], [0, 0], [], [-200], [0.5]]) {
        expect(() => dataset.readChunk(offset), String(offset)).toThrow(/Expected/);
        expect(() => dataset.locate(offset, [CHUNK]), String(offset)).toThrow(/Expected/);
        expect(() => dataset.place(offset, [CHUNK], asPlacements(new Float64Array(3)))).toThrow(
          /Expected/,
        );
      }
      expect(() => dataset.readChunk([3 * CHUNK])).toThrow(RangeError);
      for (const [start, count] of [
        [0, 0],
        [0, 3 * CHUNK + 1],
        [2 * CHUNK, 2 * CHUNK],
      ])
        expect(() => dataset.locate([start], [count])).toThrow(RangeError);
    });
  });

  test('chunks are placed only at addresses that were reserved', () => {
    withFile((file) => {
      using dataset = create(file, 3);
      const address = file.reserve(100);
      for (const placement of [
        [address + 1, 100, 0],
        [address, 101, 0],
        [2 ** 50, 1, 0],
        [address, 0, 0],
      ])
        expect(() =>
          dataset.place([0], [CHUNK], asPlacements(Float64Array.from(placement))),
        ).toThrow(/H5Dwrite_chunk failed for \/data: .*never reserved/);
      expect(() =>
        dataset.place([3 * CHUNK], [CHUNK], asPlacements(Float64Array.of(address, 100, 0))),
      ).toThrow(RangeError);
      expect(() => dataset.place([0], [CHUNK], asPlacements(new Float64Array(6)))).toThrow(
        'Expected three numbers for each of at most 1 chunks of /data but received 6 numbers',
      );
      expect(() => dataset.place([0], [CHUNK], asPlacements(new Float64Array(2)))).toThrow(
        RangeError,
      );
      expect(dataset.readChunk([0])).toBeNull();
    });
  });

  test('the chunks of a stopped job are placed as far as it got', () => {
    withFile((file) => {
      using dataset = create(file, 3);
      dataset.place([0], [3 * CHUNK], asPlacements(write(file, dataset, 0, noise(1))));
      dataset.place([CHUNK], [2 * CHUNK], asPlacements(new Float64Array()));
      expect(read(dataset, 0)).toEqual(noise(1));
      expect(dataset.readChunk([CHUNK])).toBeNull();
    });
  });

  test('a dataset that is not chunked has no chunks', () => {
    withFile((file) => {
      const options = { dtype: 'uint8', shape: [4] } as const;
      using dataset = file.createDataset('whole', options);
      expect(() => dataset.readChunk([0])).toThrow(/it is not chunked/);
      expect(() => dataset.locate([0], [4])).toThrow(Hdf5Error);
      expect(() => dataset.place([0], [4], asPlacements(new Float64Array(3)))).toThrow(Hdf5Error);
    });
  });

  test('chunks placed through one handle are visible through another', () => {
    const options: FileOptions[] = FORMATS.map((libver) => ({ libver }));
    for (const option of options)
      withFile((file) => {
        using dataset = create(file, 4);
        using other = file.dataset('data');
        for (const bytes of [noise(1), smooth(1), noise(2)])
          for (let index = 0; index < 4; index++) {
            put(file, dataset, index, bytes);
            expect(read(other, index)).toEqual(bytes);
          }
      }, option);
  });
});

/** Bytes that zlib deflates to the same number of bytes, a result that libhdf5 keeps. */
function justAsLarge(): Uint8Array {
  for (let seed = 0; seed < 50; seed++)
    for (let random = CHUNK; random > CHUNK / 2; random--) {
      const bytes = noise(seed).fill(0, random);
      if (deflateSync(bytes, { level: 4 }).length === CHUNK) return bytes;
    }
  throw new Error('Expected bytes that deflate to their own size but found none');
}

/** Overwrites the beginning of a file, where libhdf5 keeps its metadata. */
function wipe(path: string, bytes: number): void {
  const descriptor = openSync(path, 'r+');
  writeSync(descriptor, new Uint8Array(bytes).fill(0xff), 0, bytes, 0);
  closeSync(descriptor);
}
