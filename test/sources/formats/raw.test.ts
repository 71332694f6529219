import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SourceError, type SourceSpec } from '../../../src/sources/index.js';
import type { RawSpec } from '../../../src/sources/spec.js';
import { readAll, readSlab, toBytes, withFolder, withSource } from '../helpers.js';

const probe = (path: string, more: Partial<RawSpec> = {}): RawSpec => ({
  type: 'raw',
  path,
  dtype: 'int16',
  shape: [null, 385],
  ...more,
});

test('dtype, shape and files are known without reading data', async () => {
  await withFolder(async (folder) => {
    const path = join(folder, 'ap.bin');
    await writeFile(path, new Uint8Array(100 + 770 * 30));
    await withSource(probe(path, { offset: 100, columns: '0:384' }), ({ info }) => {
      expect(info).toMatchObject({ dtype: 'int16', shape: [30, 384], storageOrder: [0, 1] });
      expect(info.files).toMatchObject([{ path, size: 23200 }]);
    });
    const fortran = probe(path, { offset: 100, shape: [30, null], order: 'F' });
    await withSource(fortran, ({ info }) => {
      expect(info).toMatchObject({ shape: [30, 385], storageOrder: [1, 0] });
    });
  });
});

test('rows are read whole, without packing, if nearly all columns are selected', async () => {
  await withFolder(async (folder) => {
    const path = join(folder, 'ap.bin');
    await writeFile(path, new Uint8Array(770 * 100));
    await withSource(probe(path, { columns: '383::-1' }), async (source) => {
      const slab = { start: [10, 0], count: [50, 384] };
      expect(source.scratchBytes(slab)).toBe(50 * 770);
      const [piece] = await source.read(slab, new Uint8Array(50 * 770));
      expect(piece).toMatchObject({ offset: 383 * 2, steps: [770, -2], swap: false });
    });
  });
});

test('an empty slab has no pieces', async () => {
  await withFolder(async (folder) => {
    const path = join(folder, 'ap.bin');
    await writeFile(path, new Uint8Array(770));
    await withSource(probe(path), async (source) => {
      expect(await readSlab(source, { start: [0, 0], count: [0, 385] })).toEqual([]);
    });
  });
});

test('a file that is truncated after it was opened is refused', async () => {
  await withFolder(async (folder) => {
    const path = join(folder, 'ap.bin');
    await writeFile(path, new Uint8Array(7700));
    await withSource(probe(path), async (source) => {
      await truncate(path, 1000);
      const failure = await readSlab(source, { start: [1, 0], count: [2, 385] }).catch((e) => e);
      expect(failure).toBeInstanceOf(SourceError);
      expect(failure).toMatchObject({ tag: 'SourceError', fields: { path } });
      expect(failure.message).toBe(
        `Expected 1540 bytes at 770 in ${path} but received 230: the source is shorter than planned`,
      );
    });
  });
});

test('64-bit integers keep all their digits', async () => {
  await withFolder(async (folder) => {
    const path = join(folder, 'ap.bin');
    const items = [2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n];
    await writeFile(path, toBytes(items, 'int64', false));
    const spec: SourceSpec = { type: 'raw', path, dtype: 'int64', shape: [null], endian: 'big' };
    expect(await readAll(spec)).toEqual(items);
  });
});
