import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type OuterAxis, type Run, readPacked } from '../../../src/sources/reading/packed-read.js';
import type { PositionalFile } from '../../../src/sources/reading/positional-read.js';
import { numRuns } from '../../support/effort.js';

const MEGABYTE = 1 << 20;
const content = Uint8Array.from({ length: 4 * MEGABYTE }, (_, i) => (i * 31 + (i >> 8) * 7) & 0xff);

/** A file in memory that counts the reads and their bytes. */
function memoryFile() {
  const asked = { reads: 0, bytes: 0 };
  const file: PositionalFile = {
    read(into, at, length, position) {
      expect(position + length).toBeLessThanOrEqual(content.length);
      into.set(content.subarray(position, position + length), at);
      asked.reads++;
      asked.bytes += length;
    },
    descriptor: () => -1,
    close: () => {},
  };
  return { file, asked };
}

function model(origin: number, outer: readonly OuterAxis[], runs: readonly Run[]): Uint8Array[] {
  if (outer.length === 0) {
    return runs.map(({ at, bytes }) => content.subarray(origin + at, origin + at + bytes));
  }
  const [{ count, step }, ...rest] = outer;
  return Array.from({ length: count }, (_, i) =>
    model(origin + (typeof step === 'number' ? i * step : step[i]), rest, runs),
  ).flat();
}

function read(origin: number, outer: readonly OuterAxis[], runs: readonly Run[]) {
  const expected = Buffer.concat(model(origin, outer, runs));
  const { file, asked } = memoryFile();
  const into = new Uint8Array(expected.length);
  readPacked(file, origin, outer, runs, into);
  expect(Buffer.compare(into, expected)).toBe(0);
  return { ...asked, wanted: expected.length };
}

test('any box is packed in the order of its axes', () => {
  const axis = fc
    .record({
      count: fc.integer({ min: 1, max: 6 }),
      gap: fc.constantFrom(0, 0, 5, 3000, 20_000, 70_000),
    })
    .map(({ count, gap }) => ({ count, gap }));
  const run = fc.record({
    gap: fc.constantFrom(0, 1, 9, 2000, 17_000),
    bytes: fc.constantFrom(1, 8, 64, 65, 700, 30_000, 66_000),
  });
  fc.assert(
    fc.property(
      fc.array(axis, { maxLength: 2 }),
      fc.array(run, { minLength: 1, maxLength: 4 }),
      fc.nat(999),
      fc.boolean(),
      (axes, drawn, origin, listed) => {
        let span = 0;
        const runs = drawn.map(({ gap, bytes }) => {
          const at = span + gap;
          span = at + bytes;
          return { at, bytes };
        });
        const outer: OuterAxis[] = [];
        for (const { count, gap } of axes.toReversed()) {
          const step = span + gap;
          span += (count - 1) * step;
          outer.unshift({ count, step });
        }
        if (span + origin > content.length) return;
        if (listed && outer.length > 0) {
          const { count, step } = outer[0];
          const offsets = Array.from({ length: count }, (_, i) => (count - 1 - i) * Number(step));
          outer[0] = { count, step: offsets };
        }
        read(origin, outer, runs);
      },
    ),
    { numRuns: numRuns(300) },
  );
});

test('a narrow selection of wide rows takes few reads and each byte once', () => {
  const rows = 5000;
  const asked = read(16, [{ count: rows, step: 770 }], [{ at: 100, bytes: 8 }]);
  expect(asked.reads).toBeLessThan(20);
  expect(asked.bytes).toBeLessThan(rows * 770 * 1.02);
});

test('runs far apart are read one by one, without the bytes between them', () => {
  const asked = read(0, [{ count: 10, step: 200_000 }], [{ at: 7, bytes: 50_000 }]);
  expect(asked).toMatchObject({ reads: 10, bytes: asked.wanted });
});

test('consecutive whole rows are read as one run', () => {
  const axes = [
    { count: 3, step: 1_000_000 },
    { count: 50, step: 1000 },
    { count: 10, step: 100 },
  ];
  expect(read(0, axes, [{ at: 0, bytes: 100 }])).toMatchObject({ reads: 3, bytes: 150_000 });
});
