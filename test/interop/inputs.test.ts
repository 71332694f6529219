import { join } from 'node:path';
import { expect, test } from 'vitest';
import { convert, verify } from '../../src/index.js';
import { describeInterop, runPython } from '../support/python.js';
import { session, temporaryFolder } from './session.js';

const SCRIPT = 'inputs.py';

describeInterop('columns of a CSV file, scaled timestamps and a date of birth', () => {
  const folder = temporaryFolder();

  test('are what numpy computes and PyNWB reads', async () => {
    await runPython(SCRIPT, [], { stdin: JSON.stringify({ make: folder }) });
    const csv = { type: 'csv', path: 'track.csv' } as const;
    const times = (path: string) => ({ type: 'npy', path }) as const;
    const base = session({});
    const what = session({
      nwbfile: { ...base.nwbfile, subject: { ...base.nwbfile.subject, dateOfBirth: '2018-12-01' } },
      acquisition: [
        {
          ...{ type: 'TimeSeries', name: 'track', unit: 'meters' },
          data: { source: { ...csv, columns: ['x', 'y'] }, chunks: [4096, 1] },
          timestamps: { source: times('samples.npy'), scale: '1/30000', offset: 0.25 },
        },
        {
          ...{ type: 'TimeSeries', name: 'counts', unit: 'counts' },
          data: { source: { ...csv, column: 'count', dtype: 'int64' } },
          timestamps: { source: times('micros.npy'), scale: 1e-6 },
        },
      ],
    });
    const path = join(folder, 'session.nwb');
    await convert(what, { workers: 1, baseDir: folder });
    const check = JSON.stringify({ check: path });
    expect(await runPython(SCRIPT, [], { stdin: check })).toEqual({
      ...{ track: null, counts: null, samples: null, micros: null },
      dateOfBirth: '2018-12-01T00:00:00+01:00',
      validation: [],
    });
    expect((await verify(path, what, { workers: 1, baseDir: folder })).equal).toBe(true);
  });
});
