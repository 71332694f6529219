import { readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  asPlacements,
  ChunkCodec,
  type ChunkLayout,
  checksum,
  File,
  FileSpace,
  type Filter,
} from '../../src/hdf5/index.js';
import { denseSteps, product } from '../../src/layout/index.js';
import { CheckJobs } from '../../src/workers/check-job.js';
import { FileReader } from '../../src/workers/file-reader.js';
import { numRuns } from '../support/effort.js';
import { tempFolder } from '../support/recordings.js';

const FILTERS: Filter[][] = [
  [],
  [{ kind: 'shuffle' }, { kind: 'deflate', level: 4 }],
  [{ kind: 'shuffle' }, { kind: 'deflate', level: 1 }, { kind: 'fletcher32' }],
];

function layoutOf(filters: Filter[], chunk = [6, 5]): ChunkLayout {
  return { itemSize: 2, chunk, extent: chunk, fillvalue: Uint8Array.of(0, 0), filters };
}

/** Bytes of a chunk that deflate makes smaller; different for each `seed`. */
function encode(layout: ChunkLayout, seed: number) {
  const bytes = new Uint8Array(product(layout.chunk) * layout.itemSize).fill(seed);
  bytes[0] = 255 - seed;
  const piece = { start: [0, 0], count: layout.chunk, bytes, offset: 0, swap: false };
  using codec = new ChunkCodec(layout);
  const steps = denseSteps(layout.chunk, layout.itemSize);
  return codec.encode([{ ...piece, steps }], [0, 0]);
}

const chunkArb = fc.record({
  seed: fc.integer({ min: 0, max: 255 }),
  /** Bytes of the file before the chunk. */
  gap: fc.integer({ min: 0, max: 20 }),
  fate: fc.constantFrom('sound', 'flipped', 'wrong checksum', 'not stored', 'other mask', 'giant'),
  bit: fc.nat(),
});

test('exactly the chunks that differ from what was stored are found', () => {
  const folder = tempFolder();
  fc.assert(
    fc.property(
      fc.constantFrom(...FILTERS),
      fc.array(chunkArb, { maxLength: 12 }),
      fc.boolean(),
      fc.integer({ min: 0, max: 40 }),
      (filters, chunks, decode, cut) => {
        const layout = layoutOf(filters);
        const path = join(folder, 'bytes');
        const parts: Uint8Array[] = [];
        const placements: number[] = [];
        const checksums: bigint[] = [];
        const expected: number[] = [];
        const ends: number[] = [];
        let end = 0;
        for (const [at, { seed, gap, fate, bit }] of chunks.entries()) {
          const { bytes, filterMask } = encode(layout, seed);
          const sum = checksum(bytes);
          const stored = bytes.slice();
          if (fate === 'flipped') stored[(bit >> 3) % stored.length] ^= 1 << (bit & 7);
          parts.push(new Uint8Array(gap), stored);
          const address = end + gap;
          end = address + stored.length;
          checksums.push(fate === 'wrong checksum' ? sum ^ 1n : sum);
          if (fate === 'not stored') placements.push(-1, 0, 0);
          else if (fate === 'giant') placements.push(address, 2 ** 32 - 1, filterMask);
          // A filter mask as if shuffle, deflate or both had been skipped; the bytes are intact.
          else if (fate === 'other mask') placements.push(address, stored.length, 0b10);
          else placements.push(address, stored.length, filterMask);
          ends.push(fate === 'not stored' ? 0 : end);
          const broken = ['flipped', 'wrong checksum', 'giant'].includes(fate);
          const unreadable = fate === 'other mask' && filters.length > 0 && filterMask === 0;
          if (broken || (decode && unreadable)) expected.push(at);
        }
        writeFileSync(path, Buffer.concat(parts));
        const length = Math.max(0, end - cut);
        truncateSync(path, length);
        for (const [at, last] of ends.entries())
          if (last > length && !expected.includes(at)) expected.push(at);
        const jobs = new CheckJobs(new FileReader(path), new Int32Array(1));
        const { failed, seconds } = jobs.run({
          name: '/a',
          layout,
          placements: asPlacements(Float64Array.from(placements)),
          checksums: BigUint64Array.from(checksums),
          decode,
        });
        expect(failed.map(({ at }) => at)).toEqual(expected.sort((a, b) => a - b));
        for (const { problem } of failed) expect(problem).toMatch(/^Expected .* but received /);
        expect(seconds).toBeGreaterThanOrEqual(0);
      },
    ),
    { numRuns: numRuns(150) },
  );
});

test('a chunk that is called proved decodes to its old values', () => {
  const folder = tempFolder();
  const path = join(folder, 'bytes');
  const change = fc.record({ at: fc.nat(), mask: fc.integer({ min: 1, max: 255 }) });
  fc.assert(
    fc.property(
      fc.constantFrom(...FILTERS, [{ kind: 'shuffle' }] as Filter[]),
      fc.nat({ max: 255 }),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      fc.constantFrom(0, 0b10),
      (filters, seed, changes, skipped) => {
        const layout = layoutOf(filters);
        const encoded = encode(layout, seed);
        // The second of the two filters, deflate, may have been skipped, so that nothing proves the bytes.
        const isSkipped = skipped !== 0 && filters.length === 2;
        const filterMask = isSkipped ? skipped : encoded.filterMask;
        const whole = isSkipped
          ? new Uint8Array(product(layout.chunk) * layout.itemSize).fill(seed)
          : encoded.bytes;
        const stored = whole.slice();
        for (const { at, mask } of changes) stored[at % stored.length] ^= mask;
        writeFileSync(path, stored);
        const { failed } = new CheckJobs(new FileReader(path), new Int32Array(1)).run({
          name: '/a',
          layout,
          placements: asPlacements(Float64Array.of(0, stored.length, filterMask)),
          checksums: BigUint64Array.of(checksum(whole)),
          decode: true,
        });
        if (checksum(stored) === checksum(whole)) return expect(failed).toEqual([]);
        expect(failed).toHaveLength(1);
        using codec = new ChunkCodec(layout);
        const hasCheck = filters.some(({ kind }) => kind !== 'shuffle') && filterMask === 0;
        if (!hasCheck) expect(failed[0].decoded).toBe('unproved');
        else if (failed[0].decoded !== undefined) {
          expect(failed[0].decoded).toBe('proved');
          expect(codec.decode(stored, filterMask)).toEqual(codec.decode(whole, filterMask));
        }
      },
    ),
    { numRuns: numRuns(150) },
  );
});

