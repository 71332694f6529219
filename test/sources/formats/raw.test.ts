import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SourceError, type SourceSpec } from '../../../src/sources/index.js';
import type { RawSpec } from '../../../src/sources/spec.js';
import { readAll, readSlab, refusal, toBytes, withFolder, withSource } from '../helpers.js';

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

test('trailer: ignore leaves out bytes behind the last whole row, and selects a part of the file', async () => {
  await withFolder(async (folder) => {
    const path = join(folder, 'ap.bin');
    const items = Array.from({ length: 11 }, (_, i) => i);
    await writeFile(path, toBytes(items, 'int16'));
    const spec = (more: Partial<RawSpec>) => probe(path, { trailer: 'ignore', ...more });
    expect(await readAll(spec({ shape: [null, 2] }))).toEqual(items.slice(0, 10));
    expect(await readAll(spec({ shape: [2, 2], offset: 4 }))).toEqual([2, 3, 4, 5]);
    expect(await readAll(spec({ shape: [2, null], order: 'F' }))).toEqual([
      ...[0, 2, 4, 6, 8],
      ...[1, 3, 5, 7, 9],
    ]);
    expect(await readAll(spec({ shape: [11] }))).toEqual(items);
  });
});

test('trailer: ignore still refuses files that are shorter than the shape', async () => {
  await withFolder(async (folder) => {
    const path = join(folder, 'ap.bin');
    await writeFile(path, new Uint8Array(7));
    const spec = (shape: RawSpec['shape']) => probe(path, { trailer: 'ignore', shape });
    expect(await refusal(spec([2, 2]))).toBe(
      `Expected 8 bytes (2 x 2 x int16) after offset 0 in ${path} but received 7 bytes: 1 byte short`,
    );
    expect(await refusal(spec([null, 4]))).toBe(
      `Expected at least one row of 8 bytes (4 x int16) after offset 0 in ${path} but received 7 bytes: 1 byte short`,
    );
  });
});
