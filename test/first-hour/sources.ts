import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { header, npy } from '../bad-input/npy.js';
import { instead, withSource } from '../bad-input/refusal.js';
import type { Mistake } from './mistake.js';

const types = 'hyperslab plan session.yaml';
const exit = 2;

const raw = (fields: Record<string, unknown>) =>
  withSource({ type: 'raw', path: 'ap.bin', dtype: 'int16', shape: [null, 4], ...fields });
const lines = (line: string) => `${line}\n`.repeat(200);

/** Recordings that are not what the manifest says. */
export const RECORDINGS: readonly Mistake[] = [
  {
    user: 'misspells the name of the recording',
    manifest: raw({ path: 'ap1.bin' }),
    types,
    exit,
    sees: 'error: session.yaml:16: acquisition[0].data.source.path: Expected a file at /data/ap1.bin but received nothing: no such file (did you mean ap.bin?)',
  },
  {
    user: 'names the folder of the recording',
    manifest: raw({ path: 'recordings' }),
    files: { 'recordings/': '' },
    types,
    exit,
    sees: 'error: session.yaml:16: acquisition[0].data.source.path: Expected a regular file at /data/recordings but received a folder',
  },
  {
    user: 'miscounts the channels',
    manifest: raw({ shape: [null, 6] }),
    types,
    exit,
    sees: 'error: session.yaml:16: acquisition[0].data.source.shape: Expected a multiple of 12 bytes (6 x int16) after offset 0 in /data/ap.bin but received 1600 bytes: 4 bytes over (check shape (4, 5 or 8 columns would fit), dtype and offset; trailer: ignore leaves the rest out)',
  },
  {
    user: 'miscounts the channels by a factor',
    manifest: raw({ shape: [null, 8] }),
    types,
    exit,
    sees: 'error: session.yaml:11: acquisition[0].electrodes: Expected 8 electrodes, one for each channel (the data are 100 x 8), for acquisition/AP but received 4',
  },
  {
    user: 'miscounts the electrodes',
    manifest: instead('count: 4', 'count: 3'),
    types,
    exit,
    sees: 'error: session.yaml:11: acquisition[0].electrodes: Expected 4 electrodes, one for each channel (the data are 200 x 4), for acquisition/AP but received 3',
  },
  {
    user: 'swaps time and channels',
    manifest: raw({ shape: [4, null] }),
    types,
    exit,
    sees: 'error: session.yaml:11: acquisition[0].electrodes: Expected 200 electrodes, one for each channel (the data are 4 x 200), for acquisition/AP but received 4',
  },
  {
    user: 'gives the number of channels as shape',
    manifest: raw({ shape: 4 }),
    types,
    exit,
    sees: 'error: session.yaml:16: Expected a list such as [null, 384], where null stands for as many as the file has, for acquisition[0].data.source.shape but received 4',
  },
  {
    user: 'writes the shape as a text',
    manifest: raw({ shape: '200 x 4' }),
    types,
    exit,
    sees: "error: session.yaml:16: Expected a list such as [null, 384], where null stands for as many as the file has, for acquisition[0].data.source.shape but received '200 x 4'",
  },
  {
    user: 'gives one axis for four channels',
    manifest: raw({ shape: [null] }),
    types,
    exit,
    sees: 'error: session.yaml:11: acquisition[0].electrodes: Expected 1 electrode, one for each channel (the data are 800), for acquisition/AP but received 4',
  },
  {
    user: 'gives more samples than there are',
    manifest: raw({ shape: [300, 4] }),
    types,
    exit,
    sees: 'error: session.yaml:16: acquisition[0].data.source.shape: Expected 2400 bytes (300 x 4 x int16) after offset 0 in /data/ap.bin but received 1600 bytes: 800 bytes short',
  },
  {
    user: 'writes the type as NumPy does',
    manifest: raw({ dtype: '<i2' }),
    types,
    exit,
    sees: "error: session.yaml:16: Expected 'int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'float32' or 'float64' for acquisition[0].data.source.dtype but received '<i2'",
  },
  {
    user: 'writes the type as C does',
    manifest: raw({ dtype: 'short' }),
    types,
    exit,
    sees: "error: session.yaml:16: Expected 'int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'float32' or 'float64' for acquisition[0].data.source.dtype but received 'short'",
  },
  {
    user: 'writes the type as MATLAB does',
    manifest: raw({ dtype: 'single' }),
    types,
    exit,
    sees: "error: session.yaml:16: Expected 'int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'float32' or 'float64' for acquisition[0].data.source.dtype but received 'single'",
  },
  {
    user: 'takes a longer type',
    manifest: raw({ dtype: 'int32' }),
    types,
    exit: 0,
    sees: "warning: session.yaml:11: /acquisition/AP: the data look like int16, read as int32: is dtype 'int16'?",
  },
  {
    user: 'takes floating point for integers',
    manifest: raw({ dtype: 'float32', shape: [null, 2] }).replace('count: 4', 'count: 2'),
    types,
    exit: 0,
    sees: 'warning: session.yaml:11: /acquisition/AP: values are 2.15e-46 to 3.36e-42 V, RMS 1.08e-42 V, where noise alone is some microvolts: is the conversion 0.00000234375 applied already, or twice?',
  },
  {
    user: 'forgets the type',
    manifest: raw({ dtype: undefined }),
    types,
    exit,
    sees: "error: session.yaml:16: Expected 'int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'float32' or 'float64' for acquisition[0].data.source.dtype but received nothing",
  },
  {
    user: 'names the format of the recording as source',
    manifest: withSource({ type: 'spikeglx', path: 'ap.bin' }),
    types,
    exit,
    sees: "error: session.yaml:16: Expected 'raw', 'npy', 'csv', 'concat', 'stack' or 'module' for acquisition[0].data.source.type but received 'spikeglx'",
  },
  {
    user: 'calls a raw file binary',
    manifest: withSource({ type: 'binary', path: 'ap.bin' }),
    types,
    exit,
    sees: "error: session.yaml:16: Expected 'raw', 'npy', 'csv', 'concat', 'stack' or 'module' for acquisition[0].data.source.type but received 'binary'",
  },
  {
    user: 'skips more than the file has',
    manifest: raw({ offset: 4096 }),
    types,
    exit,
    sees: 'error: session.yaml:16: acquisition[0].data.source.shape: Expected at least 4096 bytes, the offset of the data, in /data/ap.bin but received 1600 bytes',
  },
  {
    user: 'gives the header in kilobytes',
    manifest: raw({ offset: '16 KB' }),
    types,
    exit,
    sees: "error: session.yaml:16: Expected a number for acquisition[0].data.source.offset but received '16 KB'",
  },
  {
    user: 'has copied half of the recording',
    prepare: (folder) => truncateSync(join(folder, 'ap.bin'), 801),
    types,
    exit,
    sees: 'error: session.yaml:16: acquisition[0].data.source.shape: Expected a multiple of 8 bytes (4 x int16) after offset 0 in /data/ap.bin but received 801 bytes: 1 byte over (check shape, dtype and offset; trailer: ignore leaves the rest out)',
  },
  {
    user: 'has an empty recording',
    prepare: (folder) => truncateSync(join(folder, 'ap.bin'), 0),
    types,
    exit,
    sees: 'error: session.yaml:16: acquisition[0].data.source.shape: Expected at least one row of 8 bytes (4 x int16) after offset 0 in /data/ap.bin but received an empty file',
  },
  {
    user: 'counts columns from 1',
    manifest: raw({ columns: [1, 2, 3, 4] }),
    types,
    exit,
    sees: 'error: session.yaml:16: acquisition[0].data.source.columns: Expected columns from -4 to 3 in /data/ap.bin but received 4',
  },
  {
    user: 'selects columns with a dash',
    manifest: raw({ columns: '0-3' }),
    types,
    exit,
    sees: "error: session.yaml:16: Expected a slice such as '0:384' or '::-1' for acquisition[0].data.source.columns but received '0-3'",
  },
  {
    user: 'reads a NumPy file as raw',
    manifest: raw({ path: 'ap.npy' }),
    files: { 'ap.npy': npy(header("'<i2'", 'False', '(200, 4)'), new Uint8Array(1600)) },
    types,
    exit: 0,
    sees: "warning: session.yaml:11: /acquisition/AP: /data/ap.npy begins like a .npy file: set offset to skip the header, or take the source type 'npy'",
  },
  {
    user: 'reads a raw file as NumPy',
    manifest: withSource({ type: 'npy', path: 'ap.bin' }),
    types,
    exit,
    sees: 'error: session.yaml:16: acquisition[0].data.source: Expected a .npy file, which begins with \\x93NUMPY, in /data/ap.bin but received bytes 000001000400',
  },
  {
    user: 'names files with a pattern in a path',
    manifest: raw({ path: '*.bin' }),
    types,
    exit,
    sees: 'error: session.yaml:16: acquisition[0].data.source.path: Expected a file at /data/*.bin but received nothing: no such file (to read several files, give their pattern as `files` of a concat or stack source)',
  },
  {
    user: 'gives a pattern that no file matches',
    manifest: withSource({
      type: 'stack',
      files: 'CH*.dat',
      each: { type: 'raw', dtype: 'int16', shape: [null] },
    }),
    types,
    exit,
    sees: 'error: session.yaml:16: acquisition[0].data.source.files: Expected files that match /data/CH*.dat but received none',
  },
];