test('chunks without checksums are only decoded', () => {
  const { path, bytes, task } = oneChunk(tempFolder());
  const jobs = new CheckJobs(new FileReader(path), new Int32Array(1));
  const { checksums: _, ...unknown } = task;
  expect(jobs.run(unknown).failed).toEqual([]);
  writeFileSync(path, bytes.toReversed());
  expect(jobs.run(unknown).failed).toMatchObject([{ at: 0, isUnreadable: false }]);
});

/** A file of one intact chunk, and the task for it. */
function oneChunk(folder: string) {
  const layout = layoutOf(FILTERS[1]);
  const { bytes, filterMask } = encode(layout, 7);
  const path = join(folder, 'bytes');
  writeFileSync(path, bytes);
  const placements = asPlacements(Float64Array.of(0, bytes.length, filterMask));
  const checksums = BigUint64Array.of(checksum(bytes));
  return { path, bytes, task: { name: '/a', layout, placements, checksums, decode: true } };
}

test('problems are described in words', () => {
  const { path, bytes, task } = oneChunk(tempFolder());
  const run = (change: Partial<typeof task>, file = path) =>
    new CheckJobs(new FileReader(file), new Int32Array(1))
      .run({ ...task, ...change })
      .failed.map(({ problem }) => problem);
  const hex = task.checksums[0].toString(16).padStart(16, '0');
  expect(run({})).toEqual([]);
  expect(run({ checksums: BigUint64Array.of(10n) })).toEqual([
    `Expected the checksum 000000000000000a but received ${hex}`,
  ]);
  expect(run({ placements: asPlacements(Float64Array.of(1, bytes.length, 0)) })).toEqual([
    `Expected ${bytes.length} bytes at 1 of ${path} but received ${bytes.length - 1}`,
  ]);
  expect(run({ placements: asPlacements(Float64Array.of(2 ** 60, 8, 0)) })).toEqual([
    `Expected a chunk of at most 4157 bytes but received 8 at ${2 ** 60}`,
  ]);
  // Intact bytes that are not a chunk of the dataset.
  const layout = layoutOf(FILTERS[1], [5, 5]);
  expect(run({ layout })).toEqual([expect.stringMatching(/^Expected a zlib stream/)]);
  expect(run({ layout, decode: false })).toEqual([]);
});

test('chunks of several datasets are decoded by one worker', () => {
  const { path, task } = oneChunk(tempFolder());
  const jobs = new CheckJobs(new FileReader(path), new Int32Array(1));
  const other = { ...task, name: '/b', layout: layoutOf(FILTERS[1], [5, 5]) };
  const failures = [task, other, task].map((one) => jobs.run(one).failed.length);
  expect(failures).toEqual([0, 1, 0]);
});

test('a file that can’t be opened is an error instead of damage', () => {
  const { path, task } = oneChunk(tempFolder());
  const jobs = new CheckJobs(new FileReader(`${path}.none`), new Int32Array(1));
  expect(() => jobs.run(task)).toThrow(/^ENOENT/);
});

test('nothing is read after the workers were asked to stop', () => {
  const { path, task } = oneChunk(tempFolder());
  const jobs = new CheckJobs(new FileReader(`${path}.none`), Int32Array.of(1));
  expect(jobs.run(task)).toMatchObject({ failed: [] });
});

test('a chunk is rewritten only if the task says so and the chunk is intact', () => {
  const path = join(tempFolder(), 'a.h5');
  using file = new File(path, 'w');
  const layout = layoutOf(FILTERS[1]);
  const { bytes } = encode(layout, 7);
  const address = file.reserve(bytes.length);
  using space = new FileSpace(file.token);
  space.write(bytes, address);
  const stored = () => statSync(path, { bigint: true }).mtimeNs;
  const task = {
    name: '/a',
    layout,
    placements: asPlacements(Float64Array.of(address, bytes.length, 0)),
    checksums: BigUint64Array.of(checksum(bytes)),
    decode: false,
    rewrite: true,
  };
  const jobs = new CheckJobs(new FileReader(path), new Int32Array(1), file.token);
  utimesSync(path, 0, 0);
  expect(jobs.run({ ...task, rewrite: false }).failed).toEqual([]);
  expect(jobs.run({ ...task, checksums: BigUint64Array.of(1n) }).failed).toHaveLength(1);
  expect(stored()).toBe(0n);
  expect(jobs.run(task).failed).toEqual([]);
  expect(stored()).toBeGreaterThan(0n);
  expect(readFileSync(path).subarray(address, address + bytes.length)).toEqual(Buffer.from(bytes));
});
