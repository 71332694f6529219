import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { type ConversionReport, convert, type Description } from '../../src/index.js';
import { describeInterop, runPython } from '../support/python.js';
import { RECORDING, session, temporaryFolder } from './session.js';

const LIBVERS = ['earliest', 'v110'] as const;
const RATE = 40_000;

interface Differences {
  readonly data: string | null;
  readonly tetrode: string | null;
  readonly timestamps: string | null;
}

interface Examined {
  readonly h5py: Differences;
  readonly pynwb: Differences & { readonly session: Record<string, unknown> };
  readonly validation: readonly string[];
  readonly inspection: readonly string[];
}

/** Sample times of a clock with a jitter of up to 2 us, because regular times should be given as a rate. */
function writeTimes(path: string, samples: number): void {
  const text = `{'descr': '<f8', 'fortran_order': False, 'shape': (${samples},), }`;
  const header = Buffer.alloc(128, ' ');
  header.write('\x93NUMPY\x01\x00', 'latin1');
  header.writeUInt16LE(header.length - 10, 8);
  header.write(text, 10);
  header.write('\n', header.length - 1);
  const times = Float64Array.from(
    { length: samples },
    (_, n) => n / RATE + ((n * 7919) % 5) * 4e-7,
  );
  writeFileSync(path, Buffer.concat([header, Buffer.from(times.buffer)]));
}

describeInterop('the Open Ephys recording', () => {
  const folder = temporaryFolder();
  const reports: ConversionReport[] = [];
  let shape: readonly number[];
  let files: readonly Examined[];

  const description = (path: string): Description =>
    session({
      path,
      acquisition: [
        {
          type: 'ElectricalSeries',
          name: 'ElectricalSeries',
          description: 'Wide band, all channels',
          rate: RATE,
          conversion: 5e-8,
          data: { source: continuous(), chunks: [10_000, 5], maxshape: [null, 16] },
        },
        {
          type: 'ElectricalSeries',
          name: 'TetrodeSeries',
          description: 'Four channels, by a clock of their own',
          timestamps: { source: { type: 'npy', path: 'times.npy' } },
          conversion: 5e-8,
          electrodes: [4, 5, 6, 7],
          data: { source: { ...continuous(), columns: '4:8' } },
        },
      ],
    });
  const continuous = () => ({
    type: 'raw' as const,
    path: join(RECORDING, 'continuous.dat'),
    dtype: 'int16' as const,
    shape: [null, 16],
  });

  beforeAll(async () => {
    const bytes = readFileSync(join(RECORDING, 'continuous.dat')).length;
    writeTimes(join(folder, 'times.npy'), bytes / 2 / 16);
    for (const libver of LIBVERS)
      reports.push(
        await convert(description(`${libver}.nwb`), { libver, workers: 2, baseDir: folder }),
      );
    const given = {
      paths: reports.map(({ path }) => path),
      continuous: join(RECORDING, 'continuous.dat'),
      timestamps: join(folder, 'times.npy'),
    };
    const answer = await runPython('recording.py', [], { stdin: JSON.stringify(given) });
    ({ shape, files } = answer as { shape: number[]; files: Examined[] });
  });

  test('has the shape that numpy sees', () => {
    expect(shape).toEqual([66_438, 16]);
    for (const { datasets } of reports)
      expect(datasets.map((dataset) => dataset.shape)).toEqual([shape, [66_438, 4], [66_438]]);
  });

  test.each(LIBVERS)('is equal value for value in h5py (%s)', (libver) => {
    const { h5py } = files[LIBVERS.indexOf(libver)];
    expect(h5py).toEqual({ data: null, tetrode: null, timestamps: null });
  });

  test.each(LIBVERS)('is equal value for value in PyNWB (%s)', (libver) => {
    const { pynwb } = files[LIBVERS.indexOf(libver)];
    expect(pynwb).toMatchObject({ data: null, tetrode: null, timestamps: null });
  });

  test.each(LIBVERS)('has its metadata and its volts in PyNWB (%s)', (libver) => {
    const { largest_error_in_volts, ...session } = files[LIBVERS.indexOf(libver)].pynwb.session;
    expect(session).toEqual({
      identifier: 'open-ephys-hippocampus-1',
      session_start_time: '2019-05-07T10:30:00+01:00',
      experimenter: ['Ephys, Open'],
      subject: 'rat-1',
      age: 'P90D',
      rate: RATE,
      starting_time: 0,
      unit: 'volts',
      conversion: 5e-8,
      electrodes: 16,
      columns: ['location', 'group', 'group_name', 'rel_x', 'rel_y'],
      regions: [Array.from({ length: 16 }, (_, row) => row), [4, 5, 6, 7]],
      group: 'shank0',
      device: 'probe',
    });
    expect(largest_error_in_volts).toBeLessThan(1e-15);
  });

  test.each(LIBVERS)('satisfies pynwb.validate and NWB Inspector (%s)', (libver) => {
    const { validation, inspection } = files[LIBVERS.indexOf(libver)];
    expect(validation).toEqual([]);
    expect(inspection).toEqual([]);
  });

  test('is compared exactly: a damaged value is found', () => {
    const { h5py, pynwb, validation, inspection } = files[LIBVERS.length];
    const data = expect.stringMatching(/^at \[60000, 7\]: expected -?\d+ but received -?\d+$/);
    const timestamps = expect.stringMatching(/^at \[1\]: expected/);
    expect(h5py).toEqual({ data, tetrode: null, timestamps });
    expect(pynwb).toMatchObject({ data, tetrode: null, timestamps });
    expect(validation).toEqual([expect.stringContaining('ElectricalSeries/data/unit')]);
    for (const check of ['check_electrical_series_unscaled_data', 'check_regular_timestamps'])
      expect(inspection).toContainEqual(expect.stringContaining(check));
  });
});
