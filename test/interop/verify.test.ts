import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { convert, type VerifyReport, verify } from '../../src/index.js';
import { describeInterop, runPython } from '../support/python.js';
import { RECORDING, session, temporaryFolder } from './session.js';

const INDEX = [50_001, 11];
const DATA = '/acquisition/ElectricalSeries/data';

describeInterop('verify of a file that PyNWB wrote', () => {
  const folder = temporaryFolder();
  const [path, changed] = ['pynwb.nwb', 'changed.nwb'].map((name) => join(folder, name));
  const continuous = join(RECORDING, 'continuous.dat');
  const description = session({
    path: 'ours.nwb',
    acquisition: [
      {
        type: 'ElectricalSeries',
        name: 'ElectricalSeries',
        description: 'Wide band',
        rate: 40_000,
        conversion: 5e-8,
        data: {
          source: { type: 'raw', path: continuous, dtype: 'int16', shape: [null, 16] },
          chunks: [10_000, 5],
        },
      },
    ],
  });
  let before: number;

  beforeAll(async () => {
    const given = { continuous, path, changed, index: INDEX };
    const answer = await runPython('pynwb_session.py', [], { stdin: JSON.stringify(given) });
    ({ before } = answer as { before: number });
  });

  const problems = ({ datasets }: VerifyReport) => datasets.filter(({ equal }) => !equal);

  test('finds every dataset equal, in the chunks of PyNWB', async () => {
    const report = await verify(path, description, { baseDir: folder, workers: 2 });
    expect(problems(report)).toEqual([]);
    expect(report.equal).toBe(true);
    expect(report.rawBytes).toBe(66_438 * 16 * 2);
    const compared = report.datasets.map((dataset) => dataset.path);
    expect(compared).toContain(DATA);
    expect(compared).toContain('/general/extracellular_ephys/electrodes/group');
  });

  test('names dataset and index of a single value that h5py has changed', async () => {
    const report = await verify(changed, description, { baseDir: folder, workers: 2 });
    expect(report.equal).toBe(false);
    expect(problems(report)).toMatchObject([
      { path: DATA, difference: { index: INDEX, source: before, file: before + 1 } },
    ]);
  });

  test('finds our own file equal, too', async () => {
    const { path: ours } = await convert(description, { baseDir: folder, workers: 1 });
    const report = await verify(ours, description, { baseDir: folder });
    expect(problems(report)).toEqual([]);
  });
});
