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

test('plan says what fill would do, and verify whether it was done', async () => {
  await withEmpty(async (folder) => {
    const before = await hash(folder);
    const run = (...args: string[]) => hyperslab(args, folder);
    const planned = await run('plan', 'b.yaml', '-w', '1');
    expect({ code: planned.code, stderr: planned.stderr }).toEqual({ code: 0, stderr: '' });
    expect(planned.stdout).toContain(`${DATA}
  shape     0 x 4 -> 4000 x 4 of int16
  maxshape  unlimited x 4
  chunks    100 x 4, 800 B, 40 chunks
  filters   none
`);
    expect(planned.stdout).toMatch(/\n {2}now {7}nothing stored\n/);
    expect(planned.stdout).toContain(
      `file     ${join(folder, 'session.h5')}\nNothing was written.\n`,
    );
    expect(await hash(folder)).toBe(before);
    const early = await run('verify', 'session.h5', 'b.yaml', '-q');
    expect(early).toMatchObject({ code: 3, stderr: '' });
    expect(early.stdout).toBe(
      `DIFFERS  ${DATA}: expected the shape [4000, 4] but received [0, 4]\n` +
        `${join(folder, 'session.h5')} differs from its sources in 1 of 1 dataset\n`,
    );
    await run('fill', 'b.yaml', '-q');
    const verified = await run('verify', 'session.h5', 'b.yaml');
    expect({ code: verified.code, stderr: verified.stderr }).toEqual({ code: 0, stderr: '' });
    expect(verified.stdout).toContain(`equal    ${DATA}: 16,000 values\n`);
    await writeFile(join(folder, 'ap.bin'), new Uint8Array(ROWS * 8));
    const differing = await run('verify', 'session.h5', 'b.yaml', '--json');
    expect(differing.code).toBe(3);
    expect(JSON.parse(differing.stdout)).toMatchObject({
      equal: false,
      datasets: [{ path: DATA, difference: { index: [0, 1], source: 0, file: 1 } }],
    });
    const again = await run('plan', 'b.yaml', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({
      datasets: [{ path: DATA, currentShape: [ROWS, 4], storedBytes: ROWS * 8 }],
    });
  });
});

test.each([
  [
    ['plan', 'b.yaml', '-o', 'x.h5'],
    /^error: --output is about the file that a conversion writes, but b\.yaml fills an existing one; leave --output out\n$/,
  ],
  [
    ['plan', 'b.yaml', '--set', `datasets.${DATA}.dtype=uint16`],
    /^error: b\.yaml:3: Expected data of int16 for \S+ but received uint16\n$/,
  ],
  [['plan', 'b.yaml', '--set', 'pathh=x'], /^error: b\.yaml with --set pathh: Unknown key 'pathh'/],
  [
    ['verify', 'session.h5', 'b.yaml', '--set', `datasets.${DATA}.path=no.bin`],
    /^error: b\.yaml with --set \S+: .*no\.bin but received nothing/,
  ],
  [
    ['convert', 'b.yaml'],
    /^error: Expected the manifest of a conversion at b\.yaml but received one of a fill; `hyperslab fill b\.yaml` fills its datasets\n$/,
  ],
  [['verify', 'none.h5', 'b.yaml'], /^error: none\.h5 cannot be read: no such file/],
  [['verify', 'b.yaml'], /^error: .* the file comes first: `hyperslab verify FILE b\.yaml`\n$/],
] as const)('the manifest of a fill is refused in one line: %j', async (args, message) => {
  await withEmpty(async (folder) => {
    const { code, stdout, stderr } = await hyperslab(args, folder);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
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
      /\nerror: b\.yaml:4: Unknown key 'shap' in .*: did you mean 'shape'\?\n$/,
    ],
    [
      'an empty manifest',
      '\n',
      /^error: Expected a manifest at b\.yaml but received nothing but comments; /,
    ],
    ['no datasets', 'path: session.h5\n', /^error: b\.yaml: Expected a mapping for datasets/],
    [
      'a relative path of a dataset',
      swap('/acquisition', 'acquisition'),
      /^error: b\.yaml:3: Expected an absolute path/,
    ],
    [
      'an unknown dataset',
      swap('ap/data', 'ap/dat'),
      /^error: b\.yaml:3: Expected a dataset of .*session\.h5 for \S+ but received none: object 'dat' doesn't exist\n$/,
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
  for (const text of [
    '<manifest>',
    'path of each dataset in it to a source',
    '--workers',
    '--memory',
  ])
    expect(stdout.replace(/\s+/g, ' ')).toContain(text);
  for (const text of ['--json', '--quiet', '--debug']) expect(stdout).toContain(text);
  expect((await hyperslab(['--help'], '/')).stdout).toContain('fill [options] <manifest>');
});
