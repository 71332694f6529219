import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  BudgetError,
  type ConvertOptions,
  convert,
  OptionError,
  plan,
  type VerifyOptions,
  verify,
} from '../src/index.js';
import { WORKERS } from './support/effort.js';
import {
  description,
  listing,
  rejection,
  tempFolder,
  timeSeries,
  waves,
  writeRaw,
} from './support/recordings.js';

function recording() {
  const folder = tempFolder();
  const source = writeRaw(folder, 'a.bin', waves([1000, 4]));
  const path = join(folder, 'a.nwb');
  const what = description(path, [timeSeries('x', { source, chunks: [50, 2] })]);
  return { folder, path, what };
}

/** Options that only a caller in JavaScript can pass. */
const wrong = (options: Record<string, unknown>) => options as ConvertOptions;

const REFUSED: readonly (readonly [Record<string, unknown>, RegExp])[] = [
  [{ worker: 2 }, /^Unknown option 'worker'; did you mean 'workers'\?$/],
  [{ workers: 0 }, /Expected a whole number from 1 to \d+ for workers but received 0$/],
  [{ workers: -1 }, /for workers but received -1$/],
  [{ workers: 1.5 }, /for workers but received 1\.5$/],
  [{ workers: Number.NaN }, /for workers but received NaN$/],
  [{ workers: Number.POSITIVE_INFINITY }, /for workers but received Infinity$/],
  [{ workers: '2' }, /for workers but received 2$/],
  [{ workers: 1e6 }, /for workers but received 1000000$/],
  [{ memory: '10 bananas' }, /such as '2GiB' or '500MB' for memory but received '10 bananas'$/],
  [{ memory: '' }, /for memory but received ''$/],
  [{ memory: -1 }, /for memory but received -1$/],
  [{ memory: Number.NaN }, /for memory but received NaN$/],
  [{ memory: 0 }, /Expected an amount above 0 for memory but received 0 B$/],
  [{ libver: 'latest' }, /Expected 'earliest' or 'v110' for libver but received 'latest'$/],
  [{ overwrite: 'false' }, /Expected true or false for overwrite but received 'false'$/],
  [{ keepPartial: 1 }, /Expected true or false for keepPartial but received 1$/],
  [{ resume: 'yes' }, /Expected true or false for resume but received 'yes'$/],
  [{ check: 0 }, /Expected true or false for check but received 0$/],
  [{ modules: 'no' }, /Expected true or false for modules but received 'no'$/],
  [{ durability: 'disk' }, /Expected 'process' or 'power' for durability but received 'disk'$/],
  [{ durability: 1 }, /Expected 'process' or 'power' for durability but received 1$/],
  [{ signal: {} }, /Expected an AbortSignal for signal but received \{\}$/],
  [{ signal: 5 }, /Expected an AbortSignal for signal but received 5$/],
  [{ onProgress: true }, /Expected a function for onProgress but received true$/],
  [{ baseDir: 7 }, /Expected the path of a folder for baseDir but received 7$/],
];

describe('options', () => {
  test.each(REFUSED)(
    'the options %o are refused before anything is written',
    async (options, message) => {
      const { folder, what } = recording();
      const before = listing(folder);
      const error = await rejection(convert(what, wrong(options)));
      expect(error).toBeInstanceOf(OptionError);
      expect((error as Error).message).toMatch(message);
      expect(listing(folder)).toEqual(before);
    },
  );

  test('plan() and verify() refuse invalid options, too', async () => {
    const { path, what } = recording();
    expect(await rejection(plan(what, { workers: 0 }))).toBeInstanceOf(OptionError);
    await convert(what, { workers: 1 });
    expect(await rejection(verify(path, what, { workers: 0 }))).toBeInstanceOf(OptionError);
    for (const options of [{ wrkers: 1 }, { overwrite: true }, { keepPartial: true }])
      for (const description of [what, undefined as never])
        expect(await rejection(verify(path, description, options as VerifyOptions))).toBeInstanceOf(
          OptionError,
        );
  });

  test.each([
    { workers: WORKERS, memory: '1.5 GiB' },
    { workers: WORKERS, memory: '64mb' },
    { workers: WORKERS, memory: 64e6 },
    { workers: undefined, memory: undefined, libver: undefined, signal: undefined },
  ])('the options %o are accepted', async (options) => {
    const { what } = recording();
    const { memory } = await convert(what, wrong(options));
    expect(memory.planned).toBeLessThanOrEqual(memory.allowed);
  });
});

describe('too little memory', () => {
  test.each([1, 2, 3])(
    'the message says how much memory would be enough for %i workers',
    async (workers) => {
      const { folder, what } = recording();
      const before = listing(folder);
      const error = await rejection(convert(what, { workers, memory: 1000 }));
      if (!(error instanceof BudgetError)) throw error;
      const { needed } = error.fields;
      expect(error.message).toContain(`(${needed} B)`);
      expect(error.message).toContain('/acquisition/x/data');
      expect(error.fields).toMatchObject({ workers, memory: 1000, workersThatFit: 0 });

      const less = await rejection(convert(what, { workers, memory: needed - 1 }));
      expect(less).toBeInstanceOf(BudgetError);
      expect(listing(folder)).toEqual(before);

      const report = await convert(what, { workers, memory: needed });
      expect(report.memory).toEqual({ allowed: needed, planned: needed });
      const check = await verify(report.path, what, { workers: 1 });
      expect(check.equal).toBe(true);
    },
  );

  test('the message says how many workers would fit', async () => {
    const { what } = recording();
    const one = await rejection(convert(what, { workers: 1, memory: 1 }));
    if (!(one instanceof BudgetError)) throw one;
    const memory = one.fields.needed * 2;
    const error = await rejection(convert(what, { workers: 3, memory }));
    if (!(error instanceof BudgetError)) throw error;
    expect(error.fields.workersThatFit).toBe(2);
    expect(error.message).toContain('lower workers to 2');
  });

  test('the scratch memory of one dataset and the encoder of another are added', async () => {
    const folder = tempFolder();
    // One dataset reads much at a time, and the other encodes large chunks. A worker holds both at once.
    const long = writeRaw(folder, 'long.bin', waves([300_000, 2]));
    const large = writeRaw(folder, 'large.bin', waves([60_000, 2]));
    const reads = timeSeries('reads', { source: long, chunks: [100, 2], compression: null });
    const encodes = timeSeries('encodes', { source: large, chunks: [60_000, 2] });
    const path = join(folder, 'a.nwb');
    const planned = async (...series: Parameters<typeof description>[1]) =>
      (await plan(description(path, series), { workers: 1 })).memory.planned;
    const both = await planned(reads, encodes);
    expect(both).toBeGreaterThan(Math.max(await planned(reads), await planned(encodes)));
    const bound = await plan(description(path, [reads, encodes]), { workers: 1, memory: both - 1 });
    expect(bound.memory.planned).toBeLessThan(both);
  });
});
