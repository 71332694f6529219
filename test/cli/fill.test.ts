import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { File } from '../../src/hdf5/index.js';
import { hyperslab, type Ran, start, withFolder } from './run.js';

const ROWS = 4000;
const DATA = '/acquisition/ap/data';
const FILL = `path: session.h5
datasets:
  ${DATA}:
    { type: raw, path: ap.bin, dtype: int16, shape: [null, 4] }
`;

/** A folder with `session.h5`, of which a dataset is empty, its data `ap.bin`, and `b.yaml`. */
function withEmpty<T>(use: (folder: string) => Promise<T>, manifest = FILL): Promise<T> {
  return withFolder(async (folder) => {
    const values = Int16Array.from({ length: ROWS * 4 }, (_, at) => at % 1000);
    await writeFile(join(folder, 'ap.bin'), new Uint8Array(values.buffer));
    await writeFile(join(folder, 'b.yaml'), manifest);
    using file = new File(join(folder, 'session.h5'), 'w');
    file.createGroup('acquisition').createGroup('ap');
    const options = { shape: [0, 4], maxshape: [null, 4], chunks: [100, 4] };
    file.createDataset(DATA.slice(1), { dtype: 'int16', ...options });
    const single = { dtype: 'float64', shape: [1], data: Float64Array.of(1) } as const;
    file.writeDataset('single', single);
    file.close();
    return use(folder);
  });
}

function held(folder: string): readonly number[] {
  using file = new File(join(folder, 'session.h5'), 'r');
  return [...file.dataset(DATA).read().data].map(Number);
}

async function hash(folder: string): Promise<string> {
  const bytes = await readFile(join(folder, 'session.h5'));
  return createHash('sha256').update(bytes).digest('hex');
}

const ALL = Array.from({ length: ROWS * 4 }, (_, at) => at % 1000);

test('fill fills what the manifest says, from anywhere, and tells what it did', async () => {
  await withEmpty(async (folder) => {
    const manifest = join(folder, 'b.yaml');
    const { code, stdout, stderr } = await hyperslab(['fill', manifest, '-w', '2'], '/');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/\/acquisition\/ap\/data +int16 4,?000 x 4 +100 x 4 +/);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(join(folder, 'session.h5'));
    expect(held(folder)).toEqual(ALL);
    const quiet = await hyperslab(['fill', 'b.yaml', '--quiet'], folder);
    expect(quiet).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(held(folder)).toEqual(ALL);
  });
});

test('fill --json prints the report, whatever a module says', async () => {
  const manifest = FILL.replace(/\{.*\}/, '{ type: module, path: s.mjs }');
  await withEmpty(async (folder) => {
    const talking = `
      export function open() {
        console.log('opened');
        return { dtype: 'int16', shape: [${ROWS}, 4], read: (_, [rows]) => new Int16Array(rows * 4) };
      }`;
    await writeFile(join(folder, 's.mjs'), talking);
    const { code, stdout, stderr } = await hyperslab(['fill', 'b.yaml', '--json'], folder);
    expect(code).toBe(0);
    expect(stderr).toContain('opened\n');
    const bytes = ROWS * 4 * 2;
    const dataset = { path: DATA, shape: [ROWS, 4], receivedBytes: bytes, storedBytes: bytes };
    expect(JSON.parse(stdout)).toMatchObject({
      path: join(folder, 'session.h5'),
      rawBytes: bytes,
      storedBytes: bytes,
      datasets: [dataset],
      warnings: [],
    });
  }, manifest);
});

