import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openSource } from '../../../src/sources/index.js';
import type { RawSpec, SourceSpec } from '../../../src/sources/spec.js';
import { numRuns } from '../../support/effort.js';
import { readAll, readSlab, refusal, toBytes, withFolder, withSource } from '../helpers.js';

/** Writes a file of int16 and returns its path. */
async function file(folder: string, name: string, items: number[], little = true) {
  const path = join(folder, name);
  await writeFile(path, toBytes(items, 'int16', little));
  return path;
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => from + i);

describe('concat', () => {
  test('reads any slab of any parts as the model does', async () => {
    await withFolder(async (folder) => {
      const part = fc.record({
        rows: fc.integer({ min: 1, max: 9 }),
        order: fc.constantFrom<'C' | 'F'>('C', 'F'),
        endian: fc.constantFrom<'little' | 'big'>('little', 'big'),
      });
      const parts = fc.array(part, { minLength: 1, maxLength: 5 });
      await fc.assert(
        fc.asyncProperty(parts, fc.nat(), fc.nat(), async (drawn, a, b) => {
          const sources: SourceSpec[] = [];
          let next = 0;
          for (const [i, { rows, order, endian }] of drawn.entries()) {
            // The file has 4 columns; 3 are used.
            const at = (row: number, column: number) => next + row * 3 + column;
            const items =
              order === 'C'
                ? range(0, rows).flatMap((row) => [...range(0, 3).map((c) => at(row, c)), -1])
                : range(0, 4).flatMap((c) => range(0, rows).map((r) => (c < 3 ? at(r, c) : -1)));
            next += rows * 3;
            const path = await file(folder, `${i}.bin`, items, endian === 'little');
            const shape = [null, 4];
            sources.push({
              type: 'raw',
              path,
              dtype: 'int16',
              shape,
              order,
              endian,
              columns: ':3',
            });
          }
          await withSource({ type: 'concat', sources }, async (source) => {
            const total = next / 3;
            expect(source.info.shape).toEqual([total, 3]);
            const start = a % total;
            const count = 1 + (b % (total - start));
            const items = await readSlab(source, { start: [start, 1], count: [count, 2] });
            const rows = range(start, start + count);
            expect(items).toEqual(rows.flatMap((row) => [row * 3 + 1, row * 3 + 2]));
          });
        }),
        { numRuns: numRuns(150) },
      );
    });
  });

  test('refuses different parts and names both', async () => {
    await withFolder(async (folder) => {
      const a = await file(folder, 'a.bin', range(0, 12));
      const b = await file(folder, 'b.bin', range(0, 12));
      const raw: RawSpec = { type: 'raw', path: a, dtype: 'int16', shape: [null, 3] };
      const message = (other: Partial<RawSpec>) =>
        refusal({ type: 'concat', sources: [raw, { ...raw, path: b, ...other }] });
      expect(await message({ shape: [null, 4] })).toBe(
        `Expected int16 and shape [*, 3], as in ${a}, in ${b} but received int16 and shape [*, 4]`,
      );
      expect(await message({ dtype: 'uint16' })).toContain('but received uint16 and shape [*, 3]');
      expect(await message({ shape: [null] })).toContain('but received int16 and shape [*]');
      expect(await message({ path: join(folder, 'c.bin') })).toContain('no such file');
    });
  });
});

describe('stack', () => {
  const channel = (path: string, more: Partial<RawSpec> = {}): RawSpec => ({
    type: 'raw',
    path,
    dtype: 'int16',
    shape: [null],
    ...more,
  });

  test('reads one file per channel as one piece', async () => {
    await withFolder(async (folder) => {
      const sources: SourceSpec[] = [];
      for (const c of range(0, 5)) {
        const path = await file(folder, `${c}.bin`, range(c * 100, c * 100 + 20));
        sources.push(channel(path, c === 2 ? { shape: [null, 1] } : {}));
      }
      await withSource({ type: 'stack', sources }, async (source) => {
        expect(source.info).toMatchObject({ shape: [20, 5], storageOrder: [1, 0] });
        expect(source.info.files).toHaveLength(5);
        const slab = { start: [3, 1], count: [4, 3] };
        expect(source.scratchBytes(slab)).toBe(24);
        const pieces = await source.read(slab, new Uint8Array(24));
        expect(pieces).toMatchObject([{ ...slab, offset: 0, steps: [2, 8], swap: false }]);
        const expected = range(3, 7).flatMap((t) => range(1, 4).map((c) => c * 100 + t));
        expect(await readSlab(source, slab)).toEqual(expected);
        expect(await readSlab(source, { start: [19, 4], count: [1, 1] })).toEqual([419]);
      });
    });
  });

  test('reads parts of mixed byte order, and of several files', async () => {
    await withFolder(async (folder) => {
      const a = await file(folder, 'a.bin', range(0, 6));
      const b = await file(folder, 'b.bin', range(10, 16), false);
      const c1 = await file(folder, 'c1.bin', range(20, 24));
      const c2 = await file(folder, 'c2.bin', range(24, 26));
      const sources: SourceSpec[] = [
        channel(a),
        channel(b, { endian: 'big' }),
        { type: 'concat', sources: [channel(c1), channel(c2)] },
      ];
      const items = await readAll({ type: 'stack', sources });
      expect(items).toEqual(range(0, 6).flatMap((t) => [t, 10 + t, 20 + t]));
    });
  });

  test('refuses channels that do not fit', async () => {
    await withFolder(async (folder) => {
      const a = await file(folder, 'a.bin', range(0, 6));
      const b = await file(folder, 'b.bin', range(0, 4));
      const message = (other: RawSpec) => refusal({ type: 'stack', sources: [channel(a), other] });
      expect(await message(channel(b))).toBe(
        `Expected 6 samples, as in ${a}, in ${b} but received 4`,
      );
      expect(await message(channel(b, { dtype: 'uint8' }))).toBe(
        `Expected int16, as in ${a}, in ${b} but received uint8`,
      );
      expect(await message(channel(b, { shape: [null, 2] }))).toBe(
        `Expected one channel, shape [T] or [T, 1], in ${b} but received [2, 2]`,
      );
    });
  });

  test('reads more channels than files are kept open', async () => {
    await withFolder(async (folder) => {
      const sources: SourceSpec[] = [];
      for (const c of range(0, 600)) {
        sources.push(channel(await file(folder, `${c}.bin`, [c, c + 1])));
      }
      const source = await openSource({ type: 'stack', sources });
      const whole = { start: [0, 0], count: [2, 600] };
      expect(await readSlab(source, whole)).toEqual([...range(0, 600), ...range(1, 601)]);
      expect(await readSlab(source, { ...whole, count: [1, 600] })).toEqual(range(0, 600));
      await source.close();
    });
  });
});
