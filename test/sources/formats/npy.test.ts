import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { DType } from '../../../src/layout/dtype.js';
import { product } from '../../../src/layout/hyperslab.js';
import { npy } from '../../bad-input/npy.js';
import { readAll, readSlab, refusal, toBytes, withFolder, withSource } from '../helpers.js';

const fixture = (name: string): string =>
  new URL(`../../fixtures/npy/${name}.npy`, import.meta.url).pathname;

test.each<[string, DType, number[], number[]]>([
  ['v1-int16', 'int16', [6, 4], [0, 1]],
  ['v2-float32-fortran', 'float32', [3, 4, 2], [2, 1, 0]],
  ['v3-int32-big', 'int32', [5, 3], [0, 1]],
  ['v1-float64-big-fortran', 'float64', [4, 3], [1, 0]],
  ['v1-uint64', 'uint64', [7], [0]],
  ['v1-int8', 'int8', [2, 3, 2, 2], [0, 1, 2, 3]],
])('%s is read as numpy wrote it', async (name, dtype, shape, storageOrder) => {
  const spec = { type: 'npy', path: fixture(name) } as const;
  await withSource(spec, ({ info }) => expect(info).toMatchObject({ dtype, shape, storageOrder }));
  const first = dtype.startsWith('u') ? 0 : -5;
  const ramp = Array.from({ length: product(shape) }, (_, i) => first + i);
  expect((await readAll(spec)).map(Number)).toEqual(ramp);
});

test('booleans are read as bytes', async () => {
  const spec = { type: 'npy', path: fixture('v1-bool') } as const;
  await withSource(spec, ({ info }) =>
    expect(info).toMatchObject({ dtype: 'uint8', shape: [3, 4] }),
  );
  expect(await readAll(spec)).toEqual([1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0]);
});

test('an array without rows is read', async () => {
  const spec = { type: 'npy', path: fixture('v1-empty') } as const;
  await withSource(spec, ({ info }) => expect(info.shape).toEqual([0, 4]));
  expect(await readAll(spec)).toEqual([]);
});

test('columns can be selected', async () => {
  const spec = { type: 'npy', path: fixture('v1-int16'), columns: [3, 0, -2] } as const;
  await withSource({ ...spec, columns: [...spec.columns] }, async (source) => {
    expect(source.info.shape).toEqual([6, 3]);
    const items = await readSlab(source, { start: [1, 0], count: [2, 3] });
    expect(items).toEqual([2, -1, 1, 6, 3, 5]);
  });
});

test.each([
  ['refused-scalar', 'Expected an array of at least 1 axis', 'a scalar'],
  ['refused-object', '', "dtype '|O': Python objects (a pickle, which is never loaded)"],
  ['refused-structured', '', 'a structured dtype'],
  ['refused-unicode', '', "dtype '<U2': Unicode text"],
  ['refused-complex', '', "dtype '<c8': complex numbers"],
  ['refused-float16', '', "dtype '<f2': floats of another width"],
])('%s is refused', async (name, expected, received) => {
  const path = fixture(name);
  const wanted = expected || 'Expected integers, float32, float64 or booleans';
  expect(await refusal({ type: 'npy', path })).toBe(
    `${wanted} in ${path} but received ${received}`,
  );
});

test('headers of other writers are read: double quotes, another order, a long integer of Python 2', async () => {
  await withFolder(async (folder) => {
    const path = join(folder, 'a.npy');
    const header = '{"shape": (3L,), "fortran_order": False, "descr": ">u2"}';
    await writeFile(path, npy(header, toBytes([1, 2, 300], 'uint16', false)));
    expect(await readAll({ type: 'npy', path })).toEqual([1, 2, 300]);
  });
});
