import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import {
  BudgetError,
  type ConvertOptions,
  convert,
  type Description,
  ndarray,
  plan,
} from '../../src/index.js';
import { product } from '../../src/layout/index.js';
import { numRuns } from '../support/effort.js';
import { test } from '../support/fixtures.js';
import { description, rejection, timeSeries, waves, writeRaw } from '../support/recordings.js';
import { converted, expectRefusal, GOOD, MANIFEST_FILE, ran, withRecording } from './refusal.js';

const withGood = (use: (folder: string) => Promise<void>) =>
  withRecording((folder) => {
    writeFileSync(join(folder, MANIFEST_FILE), GOOD);
    return use(folder);
  });

const workers = 'Expected a whole number from 1 to 1024 for --workers but received';
const memory =
  "Expected a number of bytes, or a text such as '2GiB' or '500MB' for --memory but received";

describe('options of convert():', () => {
  test.each<[Record<string, unknown>, string]>([
    [{ workers: 0 }, `${workers} 0`],
    [{ workers: -1 }, `${workers} -1`],
    [{ workers: 1.5 }, `${workers} 1.5`],
    [{ workers: 'two' }, `${workers} two`],
    [{ workers: 1e9 }, `${workers} 1000000000`],
    [{ memory: 0 }, 'Expected an amount above 0 for --memory but received 0 B'],
    [{ memory: -1 }, `${memory} -1`],
    [{ memory: 1e300 }, `${memory} 1e+300`],
    [{ memory: '12 parsecs' }, `${memory} '12 parsecs'`],
    [{ memory: '9999999TiB' }, `${memory} '9999999TiB'`],
    [{ libver: 'v9' }, "Expected 'earliest' or 'v110' for --libver but received 'v9'"],
    [{ overwrite: 'false' }, "Expected true or false for --overwrite but received 'false'"],
    [{ baseDir: 5 }, 'Expected the path of a folder for baseDir but received 5'],
  ])('%j', async (options, message) => {
    await withGood((folder) =>
      expectRefusal(folder, () => converted(folder, options as ConvertOptions), message),
    );
  });
});

const atLeast1 = 'Expected a whole number of at least 1 for --workers but received';

describe('flags of the command line:', () => {
  test.each<[string[], string]>([
    [['--workers', '-1'], `${atLeast1} '-1'`],
    [['--workers', '1.5'], `${atLeast1} '1.5'`],
    [['--workers', '1e9'], `${atLeast1} '1e9'`],
    [['--workers', '1000000000'], `${workers} 1000000000`],
    [['--memory', '0'], 'Expected an amount above 0 for --memory but received 0 B'],
    [['--memory', '12 parsecs'], `${memory} '12 parsecs'`],
    [['--memory='], `${memory} ''`],
    [['--libver', 'v9'], "Expected earliest or v110 for --libver but received 'v9'"],
    [
      ['--overwrite=false'],
      "unknown option '--overwrite=false'; `hyperslab convert --help` lists the options",
    ],
    [['--ovrwrite'], "unknown option '--ovrwrite' (Did you mean --overwrite?)"],
    [
      ['-o', MANIFEST_FILE, '--overwrite'],
      'Expected an output other than the manifest but received m.yaml',
    ],
    [
      ['-o', 'ap.bin', '--overwrite'],
      'writing ap.bin would overwrite an input, the source of /acquisition/AP/data; choose another path',
    ],
    [
      ['-o', 'ap.bin/a.nwb'],
      "ap.bin/a.nwb can't be written: ap.bin is not a folder; choose another path",
    ],
  ])('%j', async (flags, message) => {
    await withGood((folder) =>
      expectRefusal(folder, () => ran(['convert', MANIFEST_FILE, ...flags], folder), message),
    );
  });
});

describe('memory that is too small for a chunk', () => {
  test('gives an error with the least memory, which is enough', async ({ folder }) => {
    const recording = fc.record({
      dtype: fc.constantFrom('int8', 'int16', 'float64'),
      shape: fc.tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 6 })),
      chunks: fc.tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 6 })),
      compression: fc.constantFrom('gzip' as const, null),
    });
    const asked = fc.tuple(
      fc.array(recording, { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      fc.integer({ min: 1, max: 5 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
    );
    await fc.assert(
      fc.asyncProperty(asked, async ([recordings, isInMemory, workers, share]) => {
        const series = recordings.map(({ dtype, shape, chunks, compression }, i) => {
          const model = waves(shape, dtype);
          const storage = {
            chunks: chunks.map((length, axis) => Math.min(length, shape[axis])),
            compression,
          };
          const data = isInMemory
            ? { data: ndarray(model.items, shape), ...storage }
            : { source: writeRaw(folder, `${i}.bin`, model), ...storage };
          return timeSeries(`x${i}`, data);
        });
        const what = description(join(folder, 'a.nwb'), series);
        await expectLeast(what, workers, share);
      }),
      { numRuns: numRuns(25) },
    );
  });

  test('gives an error with a number of workers for which it is enough', async ({ folder }) => {
    const source = writeRaw(folder, 'a.bin', waves([1000, 4]));
    const what = description(join(folder, 'a.nwb'), [timeSeries('x', { source, chunks: [50, 2] })]);
    const one = await budgetError(what, { workers: 1, memory: 1 });
    for (const fit of [1, 2, 3]) {
      const memory = one.fields.needed * fit;
      const { message, fields } = await budgetError(what, { workers: 7, memory });
      expect(fields.workersThatFit).toBe(fit);
      expect(message).toContain(`lower workers to ${fit}`);
      await plan(what, { workers: fit, memory });
    }
    const report = await convert(what, { workers: 2, memory: one.fields.needed * 2 });
    expect(report.rawBytes).toBe(product([1000, 4]) * 2);
  });
});

/** Follows the advice for one dataset after the other until none is left. One byte less is never enough. */
async function expectLeast(what: Description, workers: number, share: number): Promise<void> {
  let memory = 1;
  for (let advice = 0; advice < 10; advice++) {
    const error = await plan(what, { workers, memory }).then(
      () => undefined,
      (thrown) => thrown,
    );
    if (error === undefined) return;
    if (!(error instanceof BudgetError)) throw error;
    const { name, needed } = error.fields;
    expect(needed).toBeGreaterThan(memory);
    const less = memory + Math.floor(share * (needed - 1 - memory));
    for (const tooLittle of [less, needed - 1]) {
      const still = await budgetError(what, { workers, memory: tooLittle });
      expect(still.fields.name).toBe(name);
    }
    memory = needed;
  }
  throw new Error(`Expected advice that does but received ${memory} bytes at last`);
}

async function budgetError(what: Description, options: ConvertOptions): Promise<BudgetError> {
  const error = await rejection(plan(what, options));
  if (!(error instanceof BudgetError)) throw error;
  return error;
}
