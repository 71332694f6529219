import { join } from 'node:path';
import { expect, test } from 'vitest';
import { convert, verify } from '../../src/index.js';
import { damage } from '../support/checksums.js';
import { describeInterop, python, runPython, tool } from '../support/python.js';
import { description, tempFolder, timeSeries, waves, writeRaw } from '../support/recordings.js';
import { runTool } from './tools.js';

const X = '/acquisition/x/data';

/** One series of 490 rows, in 20 chunks of [50, 4]; those of the last rows are not full. */
async function convertOne(data: Record<string, unknown> = {}): Promise<string> {
  const folder = tempFolder();
  const source = writeRaw(folder, 'x.bin', waves([490, 8]));
  const series = timeSeries('x', { source, chunks: [50, 4], maxshape: [null, 8], ...data });
  const { path } = await convert(description(join(folder, 'a.nwb'), [series]), { workers: 2 });
  return path;
}

/** What `verify` reports about the only dataset: its state, and the reason. */
async function verdict(path: string): Promise<[state: string, problem?: string | undefined]> {
  const { state, equal, datasets } = await verify(path, undefined, { workers: 2 });
  expect(datasets).toHaveLength(1);
  expect(datasets[0].state).toBe(state);
  expect(equal).toBe(state === 'intact');
  return [state, datasets[0].problem?.replace(/^changed by .* were taken: /, '')];
}

async function repack(path: string, ...args: readonly string[]): Promise<string> {
  const repacked = join(path, '..', 'repacked.nwb');
  await runTool('h5repack', [...args, path, repacked]);
  return repacked;
}

async function withH5py(path: string, change: string, argument: unknown): Promise<void> {
  const stdin = JSON.stringify([{ path, dataset: X, change, argument }]);
  await runPython('outdated.py', [], { stdin });
}

describeInterop(
  'a file that h5repack has rewritten',
  () => {
    const ALL = '20 of 20 chunks differ from their checksums, but decode';

    test.each([
      ['at another level', {}, ['-f', 'GZIP=1'], ALL],
      ['without filters', {}, ['-f', 'NONE'], ALL],
      ['with filters that it did not have', { compression: false }, ['-f', 'GZIP=4'], ALL],
      [
        'in other chunks',
        {},
        ['-l', `${X}:CHUNK=70x8`],
        'chunks [50, 4] became [70, 8]; 7 chunks without a checksum',
      ],
      ['in one piece', {}, ['-l', `${X}:CONTI`], 'a contiguous one instead of a chunked dataset'],
    ] as const)('%s is outdated, not damaged', async (_, data, args, problem) => {
      const path = await convertOne(data);
      expect(await verdict(path)).toEqual(['intact', undefined]);
      expect(await verdict(await repack(path, ...args))).toEqual(['outdated', problem]);
    });

    test('is intact if its chunks have the same bytes', async () => {
      const path = await convertOne({ compression: false });
      expect(await verdict(await repack(path))).toEqual(['intact', undefined]);
    });

    test('is damaged if a chunk was damaged afterwards', async () => {
      const path = await convertOne();
      for (const args of [
        ['-f', 'GZIP=1'],
        ['-l', `${X}:CHUNK=70x8`, '-f', 'GZIP=1'],
      ]) {
        const repacked = await repack(path, ...args);
        damage(repacked, X, [0, 0]);
        const [state, problem] = await verdict(repacked);
        expect(state).toBe('damaged');
        expect(problem).toMatch(/^chunk \[0:[57]0, 0:[48]\]: Expected /);
      }
    });
  },
  tool('h5repack'),
);

describeInterop(
  'a file that h5py changed',
  () => {
    test.each([
      ['compressed', {}],
      ['uncompressed', { compression: false }],
    ] as const)('by more rows is outdated, and damaged where it suffered: %s', async (_, data) => {
      const path = await convertOne(data);
      await withH5py(path, 'append', 100);
      // The 2 chunks that were not full are written again, and 4 are new.
      expect(await verdict(path)).toEqual([
        'outdated',
        'the shape [490, 8] became [590, 8]; ' +
          '2 of 20 chunks differ from their checksums, but decode; 4 chunks without a checksum',
      ]);
      damage(path, X, [100, 4]);
      const [state, problem] = await verdict(path);
      expect(state).toBe('damaged');
      expect(problem).toMatch(/^chunk \[100:150, 4:8\]: Expected the checksum /);
    });

    test('by more rows is damaged if a compressed chunk was damaged', async () => {
      const path = await convertOne();
      await withH5py(path, 'append', 100);
      damage(path, X, [550, 4]);
      expect(await verdict(path)).toEqual([
        'damaged',
        expect.stringMatching(/^chunk \[550:590, 4:8\]: Expected a zlib stream /),
      ]);
    });

    test('by fewer rows is outdated', async () => {
      const path = await convertOne({ compression: false });
      await withH5py(path, 'shorten', 120);
      expect(await verdict(path)).toEqual([
        'outdated',
        'the shape [490, 8] became [120, 8]; 2 of 20 chunks differ from their checksums, but decode',
      ]);
    });

    test('by values is outdated if its chunks can be verified without checksums, and else may be damaged', async () => {
      for (const data of [{}, { compression: false, fletcher32: true }]) {
        const path = await convertOne(data);
        await withH5py(path, 'write', 60);
        const changed = '2 of 20 chunks differ from their checksums, but decode';
        expect(await verdict(path)).toEqual(['outdated', changed]);
      }
      for (const data of [{ compression: false }, { compression: false, shuffle: true }]) {
        const path = await convertOne(data);
        await withH5py(path, 'write', 60);
        expect(await verdict(path)).toEqual([
          'damaged',
          expect.stringMatching(
            /^chunk \[50:100, 0:4\]: Expected the checksum .*: damaged, or changed by another program: its bytes are stored without a check of their own, and 1 more chunk$/,
          ),
        ]);
      }
    });

    test('by another name for the dataset is outdated, and the report has the name', async () => {
      const path = await convertOne();
      await withH5py(path, 'rename', '/acquisition/x/renamed');
      expect(await verdict(path)).toEqual(['outdated', 'it was removed or renamed']);
      expect((await verify(path)).unchecked).toEqual(['/acquisition/x/renamed']);
    });

    test('by copying the checksums into a file without the dataset is outdated', async () => {
      const path = await convertOne();
      const target = join(path, '..', 'other.h5');
      await withH5py(path, 'copy_checksums', target);
      expect(await verdict(target)).toEqual(['outdated', 'it was removed or renamed']);
    });
  },
  python,
);
