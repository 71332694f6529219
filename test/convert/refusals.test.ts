import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  convert,
  type Description,
  DescriptionError,
  LayoutError,
  NwbError,
  plan,
  SchemaError,
  SourceError,
} from '../../src/index.js';
import {
  description,
  listing,
  rejection,
  tempFolder,
  timeSeries,
  waves,
  writeModule,
  writeRaw,
} from '../support/recordings.js';

interface Case {
  readonly name: string;
  readonly make: (folder: string) => Record<string, unknown>;
  readonly type: abstract new (...args: never[]) => Error;
  readonly message: RegExp;
}

const ephys = (data: unknown, fields: Record<string, unknown> = {}) => ({
  devices: [{ name: 'probe' }],
  electrodeGroups: [{ name: 'g', device: 'probe', location: 'CA1', description: 'a shank' }],
  electrodes: { count: 4, group: 'g' },
  acquisition: [{ type: 'ElectricalSeries', name: 'x', rate: 1000, data, ...fields }],
});

const series = (data: unknown, fields: Record<string, unknown> = {}) => ({
  acquisition: [{ type: 'TimeSeries', name: 'x', unit: 'volts', rate: 1000, data, ...fields }],
});

const raw = (folder: string, shape = [100, 4]) => writeRaw(folder, 'a.bin', waves(shape));

const CASES: readonly Case[] = [
  {
    name: 'a file that is no whole number of rows',
    make: (folder) => {
      const source = { ...raw(folder), shape: [null, 4] };
      writeFileSync(source.path, Buffer.alloc(8 * 100 + 3));
      return series({ source });
    },
    type: SourceError,
    message: /a\.bin but received 803 bytes: 3 bytes over/,
  },
  {
    name: 'a missing file',
    make: (folder) => series({ source: { ...raw(folder), path: join(folder, 'no.bin') } }),
    type: SourceError,
    message: /no\.bin/,
  },
  {
    name: 'the second of two sources missing',
    make: (folder) => ({
      acquisition: [
        timeSeries('x', { source: raw(folder) }),
        timeSeries('y', { source: { ...raw(folder), path: join(folder, 'no.bin') } }),
      ],
    }),
    type: SourceError,
    message: /no\.bin/,
  },
  {
    name: 'files of unequal length',
    make: (folder) => {
      const sources = [
        writeRaw(folder, '1.bin', waves([10])),
        writeRaw(folder, '2.bin', waves([11])),
      ];
      return series({ source: { type: 'stack', sources } });
    },
    type: SourceError,
    message: /10.*11|11.*10/s,
  },
  {
    name: 'more channels than electrodes',
    make: (folder) => ephys({ source: raw(folder, [100, 5]) }),
    type: NwbError,
    message: /5 electrodes, one for each channel .*but received 4/,
  },
  {
    name: 'electrodes that the table does not have',
    make: (folder) => ephys({ source: raw(folder) }, { electrodes: [0, 1, 2, 4] }),
    type: NwbError,
    message: /but received 4/,
  },
  {
    name: 'an electrodes table that is not there',
    make: (folder) => ({ ...ephys({ source: raw(folder) }), electrodes: undefined }),
    type: DescriptionError,
    message: /electrodes/,
  },
  {
    name: 'timestamps for another number of samples',
    make: (folder) => series({ source: raw(folder) }, { rate: undefined, timestamps: [0, 1, 2] }),
    type: NwbError,
    message: /100 timestamps, one for each sample, .*but received 3/,
  },
  {
    name: 'timestamps that are no float64',
    make: (folder) => {
      const timestamps = { source: writeRaw(folder, 't.bin', waves([100], 'float32')) };
      return series({ source: raw(folder) }, { rate: undefined, timestamps });
    },
    type: NwbError,
    message: /float64 .* but received float32/,
  },
  {
    name: 'chunks of another rank',
    make: (folder) => series({ source: raw(folder), chunks: [10] }),
    type: NwbError,
    message: /2 chunk lengths .* but received 1/,
  },
  {
    name: 'chunks of 4 GiB',
    make: (folder) => series({ source: raw(folder), chunks: [2 ** 29, 4], maxshape: [null, 4] }),
    type: LayoutError,
    message: /chunks of at most 4294967295 bytes/,
  },
  {
    name: 'a maxshape that is too short',
    make: (folder) => series({ source: raw(folder), maxshape: [99, 4] }),
    type: NwbError,
    message: /maxshape\[0\].*but received 99/,
  },
  {
    name: 'a fill value that the type can not hold',
    make: (folder) => series({ source: raw(folder), fillvalue: 40_000 }),
    type: NwbError,
    message: /a fillvalue that int16 can hold .* but received 40000/,
  },
  {
    name: 'an axis too many',
    make: (folder) => ephys({ source: raw(folder, [4, 4, 2, 2]) }),
    type: NwbError,
    message: /1 to 3 axes/,
  },
  {
    name: 'two series of one name',
    make: (folder) => ({
      acquisition: [timeSeries('x', { source: raw(folder) }), timeSeries('x', [1])],
    }),
    type: DescriptionError,
    message: /a name that no other of acquisition has/,
  },
  {
    name: 'a field that does not exist',
    make: (folder) => series({ source: raw(folder), compresion: 'gzip' }),
    type: DescriptionError,
    message: /compression/,
  },
  {
    name: 'a module that does not exist',
    make: (folder) => series({ source: { type: 'module', path: join(folder, 'no.mjs') } }),
    type: SourceError,
    message: /no\.mjs/,
  },
  {
    name: 'a module whose text is wrong',
    make: (folder) => series({ source: writeModule(folder, 'm.mjs', 'export function open( {') }),
    type: SourceError,
    message: /m\.mjs/,
  },
  {
    name: 'a module that can not be opened',
    make: (folder) =>
      series({
        source: writeModule(folder, 'm.mjs', "export function open() { throw new Error('shut') }"),
      }),
    type: SourceError,
    message: /m\.mjs but received an error: shut/,
  },
  {
    name: 'specifications that are not there',
    make: (folder) => ({
      ...series({ source: raw(folder) }),
      specifications: join(folder, 'schema'),
    }),
    type: SchemaError,
    message: /for specifications in .*schema but received no such file or folder$/,
  },
];

describe('input that can not be converted is refused before any file is made', () => {
  test.each(CASES)('$name', async ({ make, type, message }) => {
    const folder = tempFolder();
    const fields = make(folder) as Partial<Description>;
    const what = description(join(folder, 'a.nwb'), [], fields);
    const before = listing(folder);
    for (const run of [convert, plan]) {
      const error = await rejection(run(what, { workers: 2 }));
      expect(error).toBeInstanceOf(type);
      expect((error as Error).message).toMatch(message);
      expect(listing(folder)).toEqual(before);
    }
  });

  test('a description that is empty or not an object', async () => {
    for (const what of [undefined, null, 5, 'a.nwb', [], {}])
      expect(await rejection(convert(what as never))).toBeInstanceOf(DescriptionError);
  });
});
