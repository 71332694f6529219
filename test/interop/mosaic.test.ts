import { beforeAll, expect, test } from 'vitest';
import { type ConversionReport, convert, type Description, plan } from '../../src/index.js';
import { DTYPES } from '../../src/layout/index.js';
import { gzipBytes } from '../support/encoder.js';
import { describeInterop, runPython } from '../support/python.js';
import { makeMosaic } from './mosaic.js';
import { temporaryFolder } from './session.js';

/** Memory for the encoders of one worker, and a little more than the largest chunk. */
const LITTLE_MEMORY = gzipBytes(9, 600, 8) + 800 * 2 ** 10;

/** The same description, written in different ways. */
const CONVERSIONS = [
  { name: 'earliest', options: { libver: 'earliest', workers: 2 } },
  { name: 'v110', options: { libver: 'v110', workers: 2 } },
  {
    name: 'earliest, little memory',
    options: { libver: 'earliest', workers: 1, memory: LITTLE_MEMORY },
  },
] as const;

interface Model {
  readonly dtype: string;
  readonly shape: readonly number[];
}

interface Compared {
  readonly h5py: Record<string, string | null>;
  readonly pynwb: Record<string, string | null>;
  readonly validation: readonly string[];
  readonly inspection: readonly string[];
}

describeInterop('a file made of every kind of source', () => {
  const folder = temporaryFolder();
  const reports: ConversionReport[] = [];
  let description: Description;
  let models: Record<string, Model>;
  let files: readonly Compared[];
  let nothing: Record<string, null>;

  beforeAll(async () => {
    description = await makeMosaic(folder);
    for (const [index, { options }] of CONVERSIONS.entries()) {
      const path = `mosaic-${index}.nwb`;
      reports.push(await convert({ ...description, path }, { ...options, baseDir: folder }));
    }
    const { acquisition } = description;
    const given = { folder, acquisition, paths: reports.map(({ path }) => path) };
    const answer = await runPython('mosaic_check.py', [], { stdin: JSON.stringify(given) });
    ({ models, files } = answer as { models: typeof models; files: Compared[] });
    nothing = Object.fromEntries(Object.keys(models).map((name) => [name, null]));
  });

  test('has every dtype in every rank, every source type, filter and chunk index', async () => {
    const [{ datasets }, { datasets: newer }] = reports;
    const seen = new Set(datasets.map(({ dtype, shape }) => `${dtype} in ${shape.length}`));
    const all = DTYPES.flatMap((dtype) => [1, 2, 3, 4].map((rank) => `${dtype} in ${rank}`));
    expect([...seen].sort()).toEqual(all.sort());
    const types = description.acquisition?.map(({ data }) => 'source' in data && data.source.type);
    expect(new Set(types)).toEqual(new Set(['raw', 'npy', 'concat', 'stack', 'module']));
    const filters = datasets.map((dataset) => dataset.filters.map(({ kind }) => kind).join('+'));
    const combinations = ['', 'deflate', 'shuffle', 'fletcher32', 'shuffle+deflate'];
    expect(new Set(filters)).toEqual(new Set([...combinations, 'shuffle+deflate+fletcher32']));
    const jobs = (await plan(description, { ...CONVERSIONS[2].options, baseDir: folder })).datasets;
    expect(jobs.some(({ jobCount }) => jobCount > 3)).toBe(true);
    // Noise can't be compressed, so its chunks are stored without deflate.
    expect(datasets.some(({ chunksUnfiltered }) => chunksUnfiltered > 0)).toBe(true);
    expect(new Set(datasets.map(({ index }) => index))).toEqual(new Set(['btree-v1']));
    expect(new Set(newer.map(({ index }) => index)).size).toBeGreaterThan(1);
  });

  test('has the shapes and types that numpy sees, and edge chunks', () => {
    for (const { datasets } of reports) {
      const received = datasets.map(({ path, dtype, shape }) => [
        path.split('/')[2],
        { dtype, shape },
      ]);
      expect(Object.fromEntries(received)).toEqual(models);
      const odd = datasets.filter(({ shape, chunks }) =>
        shape.some((length, axis) => length % chunks[axis] !== 0),
      );
      expect(odd.length).toBeGreaterThan(datasets.length / 2);
    }
  });

  test.each(CONVERSIONS)('is equal value for value in h5py ($name)', ({ name }) => {
    expect(files[at(name)].h5py).toEqual(nothing);
  });

  test.each(CONVERSIONS)('is equal value for value in PyNWB ($name)', ({ name }) => {
    expect(files[at(name)].pynwb).toEqual(nothing);
  });

  test.each(CONVERSIONS)('satisfies pynwb.validate and NWB Inspector ($name)', ({ name }) => {
    expect(files[at(name)].validation).toEqual([]);
    expect(files[at(name)].inspection).toEqual([]);
  });
});

const at = (name: string) => CONVERSIONS.findIndex((conversion) => conversion.name === name);
