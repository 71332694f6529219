import { execFileSync } from 'node:child_process';
import { rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the user does, the preparation of the folder, the source, and the expected message. */
export interface SourceCase {
  readonly name: string;
  readonly prepare?: (folder: string) => void;
  readonly source: Readonly<Record<string, unknown>>;
  readonly message: string;
}

const raw = (fields: Record<string, unknown> = {}) => ({
  type: 'raw',
  path: 'ap.bin',
  dtype: 'int16',
  shape: [null, 4],
  ...fields,
});

const recording = (make: (path: string) => void) => (folder: string) => {
  const path = join(folder, 'ap.bin');
  rmSync(path);
  make(path);
};

const manifest = 'm.yaml:16: Expected';
const at = 'acquisition[0].data.source';

/** Raw binary files. */
export const RAW: readonly SourceCase[] = [
  {
    name: 'names a file that is empty',
    prepare: recording((path) => writeFileSync(path, '')),
    source: raw(),
    message:
      'Expected at least one row of 8 bytes (4 x int16) after offset 0 in ap.bin but received an empty file',
  },
  {
    name: 'names a file that is cut short',
    prepare: (folder) => truncateSync(join(folder, 'ap.bin'), 1599),
    source: raw(),
    message:
      'Expected a multiple of 8 bytes (4 x int16) after offset 0 in ap.bin but received 1599 bytes: 7 bytes over (check shape, dtype and offset; trailer: ignore leaves the rest out)',
  },
  {
    name: 'asks for more rows than the file has',
    source: raw({ shape: [300, 4] }),
    message:
      'Expected 2400 bytes (300 x 4 x int16) after offset 0 in ap.bin but received 1600 bytes: 800 bytes short',
  },
  {
    name: 'asks for fewer rows',
    source: raw({ shape: [100, 4] }),
    message:
      'Expected 800 bytes (100 x 4 x int16) after offset 0 in ap.bin but received 1600 bytes: 800 bytes over (check shape, dtype and offset; trailer: ignore leaves the rest out)',
  },
  {
    name: 'asks for rows that are longer than any file',
    source: raw({ shape: [null, Number.MAX_SAFE_INTEGER] }),
    message:
      'Expected at least one row of 18014398509481982 bytes (9007199254740991 x int16) after offset 0 in ap.bin but received 1600 bytes: 18014398509480382 bytes short',
  },
  {
    name: 'gives an offset behind the end',
    source: raw({ offset: 5000 }),
    message:
      'Expected at least 5000 bytes, the offset of the data, in ap.bin but received 1600 bytes',
  },
  {
    name: 'gives an offset at the end',
    source: raw({ offset: 1600 }),
    message:
      'Expected at least one row of 8 bytes (4 x int16) after offset 1600 in ap.bin but received nothing',
  },
  {
    name: 'gives a negative offset',
    source: raw({ offset: -8 }),
    message: `${manifest} a number of at least 0 for ${at}.offset but received -8`,
  },
  {
    name: 'gives a fraction for an offset',
    source: raw({ offset: 0.5 }),
    message: `${manifest} a whole number for ${at}.offset but received 0.5`,
  },
  {
    name: 'gives a negative length',
    source: raw({ shape: [null, -4] }),
    message: `${manifest} a number greater than 0 for ${at}.shape[1] but received -4`,
  },
  {
    name: 'gives a fraction for a length',
    source: raw({ shape: [null, 1.5] }),
    message: `${manifest} a whole number for ${at}.shape[1] but received 1.5`,
  },
  {
    name: 'leaves two lengths open',
    source: raw({ shape: [null, null] }),
    message: `${manifest} at most one null (a length inferred from the size of the file) for ${at}.shape but received several`,
  },
  {
    name: 'gives an axis too many',
    source: raw({ shape: [null, 2, 1, 2] }),
    message:
      'Expected data with 1 to 3 axes, time first, for acquisition/AP/data but received 200 x 2 x 1 x 2',
  },
  {
    name: 'names a type that does not exist',
    source: raw({ dtype: 'int12' }),
    message: `${manifest} 'int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'float32' or 'float64' for ${at}.dtype but received 'int12'`,
  },
  {
    name: 'names a byte order that does not exist',
    source: raw({ endian: 'middle' }),
    message: `${manifest} 'little' or 'big' for ${at}.endian but received 'middle'`,
  },
  {
    name: 'selects more columns than there are',
    source: raw({ columns: '0:5' }),
    message: "Expected columns within the 4 there are in ap.bin but received '0:5'",
  },
  {
    name: 'selects a column that is not there',
    source: raw({ columns: [0, 4] }),
    message: 'Expected columns from -4 to 3 in ap.bin but received 4',
  },
  {
    name: 'selects columns of samples',
    source: raw({ shape: [null], columns: '0:2' }),
    message: 'Expected at least 2 axes to select columns from in ap.bin but received shape [800]',
  },
  {
    name: 'gives an offset within an item',
    source: raw({ shape: [null], offset: 3 }),
    message:
      'Expected a multiple of 2 bytes (int16) after offset 3 in ap.bin but received 1597 bytes: 1 byte over (check shape, dtype and offset; trailer: ignore leaves the rest out)',
  },
  {
    name: 'selects no column',
    source: raw({ columns: '2:2' }),
    message:
      "Expected at least one of the 4 columns to be selected in ap.bin but received '2:2', which selects none",
  },
  {
    name: 'selects columns in words',
    source: raw({ columns: 'first:last' }),
    message: `${manifest} a slice such as '0:384' or '::-1' for ${at}.columns but received 'first:last'`,
  },
  {
    name: 'names a file that is not there',
    source: raw({ path: 'no.bin' }),
    message: 'Expected a file at no.bin but received nothing: no such file',
  },
  {
    name: 'takes a file for a folder',
    source: raw({ path: 'ap.bin/ap.bin' }),
    message: 'Expected a file at ap.bin/ap.bin but received nothing: no such file',
  },
  {
    name: 'names a folder',
    source: raw({ path: '.' }),
    message: 'Expected a regular file at . but received a folder',
  },
  {
    name: 'names a pipe',
    prepare: recording((path) => execFileSync('mkfifo', [path])),
    source: raw(),
    message: 'Expected a regular file at ap.bin but received something other than a file',
  },
  {
    name: 'names a device that never ends',
    source: raw({ path: '/dev/zero' }),
    message: 'Expected a regular file at /dev/zero but received something other than a file',
  },
  {
    name: 'names a link to itself',
    prepare: recording((path) => symlinkSync('ap.bin', path)),
    source: raw(),
    message: 'Expected a file at ap.bin but received symbolic links that form a loop',
  },
  {
    name: 'names a link that leads nowhere',
    prepare: recording((path) => symlinkSync('gone.bin', path)),
    source: raw(),
    message: 'Expected a file at ap.bin but received nothing: no such file',
  },
  {
    name: 'puts a NUL into a path',
    source: raw({ path: 'ap.bin\0.txt' }),
    message: `${manifest} a path without NUL characters for ${at}.path but received 'ap.bin\\u0000.txt'`,
  },
  {
    name: 'gives a path that no file system takes',
    source: raw({ path: `${'x'.repeat(300)}` }),
    message: `Expected a file at ${'x'.repeat(300)} but received a name that is too long`,
  },
];

const part = (fields: Record<string, unknown> = {}) => raw(fields);

/** Sources of several parts. */
export const PARTS: readonly SourceCase[] = [
  {
    name: 'puts different types one after the other',
    source: { type: 'concat', sources: [part(), part({ dtype: 'uint16' })] },
    message:
      'Expected int16 and shape [*, 4], as in ap.bin, in ap.bin but received uint16 and shape [*, 4]',
  },
  {
    name: 'puts different columns one after the other',
    source: { type: 'concat', sources: [part(), part({ columns: '0:3' })] },
    message:
      'Expected int16 and shape [*, 4], as in ap.bin, in ap.bin but received int16 and shape [*, 3]',
  },
  {
    name: 'puts channels of different lengths side by side',
    prepare: (folder) => writeFileSync(join(folder, 'b.bin'), new Uint8Array(1598)),
    source: {
      type: 'stack',
      sources: [part({ shape: [null] }), part({ shape: [null], path: 'b.bin' })],
    },
    message: 'Expected 800 samples, as in ap.bin, in b.bin but received 799',
  },
  {
    name: 'puts several channels where one belongs',
    source: { type: 'stack', sources: [part(), part()] },
    message: 'Expected one channel, shape [T] or [T, 1], in ap.bin but received [200, 4]',
  },
  {
    name: 'gives a pattern that matches nothing',
    source: {
      type: 'stack',
      files: 'x*.bin',
      each: { type: 'raw', dtype: 'int16', shape: [null] },
    },
    message: 'Expected files that match x*.bin but received none',
  },
  {
    name: 'gives a pattern that takes a regular expression years',
    prepare: (folder) => writeFileSync(join(folder, 'a'.repeat(200)), ''),
    source: {
      type: 'stack',
      files: `${'*a'.repeat(25)}b`,
      each: { type: 'raw', dtype: 'int16', shape: [null] },
    },
    message: `Expected files that match ${'*a'.repeat(25)}b but received none`,
  },
  {
    name: 'gives a pattern in a folder that is not there',
    source: {
      type: 'stack',
      files: 'none/x*',
      each: { type: 'raw', dtype: 'int16', shape: [null] },
    },
    message: 'Expected a folder at none but received nothing: no such folder',
  },
  {
    name: 'gives no parts',
    source: { type: 'concat', sources: [] },
    message: `${manifest} a list of 1 or more for ${at}.sources but received a list of 0`,
  },
  {
    name: 'gives a path to each of many files',
    source: { type: 'stack', files: '*', each: { type: 'npy', path: 'x' } },
    message: `m.yaml:16: Unknown key 'path' in ${at}.each (known keys: type, columns)`,
  },
];

let modules = 0;
/** Each case has a module of its own, because a module is imported only once per path. */
function module(name: string, text: string, message: string): SourceCase {
  const path = `source${modules++}.mjs`;
  return {
    name: `gives a module that ${name}`,
    prepare: (folder) => writeFileSync(join(folder, path), text),
    source: { type: 'module', path },
    message: message.replaceAll('PATH', path),
  };
}

const opens = (fields: string) =>
  `export const open = () => ({ dtype: 'int16', shape: [200, 4], read() {}, ${fields} });`;

/** Modules of the user that fail before any data are requested. */
export const MODULES: readonly SourceCase[] = [
  module('is empty', '', "Expected an exported function 'open' in PATH but received none"),
  module(
    'throws',
    "throw new Error('not today\\nnor tomorrow');",
    'Expected import to succeed in PATH but received an error: not today nor tomorrow',
  ),
  module(
    'throws nothing',
    'export const open = () => { throw undefined; };',
    'Expected open(options) to succeed in PATH but received an error: undefined',
  ),
  module(
    'gives nothing',
    'export const open = () => null;',
    'Expected dtype to be one of int8, uint8, int16, uint16, int32, uint32, int64, uint64, float32, float64 from open(options) in PATH but received undefined',
  ),
  module(
    'gives a shape without end',
    opens('shape: [Infinity, 4]'),
    'Expected shape to be an array of lengths from open(options) in PATH but received [ Infinity, 4 ]',
  ),
  module(
    'gives a shape that no file can have',
    opens('shape: [2 ** 52, 4]'),
    'Expected shape to be one of less than 2^53 bytes from open(options) in PATH but received [ 4503599627370496, 4 ]',
  ),
  module(
    'can not tell its shape',
    opens("get shape() { throw new Error('later'); }"),
    'Expected what open(options) gives to succeed in PATH but received an error: later',
  ),
  module(
    'does not read',
    opens('read: 5'),
    "Expected read to be a function from open(options) in PATH but received 'number'",
  ),
  module(
    'can not be closed',
    opens("close() { throw new Error('stuck'); }"),
    'Expected close() to succeed in PATH but received an error: stuck',
  ),
];
