import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DTYPES, type DType } from '../../../src/layout/dtype.js';
import { product, ravelIndex } from '../../../src/layout/hyperslab.js';
import type { RawSpec } from '../../../src/sources/spec.js';
import { numRuns } from '../../support/effort.js';
import { coordinates, type Item, readSlab, toBytes, withFolder, withSource } from '../helpers.js';

/** Indices that numpy's `x[..., columns]` selects, found by filtering all indices. */
function numpyColumns(columns: RawSpec['columns'], length: number): number[] {
  const all = Array.from({ length }, (_, i) => i);
  if (columns === undefined) return all;
  if (typeof columns !== 'string') return columns.map((i) => all.at(i) as number);
  const [start, stop, step] = columns.split(':').map((part) => (part ? Number(part) : undefined));
  const by = step ?? 1;
  if (by > 0) return all.slice(start, stop).filter((_, i) => i % by === 0);
  const first = start === undefined ? length - 1 : start < 0 ? start + length : start;
  const from = Math.min(first, length - 1);
  const to = stop === undefined ? -1 : stop < 0 ? stop + length : stop;
  return all.filter((i) => i <= from && i > to && (from - i) % -by === 0).reverse();
}

const caseOf = fc
  .record({
    shape: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 }),
    dtype: fc.constantFrom<DType>(...DTYPES),
    offset: fc.constantFrom(0, 3, 16),
    order: fc.constantFrom<'C' | 'F'>('C', 'F'),
    endian: fc.constantFrom<'little' | 'big'>('little', 'big'),
    // Sparse rows and distant columns, so that both ways of reading are tested.
    widen: fc.constantFrom(1, 1, 40, 2000),
  })
  .chain((drawn) => {
    const small = drawn.widen > 1 ? drawn.shape.slice(-3) : drawn.shape;
    const shape = small.with(-1, small.length > 1 ? (small.at(-1) as number) * drawn.widen : 5);
    const length = shape.at(-1) as number;
    const index = fc.integer({ min: -length, max: length - 1 });
    const bound = fc.option(fc.integer({ min: -length, max: length }), { nil: '' });
    const step = fc.constantFrom('', ':', ':1', ':2', ':3', ':-1', ':-2', ':1000', ':-17');
    const slice = fc
      .tuple(bound, bound, step)
      .map(([start, stop, by]) => `${start}:${stop}${by}`)
      .filter((text) => numpyColumns(text, length).length > 0);
    const none = fc.constant(undefined);
    const columns =
      shape.length > 1
        ? fc.oneof(none, slice, fc.array(index, { minLength: 1, maxLength: 9 }))
        : none;
    return columns.chain((chosen) => {
      const picked = numpyColumns(chosen, length);
      const source = [...shape.slice(0, -1), picked.length];
      const spans = source.map((n) => fc.tuple(fc.nat(n - 1), fc.integer({ min: 1, max: 200 })));
      return fc.tuple(...spans).map((spans) => ({
        ...drawn,
        shape,
        columns: chosen,
        picked,
        slab: {
          start: spans.map(([start]) => start),
          count: spans.map(([start, count], axis) => Math.min(count, source[axis] - start)),
        },
      }));
    });
  });

test('any slab of any raw file is read as the model says', async () => {
  await withFolder(async (folder) => {
    const path = join(folder, 'a.bin');
    await fc.assert(
      fc.asyncProperty(
        caseOf,
        async ({ shape, dtype, offset, order, endian, columns, picked, slab }) => {
          const size = product(shape);
          const model = Array.from({ length: size }, (_, i) => (i * 7 + 3) % 120);
          const inFile = new Array<Item>(size);
          if (order === 'C')
            model.forEach((item, i) => {
              inFile[i] = item;
            });
          else {
            let i = 0;
            const reversed = shape.toReversed();
            for (const at of coordinates(reversed)) {
              inFile[i++] = model[ravelIndex(at.toReversed(), shape)];
            }
          }
          const header = new Uint8Array(offset).fill(0xff);
          await writeFile(
            path,
            Buffer.concat([header, toBytes(inFile, dtype, endian === 'little')]),
          );

          const spec = { type: 'raw', path, dtype, shape, offset, order, endian, columns } as const;
          const inferred = [null, ...shape.slice(1)];
          for (const given of [spec, { ...spec, shape: inferred }]) {
            await withSource(given as RawSpec, async (source) => {
              expect(source.info.shape).toEqual([...shape.slice(0, -1), picked.length]);
              const expected = [...coordinates(slab.count)].map((at) => {
                const coordinate = at.map((i, axis) => i + slab.start[axis]);
                coordinate[shape.length - 1] = picked[coordinate[shape.length - 1]];
                return model[ravelIndex(coordinate, shape)];
              });
              expect((await readSlab(source, slab)).map(Number)).toEqual(expected);
            });
          }
        },
      ),
      { numRuns: numRuns(300) },
    );
  });
});

test('the scratch memory of a slab is enough for all of its parts together', async () => {
  await withFolder(async (folder) => {
    const path = join(folder, 'a.bin');
    await fc.assert(
      fc.asyncProperty(caseOf, fc.nat(), async ({ shape, order, columns, slab }, seed) => {
        await writeFile(path, new Uint8Array(product(shape) * 8));
        const bytes = await withSource(
          { type: 'raw', path, dtype: 'float64', shape, order, columns },
          (source) => {
            const first = seed % (slab.count[0] + 1);
            const part = (rows: number) =>
              source.scratchBytes({ ...slab, count: slab.count.with(0, rows) });
            return [part(first) + part(slab.count[0] - first), part(slab.count[0])];
          },
        );
        expect(bytes[0]).toBeLessThanOrEqual(bytes[1]);
      }),
      { numRuns: numRuns(100) },
    );
  });
});
