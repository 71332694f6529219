import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import {
  fill,
  type NdArray,
  ndarray,
  type OpenDataset,
  type OpenFile,
  open,
  slice,
} from '../../src/index.js';
import { ITEM_ARRAYS, product } from '../../src/layout/index.js';
import { describeInterop, runPython } from '../support/python.js';
import { EXPECTED, type Outcomes } from './creation-expected.js';
import { temporaryFolder } from './session.js';

/** Exact numbers as text, in C order. */
interface Content {
  readonly shape: readonly number[];
  readonly values: readonly string[];
}

/** By the names of files and of their datasets; null if h5py sees no numbers. */
type Contents = Record<string, Record<string, Content | null>>;

const ADDED_ROWS = 12;

/** Zeros and ones, which every type holds. */
function items({ dtype }: OpenDataset, shape: readonly number[], value: (at: number) => number) {
  const data = new ITEM_ARRAYS[dtype](product(shape));
  for (let at = 0; at < data.length; at++)
    data[at] =
      data instanceof BigInt64Array || data instanceof BigUint64Array
        ? BigInt(value(at))
        : value(at);
  return ndarray(data, [...shape]);
}

/** The numbers that h5py must read after all rows from the middle on were set to 1, and the last item to 0. */
function written({ shape, values }: Content): Content {
  const [rows = 1, ...row] = shape;
  const first = Math.floor(rows / 2) * product(row);
  const last = values.length - 1;
  return {
    shape,
    values: values.map((value, at) => (at === last ? '0' : at >= first ? '1' : value)),
  };
}

async function write(x: OpenDataset, shape: readonly number[]): Promise<void> {
  const [one, zero] = x.dtype.endsWith('int64') ? [1n, 0n] : [1, 0];
  await x.write(shape.length > 0 ? [slice(Math.floor(shape[0] / 2), null)] : [], one);
  if (product(shape) > 0)
    await x.write(
      shape.map(() => -1),
      zero,
    );
}

function appended({ shape: [rows, ...row], values }: Content): Content {
  const added = Array<string>(ADDED_ROWS * product(row)).fill('1');
  return { shape: [rows + ADDED_ROWS, ...row], values: [...values, ...added] };
}

/** Differences; empty if there are none. Floats and booleans are compared as Python prints them. */
function difference(expected: Content, found: Content | null | undefined): string {
  if (!found) return 'wrong: no numbers';
  if (String(found.shape) !== String(expected.shape)) return `wrong: the shape [${found.shape}]`;
  const normal = (value: string) =>
    value.replace('False', '0').replace('True', '1').replace(/\.0$/, '');
  const wrong = expected.values.filter((value, at) => normal(value) !== normal(found.values[at]));
  return wrong.length > 0 ? `wrong: ${wrong.length} of ${expected.values.length} values` : '';
}

describeInterop('a dataset that was created by HDF5 with', () => {
  const folder = temporaryFolder();
  const outcomes = new Map<string, Record<keyof Outcomes, string>>();
  let outside: Buffer;

  function told(name: string): Record<keyof Outcomes, string> {
    const known = outcomes.get(name) ?? {
      read: 'right',
      write: 'right',
      append: 'right',
      fill: 'right',
    };
    outcomes.set(name, known);
    return known;
  }

  /** Whether it was not refused. */
  async function tried(
    name: string,
    what: keyof Outcomes,
    body: () => Promise<unknown>,
  ): Promise<boolean> {
    try {
      await body();
      return true;
    } catch (error) {
      told(name)[what] = (error as Error).message;
      return false;
    }
  }

  /** Reads, writes and appends. Returns what h5py must find then, and data to fill the dataset with. */
  async function change(file: OpenFile, name: string, content: Content | null) {
    let expected = content;
    let data: NdArray = ndarray(new Int16Array(1));
    await tried(name, 'read', async () => {
      const x = file.dataset(name);
      data = items(x, x.shape, (at) => at % 2);
      const read = await x.read();
      const values = Array.from(read.data as Int8Array, String);
      told(name).read = difference({ shape: read.shape, values }, content) || 'right';
    });
    const shape = content?.shape ?? [1];
    if (await tried(name, 'write', () => write(file.dataset(name), shape)))
      expected = written(expected as Content);
    const append = async () => {
      const x = file.dataset(name);
      await x.append(items(x, [ADDED_ROWS, ...shape.slice(1)], () => 1));
    };
    if (await tried(name, 'append', append)) expected = appended(expected as Content);
    return { expected, data };
  }

  beforeAll(async () => {
    const made = (await runPython('creation_properties.py', ['make', folder])) as Contents;
    outside = readFileSync(join(folder, 'outside.bin'));
    const expected: Contents = {};
    for (const [file, datasets] of Object.entries(made)) {
      const [changed, filled] = ['changed', 'filled'].map((what) => `${what}-${file}`);
      for (const copy of [changed, filled]) copyFileSync(join(folder, file), join(folder, copy));
      expected[changed] = {};
      expected[filled] = {};
      const together: Record<string, NdArray> = {};
      const opened = await open(join(folder, changed), 'r+', { workers: 1 });
      for (const [name, content] of Object.entries(datasets)) {
        const { expected: then, data } = await change(opened, name, content);
        expected[changed][name] = then;
        expected[filled][name] = content;
        if (EXPECTED[name]?.fill === 'right') together[`/${name}`] = data;
        else await tried(name, 'fill', () => fill(join(folder, filled), { [`/${name}`]: data }));
      }
      await opened.close();
      if (Object.keys(together).length === 0) continue;
      await fill(join(folder, filled), together, { workers: 1 });
      for (const [path, { data, shape }] of Object.entries(together))
        expected[filled][path.slice(1)] = { shape, values: Array.from(data as Int8Array, String) };
    }
    const found = (await runPython('creation_properties.py', ['read', folder])) as Contents;
    for (const [file, datasets] of Object.entries(expected))
      for (const [name, content] of Object.entries(datasets)) {
        const differs = content && difference(content, found[file][name]);
        if (!differs) continue;
        if (file.startsWith('filled')) told(name).fill += `, ${differs}`;
        else told(name).write += `, ${differs}`;
      }
  });

  test.each(Object.entries(EXPECTED))(
    '%s is read and written correctly, or refused with its name',
    (name, expected) => {
      for (const [what, outcome] of Object.entries(expected))
        expect(outcomes.get(name), what).toHaveProperty(
          what,
          typeof outcome === 'string' ? outcome : expect.stringMatching(outcome),
        );
    },
  );

  test('any other property of creation_cases.py has an expectation, too', () => {
    expect([...outcomes.keys()].sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  test('values in another file is refused, and that file is not written', () => {
    expect(readFileSync(join(folder, 'outside.bin'))).toEqual(outside);
  });
});
