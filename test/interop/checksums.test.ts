import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { convert, verify } from '../../src/index.js';
import { keepChecksums } from '../support/checksums.js';
import { describeInterop, runPython } from '../support/python.js';
import { rejection } from '../support/recordings.js';
import { RECORDING, session, temporaryFolder } from './session.js';

const DATA = '/acquisition/ElectricalSeries/data';
const INDEX = [50_001, 11];
const SOUND = { values: null, validation: [], inspection: [] };

describeInterop('a file with checksums', () => {
  const folder = temporaryFolder();
  const [path, changed, exported, extended] = ['ours', 'changed', 'exported', 'extended'].map(
    (name) => join(folder, `${name}.nwb`),
  );
  const recording = join(RECORDING, 'continuous.dat');
  const description = session({
    path,
    acquisition: [
      {
        type: 'ElectricalSeries',
        name: 'ElectricalSeries',
        description: 'Wide band',
        rate: 40_000,
        conversion: 5e-8,
        data: {
          source: { type: 'raw', path: recording, dtype: 'int16', shape: [null, 16] },
          chunks: [10_000, 5],
        },
      },
    ],
  });
  let answer: Record<string, unknown>;

  beforeAll(async () => {
    await convert(description, { workers: 2 });
    keepChecksums(path, DATA);
    const given = { path, changed, exported, extended, recording, index: INDEX };
    const stdin = JSON.stringify(given);
    answer = (await runPython('checksums.py', [], { stdin })) as Record<string, unknown>;
  });

  test('is valid for PyNWB and NWB Inspector', async () => {
    expect(answer.path).toEqual(SOUND);
    expect(await verify(path, description)).toMatchObject({ equal: true });
    expect(await verify(path)).toMatchObject({ equal: true, chunks: 28, unchecked: [] });
  });

  test('shows its checksums to h5py', () => {
    expect(answer.kept).toEqual({
      dtype: 'uint32',
      numbers: Array.from({ length: 28 }, (_, number) => number),
      attributes: {
        algorithm: 'XXH3-64, low 32 bits',
        chunk: [10_000, 5],
        extent: [66_438, 16],
        filters: 'shuffle, deflate 4',
      },
    });
  });

  test('has outdated checksums, which are not taken for damage, once h5py has written a chunk', async () => {
    const { state, equal, datasets } = await verify(changed);
    expect({ state, equal }).toEqual({ state: 'outdated', equal: false });
    expect(datasets).toMatchObject([{ path: DATA, state: 'outdated', equal: false }]);
    expect(datasets[0].problem).toBe(
      'changed by another program since its checksums were taken: 1 of 28 chunks differ from their checksums, but decode',
    );
  });

  test('keeps its checksums, which still match, if PyNWB exports it unchanged', async () => {
    expect(answer.exported).toEqual(SOUND);
    expect(await verify(exported, description)).toMatchObject({ equal: true });
    expect(await verify(exported)).toMatchObject({ equal: true, chunks: 28 });
  });

  test('loses its checksums, and nothing else, if PyNWB exports it with more data', async () => {
    expect(answer.extended).toEqual(SOUND);
    expect(await verify(extended, description)).toMatchObject({ equal: true });
    expect(await rejection(verify(extended))).toMatchObject({ tag: 'ChecksumError' });
  });
});