describe('fill refuses, and leaves the file as it is:', () => {
  const swap = (from: string | RegExp, to: string) => FILL.replace(from, to);

  test.each([
    ['an unknown key', `${FILL}pathh: x\n`, /^error: b\.yaml:5: Unknown key 'pathh' \(known/],
    ['an unknown kind', swap('raw', 'rw'), /^error: b\.yaml:4: Expected 'raw', .* received 'rw'/],
    [
      'a misspelt key',
      swap('shape', 'shap'),
      /\nerror: b\.yaml:3: Unknown key 'shap' in .*: did you mean 'shape'\?\n$/,
    ],
    ['an empty manifest', '\n', /^error: b\.yaml: Expected a text for path but received nothing\n/],
    ['no datasets', 'path: session.h5\n', /^error: b\.yaml: Expected a mapping for datasets/],
    [
      'a relative path of a dataset',
      swap('/acquisition', 'acquisition'),
      /^error: b\.yaml:3: Expected an absolute path/,
    ],
    [
      'an unknown dataset',
      swap('ap/data', 'ap/dat'),
      /^error: b\.yaml:3: Expected a dataset stored in .*session\.h5 for \S+ but received none: object 'dat' doesn't exist\n$/,
    ],
    [
      'another type',
      swap('int16', 'uint16'),
      /^error: b\.yaml:3: Expected data of int16 for \S+ but received uint16\n$/,
    ],
    ['no such source', swap('ap.bin', 'no.bin'), /^error: .*no\.bin but received nothing/],
    ['no such file', swap('session', 'none'), /^error: .*none\.h5 doesn't exist\n$/],
    [
      'what is no HDF5 file',
      swap('session.h5', 'ap.bin'),
      /^error: .* file signature not found\n$/,
    ],
  ])('%s', async (_, manifest, message) => {
    await withEmpty(async (folder) => {
      const before = await hash(folder);
      const { code, stdout, stderr } = await hyperslab(['fill', 'b.yaml'], folder);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(message);
      expect(await hash(folder)).toBe(before);
    }, manifest);
  });

  test('a manifest that is not there, and too little memory', async () => {
    await withEmpty(async (folder) => {
      const before = await hash(folder);
      for (const [args, message] of [
        [['none.yaml'], /none\.yaml/],
        [['b.yaml', '--memory', '1B'], /Expected at least/],
        [['b.yaml', '--overwrite'], /unknown option '--overwrite'/],
      ] as const) {
        const { code, stderr } = await hyperslab(['fill', ...args], folder);
        expect(code).toBe(2);
        expect(stderr).toMatch(/^error: .*\n$/);
        expect(stderr).toMatch(message);
      }
      expect(await hash(folder)).toBe(before);
    });
  });
});

const MODULE = FILL.replace(/\{.*\}/, '{ type: module, path: s.mjs, options: { folder: . } }');

test('a job that fails makes exit code 1; what was written is kept', async () => {
  const failing = `
    export function open() {
      return {
        dtype: 'int16',
        shape: [${ROWS}, 4],
        read([from], [rows]) {
          if (from + rows > 3950) throw new Error('the disk\\nis gone');
          return Int16Array.from({ length: rows * 4 }, (_, at) => (from * 4 + at) % 1000);
        },
      };
    }`;
  await withEmpty(async (folder) => {
    await writeFile(join(folder, 's.mjs'), failing);
    const { code, stderr } = await hyperslab(['fill', 'b.yaml', '-w', '1'], folder);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: .*the disk is gone \(\/acquisition\/ap\/data, \[.*\]\)\n$/);
    expect(held(folder).slice(0, 400)).toEqual(ALL.slice(0, 400));
    await writeFile(join(folder, 'b.yaml'), FILL);
    expect((await hyperslab(['fill', 'b.yaml'], folder)).code).toBe(0);
    expect(held(folder)).toEqual(ALL);
  }, MODULE);
});

const SLOW = `
  import { existsSync, writeFileSync } from 'node:fs';
  export function open({ folder }) {
    return {
      dtype: 'int16',
      shape: [${ROWS}, 4],
      async read([from], [rows]) {
        if (from > 0) writeFileSync(folder + '/reading', '');
        while (from > 0 && !existsSync(folder + '/release'))
          await new Promise((done) => setTimeout(done, 5));
        return Int16Array.from({ length: rows * 4 }, (_, at) => (from * 4 + at) % 1000);
      },
    };
  }`;

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s stops it with exit code %d; what was written is kept', async (name, exitCode) => {
  await withEmpty(async (folder) => {
    await writeFile(join(folder, 's.mjs'), SLOW);
    const { child, ended } = start(['fill', 'b.yaml', '-w', '1'], folder);
    while (!existsSync(join(folder, 'reading')) && child.exitCode === null) await sleep(5);
    child.kill(name);
    await sleep(200);
    await writeFile(join(folder, 'release'), '');
    const ran: Ran = await ended;
    const left = `${join(folder, 'session.h5')} keeps the data written so far`;
    expect(ran).toEqual({
      code: exitCode,
      stdout: '',
      stderr: `interrupted by ${name}: ${left}\n`,
    });
    const kept = held(folder);
    expect(kept.slice(0, 400)).toEqual(ALL.slice(0, 400));
    expect(kept).not.toEqual(ALL);
    expect((await hyperslab(['fill', 'b.yaml', '-q'], folder)).code).toBe(0);
    expect(held(folder)).toEqual(ALL);
  }, MODULE);
});

test('help of fill tells what a manifest is, and its options', async () => {
  const { code, stdout } = await hyperslab(['fill', '--help'], '/');
  expect(code).toBe(0);
  for (const text of ['<manifest>', 'which maps', '--workers', '--memory'])
    expect(stdout).toContain(text);
  for (const text of ['--json', '--quiet', '--debug']) expect(stdout).toContain(text);
  expect((await hyperslab(['--help'], '/')).stdout).toContain('fill [options] <manifest>');
});
