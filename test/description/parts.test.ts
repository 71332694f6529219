import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  bulkData,
  checkDescription,
  descriptionWarnings,
  resolvePaths,
} from '../../src/description/index.js';
import { bulk, example, series, session } from './example.js';
import { OwnIterator } from './iterators.js';

const npy = { source: { type: 'npy', path: 't.npy' } };

describe('resolvePaths', () => {
  it('resolves relative paths against the folder and keeps absolute ones', () => {
    const base = resolve('/recordings/m1');
    const description = checkDescription(
      example({
        electrodes: { csv: 'electrodes.csv' },
        specifications: '/schema',
        acquisition: [series({ rate: undefined, timestamps: npy })],
      }),
    );
    const resolved = resolvePaths(description, base);
    expect(resolved.path).toBe(resolve(base, 'session.nwb'));
    expect(resolved.specifications).toBe(resolve('/schema'));
    expect(resolved.electrodes).toEqual({ csv: resolve(base, 'electrodes.csv') });
    expect(bulkData(resolved).map(({ data }) => data)).toMatchObject([
      { source: { path: resolve(base, 'ap.bin') } },
      { source: { path: resolve(base, 't.npy') } },
    ]);
    expect(checkDescription(resolved)).toEqual(resolved);
  });
});

describe('bulkData', () => {
  it('lists the bulk datasets as the objects that are in the description', () => {
    const description = checkDescription(
      example({
        acquisition: [
          series({ name: 'AP', rate: undefined, timestamps: npy }),
          series({ name: 'small', data: [[1, 2, 3, 4]] }),
          series({ name: 'LFP', data: bulk() }),
        ],
      }),
    );
    const found = bulkData(description);
    expect(found.map(({ label }) => label)).toEqual([
      'acquisition/AP/data',
      'acquisition/AP/timestamps',
      'acquisition/LFP/data',
    ]);
    expect(found[2].data).toBe(description.acquisition[2].data);
  });
});

describe('descriptionWarnings', () => {
  const now = new Date('2026-12-01T00:00:00Z');
  const warnings = (parts: Record<string, unknown>) =>
    descriptionWarnings(checkDescription(example(parts)), now);

  it('a sensible description has no warnings', () => {
    expect(warnings({})).toEqual([]);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ path: 'session.h5' }, "path 'session.h5' does not end in .nwb"],
    [
      { nwbfile: session({ sessionStartTime: '2027-01-01T00:00:00Z' }) },
      'nwbfile.sessionStartTime 2027-01-01T00:00:00Z is in the future',
    ],
    [
      { nwbfile: session({ sessionStartTime: '1970-01-01T00:00:00Z' }) },
      'nwbfile.sessionStartTime 1970-01-01T00:00:00Z is before 1980',
    ],
    [{ nwbfile: session({ subject: undefined }) }, 'nwbfile.subject is missing'],
    [
      { nwbfile: session({ experimenter: 'Ada Lovelace' }) },
      "nwbfile.experimenter 'Ada Lovelace' is not of the form 'Last, First'",
    ],
    [
      {
        nwbfile: session({ subject: { subjectId: 'a', species: 'mouse', sex: 'M', age: 'P1D' } }),
      },
      "nwbfile.subject.species 'mouse' is not a Latin binomial such as 'Mus musculus'",
    ],
    [
      { nwbfile: session({ sessionStartTime: '2026-01-01T00:00:00.1234567Z' }) },
      'nwbfile.sessionStartTime 2026-01-01T00:00:00.1234567Z is finer than the microseconds that PyNWB reads',
    ],
    [
      { acquisition: [series({ channelConversion: [1, 0, 1, 1] })] },
      'acquisition/ElectricalSeriesAP: channelConversion[1] is 0, which makes all values of the channel 0',
    ],
    [
      { acquisition: [series({ startingTime: -1 })] },
      'acquisition/ElectricalSeriesAP: startingTime -1 is negative',
    ],
    [
      { acquisition: [series({ rate: undefined, timestamps: [0, 2, 1] })] },
      '/acquisition/ElectricalSeriesAP/timestamps: timestamps are not ascending (1 of 3, at index 2: 1 after 2)',
    ],
  ])('%j', (parts, warning) => {
    expect(warnings(parts)).toEqual([warning]);
  });

  it('warns of data whose type and shape are known', () => {
    const description = checkDescription(example({ acquisition: [series({ conversion: 1 })] }));
    const [{ data }] = bulkData(description);
    const probed = (shape: number[], dtype: 'int16' | 'float32') =>
      descriptionWarnings(description, now, new Map([[data, { shape, dtype }]]));
    const where = 'acquisition/ElectricalSeriesAP';
    expect(probed([100, 4], 'float32')).toEqual([]);
    expect(probed([100, 4], 'int16')).toEqual([`${where}: int16 data in volts with conversion 1`]);
    expect(probed([3, 4], 'float32')).toEqual([
      `${where}: data are 3 x 4, but time should be axis 0 and longest`,
    ]);
    expect(probed([0, 4], 'float32')).toEqual([`${where}: data are empty`]);
    expect(probed([4, 0], 'float32')).toEqual([`${where}: data are empty`]);
  });

  it('does not judge the shape of data that may still grow', () => {
    const acquisition = [series({ data: new OwnIterator() })];
    const description = checkDescription(example({ acquisition }));
    const [{ data }] = bulkData(description);
    const begun = (shape: number[], maxshape: (number | null)[]) =>
      descriptionWarnings(
        description,
        now,
        new Map([[data, { shape, maxshape, dtype: 'float32' }]]),
      );
    const where = 'acquisition/ElectricalSeriesAP';
    expect(begun([0, 4], [null, 4])).toEqual([]);
    expect(begun([1, 4], [100, 4])).toEqual([]);
    expect(begun([1, 4], [1, 4])).toEqual([
      `${where}: data are 1 x 4, but time should be axis 0 and longest`,
    ]);
    expect(begun([0, 4], [0, 4])).toEqual([`${where}: data are empty`]);
  });
});