const tracking = (fields: string) =>
  instead(
    /type: ElectricalSeries.*/s,
    `type: TimeSeries
    name: tracking
    unit: m
    ${fields}
`,
  );
const x = (column: string) =>
  tracking(`rate: 50\n    data: { source: { type: csv, path: x.csv, columns: [${column}] } }`);

/** Tables and timestamps. */
export const TABLES: readonly Mistake[] = [
  {
    user: 'has decimal commas in a table',
    manifest: x('x'),
    files: { 'x.csv': `t;x\n${lines('0,5;1,5')}` },
    types,
    exit,
    sees: "error: session.yaml:15: acquisition[0].data.source.delimiter: Expected commas between the columns in /data/x.csv but received semicolons (delimiter: ';')",
  },
  {
    user: 'names a column that the table does not have',
    manifest: x('y'),
    files: { 'x.csv': `t,x\n${lines('0,5')}` },
    types,
    exit,
    sees: "error: session.yaml:15: acquisition[0].data.source.columns: Expected one column 'y' in /data/x.csv but received the columns 't', 'x'",
  },
  {
    user: 'has a word in a table',
    manifest: x('x'),
    files: { 'x.csv': `t,x\n0,1\n1,n/a\n` },
    types,
    exit,
    sees: "error: Expected a number that float64 can hold for column 'x' in line 3 of /data/x.csv but received 'n/a'",
  },
  {
    user: 'gives fewer timestamps than samples',
    manifest: tracking('timestamps: [0, 0.02]\n    data: [1, 2, 3]'),
    types,
    exit,
    sees: 'error: session.yaml:14: acquisition[0].timestamps: Expected 3 timestamps, one for each sample, for acquisition/tracking/timestamps but received 2',
  },
  {
    user: 'gives timestamps in disorder',
    manifest: tracking('timestamps: [0, 0.04, 0.02]\n    data: [1, 2, 3]'),
    types,
    exit: 0,
    sees: 'warning: session.yaml:14: /acquisition/tracking/timestamps: timestamps are not ascending (1 of 3, at index 2: 0.02 after 0.04)',
  },
  {
    user: 'gives both timestamps and a rate',
    manifest: tracking('rate: 50\n    timestamps: [0, 1, 2]\n    data: [1, 2, 3]'),
    types,
    exit,
    sees: 'error: session.yaml:11: Expected either rate or timestamps for acquisition[0] but received both',
  },
  {
    user: 'names a table of electrodes that is missing',
    manifest: instead(/electrodes: .*/, 'electrodes: { csv: electrodes.csv }'),
    types,
    exit,
    sees: 'error: session.yaml:9: Expected a CSV file of electrodes at /data/electrodes.csv but received: no such file',
  },
];
