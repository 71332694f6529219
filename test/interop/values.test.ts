import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { convert } from '../../src/index.js';
import { describeInterop, runPython } from '../support/python.js';
import { description, timeSeries } from '../support/recordings.js';
import { temporaryFolder } from './session.js';

/** Timestamps, by what is wrong with them. */
const TIMES: Readonly<Record<string, readonly number[]>> = {
  nothing: [0, 1, 3],
  equal: [0, 1, 1, 3],
  fall: [0, 2, 1],
  missing: [0, Number.NaN, 2],
  'missing-fall': [3, Number.NaN, 2],
  negative: [-1, -1, 3],
};

const CSV = [
  'serial,bad,name,columns,depth',
  '9007199254740993,True,1,a,-0',
  '2,,2,b,1.5',
  '007,False,3,c,nan',
];

/** The name of NWB Inspector's check for each of our warnings. */
const WORDS: Readonly<Record<string, string>> = {
  check_timestamps_ascending: 'not ascending',
  check_timestamps_without_nans: 'not finite',
  check_timestamp_of_the_first_sample_is_not_negative: 'negative',
};

interface Read {
  readonly columns: Readonly<Record<string, readonly [dtype: string, cells: readonly string[]]>>;
  readonly complaints: Readonly<Record<string, readonly string[]>>;
}

describeInterop('values that are easily altered', () => {
  const folder = temporaryFolder();
  let read: Read;
  let warnings: readonly string[];

  beforeAll(async () => {
    const table = join(folder, 'table.nwb');
    const csv = join(folder, 'electrodes.csv');
    writeFileSync(csv, CSV.join('\n'));
    const devices = [{ name: 'probe' }];
    const group = { name: 'shank', device: 'probe', location: 'CA1', description: 'one' };
    const electrodeGroups = [group];
    await convert(description(table, [], { devices, electrodeGroups, electrodes: { csv } }));
    const series = join(folder, 'series.nwb');
    const acquisition = Object.entries(TIMES).map(([name, times]) =>
      timeSeries(name, new Int16Array(times.length), { timestamps: Float64Array.from(times) }),
    );
    ({ warnings } = await convert(description(series, acquisition)));
    read = (await runPython('values.py', [], {
      stdin: JSON.stringify({ table, series }),
    })) as Read;
  });

  test('have the same meaning in PyNWB', () => {
    expect(read.columns).toEqual({
      serial: ['object', ['9007199254740993', '2', '007']],
      bad: ['object', ['True', '', 'False']],
      name: ['int64', ['1', '2', '3']],
      columns: ['object', ['a', 'b', 'c']],
      depth: ['float64', ['-0.0', '1.5', 'nan']],
    });
  });

  test.each(Object.keys(TIMES))('are judged as by NWB Inspector: timestamps with %s', (name) => {
    const told = Object.values(WORDS).filter((words) =>
      warnings.some((line) =>
        line.startsWith(`/acquisition/${name}/timestamps: timestamps are ${words} (`),
      ),
    );
    expect(told).toEqual(
      Object.keys(WORDS)
        .filter((check) => read.complaints[name]?.includes(check))
        .map((check) => WORDS[check]),
    );
  });
});
