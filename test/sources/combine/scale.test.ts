import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DType } from '../../../src/layout/dtype.js';
import { openSource } from '../../../src/sources/index.js';
import type { ReadableSpec } from '../../../src/sources/scaling.js';
import type { SourceSpec } from '../../../src/sources/spec.js';
import { numRuns } from '../../support/effort.js';
import { type Item, readSlab, toBytes, withFolder } from '../helpers.js';

async function readScaled(
  source: SourceSpec,
  scaling: { scale?: number | string; offset?: number },
  slab?: { start: number[]; count: number[] },
): Promise<Item[]> {
  const spec: ReadableSpec = { type: 'scaled', source, ...scaling };
  const reader = await openSource(spec);
  try {
    expect(reader.info.dtype).toBe('float64');
    return await readSlab(reader, slab ?? { start: [0], count: [...reader.info.shape] });
  } finally {
    await reader.close();
  }
}

const LIMITS: Readonly<Record<DType, readonly Item[]>> = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  uint16: [0, 2 ** 16 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  int64: [-(2n ** 63n), 2n ** 63n - 1n, -1n, -(2n ** 32n), 2n ** 53n + 1n, 2n ** 53n + 3n],
  uint64: [0n, 2n ** 64n - 1n, 2n ** 63n + 1025n, 2n ** 53n + 1n],
  float32: [-1.5, 3.4028234663852886e38],
  float64: [Number.MIN_VALUE, -1e308],
};

test.each(Object.entries(LIMITS))('values of %s are converted to float64', (name, items) =>
  withFolder(async (folder) => {
    const dtype = name as DType;
    for (const endian of ['little', 'big'] as const) {
      const path = join(folder, `${endian}.bin`);
      await writeFile(path, toBytes(items, dtype, endian === 'little'));
      const source: SourceSpec = { type: 'raw', path, dtype, shape: [null], endian };
      // Number() of a BigInt rounds to the nearest float64.
      expect(await readScaled(source, {})).toEqual(items.map(Number));
      expect(await readScaled(source, { scale: 0.25, offset: 3 })).toEqual(
        items.map((item) => Number(item) * 0.25 + 3),
      );
    }
  }),
);

test('a fraction gives the nearest float64 to each quotient, in any part of a concatenation', () =>
  withFolder(async (folder) => {
    const samples = fc.array(fc.integer({ min: 0, max: 2 ** 31 - 1 }), { minLength: 2 });
    const rates = fc.constantFrom(30000, 24414.0625, 20000, 3, 7);
    let run = 0;
    await fc.assert(
      fc.asyncProperty(samples, rates, fc.nat(), async (items, rate, at) => {
        run++;
        const cut = 1 + (at % (items.length - 1));
        const parts = [items.slice(0, cut), items.slice(cut)];
        const sources: SourceSpec[] = [];
        for (const [part, some] of parts.entries()) {
          const path = join(folder, `${run}-${part}.bin`);
          await writeFile(path, toBytes(some, 'int32'));
          sources.push({ type: 'raw', path, dtype: 'int32', shape: [null] });
        }
        const start = at % items.length;
        const slab = { start: [start], count: [items.length - start] };
        const found = await readScaled(
          { type: 'concat', sources },
          { scale: `1/${rate}`, offset: 0.5 },
          slab,
        );
        expect(found).toEqual(items.slice(start).map((item) => item / rate + 0.5));
      }),
      { numRuns: numRuns(30) },
    );
  }));

test('a source with several axes is refused', () =>
  withFolder(async (folder) => {
    const path = join(folder, 'a.bin');
    await writeFile(path, new Uint8Array(8));
    const source: SourceSpec = { type: 'raw', path, dtype: 'int16', shape: [null, 2] };
    await expect(readScaled(source, { scale: 2 })).rejects.toThrow(
      `Expected one axis, of values to scale, in ${path} but received shape [2, 2]`,
    );
  }));
