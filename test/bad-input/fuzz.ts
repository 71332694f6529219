import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { withManifest } from '../../src/cli/manifest.js';
import { HyperslabError } from '../../src/hyperslab-error.js';
import { type Description, plan } from '../../src/index.js';
import { openSource } from '../../src/sources/index.js';
import { header, npy } from './npy.js';
import { GOOD, MANIFEST_FILE } from './refusal.js';

/** When a fuzzer ends: after a number of inputs or of seconds, whichever comes first. */
export interface FuzzLimits {
  readonly runs?: number;
  readonly seconds?: number;
  /** The same seed gives the same inputs. */
  readonly seed?: number;
}

export interface FuzzResult {
  /** Inputs that were tried. */
  readonly runs: number;
  /** How many of them were read. */
  readonly read: number;
  readonly refused: number;
}

/** Far longer than any input should take. */
const LONGEST_MS = 1000;

/**
 * Mutated .npy files: each is opened and read, or refused with a SourceError.
 *
 * @throws the error of fast-check, with the input that did neither, or took longer than a second
 */
export function fuzzNpy(limits: FuzzLimits): Promise<FuzzResult> {
  return withFolder((folder) => {
    const path = join(folder, 'a.npy');
    return fuzz(NPY_SEEDS, ['SourceError'], limits, async (bytes) => {
      writeFileSync(path, bytes);
      const source = await openSource({ type: 'npy', path });
      try {
        const { shape } = source.info;
        const slab = { start: shape.map(() => 0), count: shape.map((n) => Math.min(n, 4)) };
        await source.read(slab, new Uint8Array(source.scratchBytes(slab)));
      } finally {
        await source.close();
      }
    });
  });
}

/**
 * Mutated manifests: each is read and planned, or refused with an error class for refusals.
 *
 * @throws the error of fast-check, with the input that did neither, or took longer than a second
 */
export function fuzzManifest(limits: FuzzLimits): Promise<FuzzResult> {
  return withFolder((folder) => {
    const path = join(folder, MANIFEST_FILE);
    writeFileSync(join(folder, 'ap.bin'), new Uint8Array(1600));
    // The sources or the memory of a mutated description may not fit, either.
    const refusals = [
      'ManifestError',
      'DescriptionError',
      'SourceError',
      'NwbError',
      'LayoutError',
      'OptionError',
    ];
    return fuzz(MANIFEST_SEEDS, [...refusals, 'BudgetError'], limits, async (bytes) => {
      writeFileSync(path, bytes);
      await withManifest(path, ({ description, baseDir }) =>
        plan(description as Description, { baseDir, workers: 1 }),
      );
    });
  });
}

const NPY_SEEDS = [
  npy(header()),
  npy(header("'>f8'", 'True', '(3,)'), new Uint8Array(24), { version: 2 }),
  npy(header("'|b1'", 'False', '(2, 2, 2)'), new Uint8Array(8), { version: 3 }),
  npy(header("[('a', '<i2')]", 'False', '(2, 4)')),
  npy(header("'|O'", 'False', '(2, 4)')),
];

const MANIFEST_SEEDS = [
  GOOD,
  JSON.stringify({
    path: 'a.nwb',
    nwbfile: {
      sessionDescription: 'a',
      identifier: 'b',
      sessionStartTime: '2026-01-15T10:00:00+01:00',
    },
    acquisition: [
      {
        type: 'TimeSeries',
        name: 'x',
        unit: 'V',
        rate: 1,
        data: [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
      },
    ],
  }),
  GOOD.replace('AP', '&name AP\n    comments: *name').replace('rate: 30000', 'timestamps: [0, .5]'),
  GOOD.replace(
    /source: .*/,
    "source: { type: concat, files: 'a*.bin', each: { type: raw, dtype: int8, shape: [null, 4] } }",
  ),
].map((text) => Buffer.from(text));

/** Tokens of the languages, which get further than random bytes. */
const TOKENS = [
  '[',
  ']',
  '{',
  '}',
  '(',
  ')',
  ',',
  ': ',
  "'",
  '"',
  '\n',
  '\t',
  '\0',
  '- ',
  '? ',
  '&a ',
  '*a',
  '<<: ',
  '!!',
  '|',
  '>',
  '#',
  '%',
  '---\n',
  '...\n',
  '\r',
  '\u2028',
  '\ufeff',
  '\x85',
  '\\',
  '\\u',
  '-1',
  '0',
  '1e999',
  '.nan',
  '.inf',
  'null',
  '9223372036854775808',
  '-0',
  '0x',
  'True',
  'None',
  '__proto__',
  'constructor',
  '../',
  '/dev/zero',
  '\ud83d\ude00',
  "'O'",
  '<f2',
  '>i8',
  '|V0',
  '(((((((((',
  '[[[[[[[[[',
  '{{{{{{{{{',
  '1L',
  'null, null',
].map((text) => Buffer.from(text));

type Mutation = (bytes: Buffer, seeds: readonly Buffer[]) => Buffer;

/** Flips, removes and repeats bytes, splices them with another seed, and inserts tokens. */
function mutations(): fc.Arbitrary<Mutation> {
  const place = fc.double({ min: 0, max: 1, noNaN: true });
  const at = (share: number, bytes: Buffer) => Math.floor(share * bytes.length);
  const two = (a: number, b: number, bytes: Buffer) =>
    [at(a, bytes), at(b, bytes)].sort((x, y) => x - y);
  return fc.oneof(
    fc.tuple(place, fc.integer({ min: 1, max: 255 })).map(
      ([where, bits]): Mutation =>
        (bytes) => {
          const changed = Buffer.from(bytes);
          if (changed.length > 0) changed[Math.min(at(where, bytes), bytes.length - 1)] ^= bits;
          return changed;
        },
    ),
    place.map(
      (where): Mutation =>
        (bytes) =>
          bytes.subarray(0, at(where, bytes)),
    ),
    fc.tuple(place, place).map(
      ([a, b]): Mutation =>
        (bytes) => {
          const [from, to] = two(a, b, bytes);
          return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
        },
    ),
    fc.tuple(place, place, fc.integer({ min: 2, max: 30 })).map(
      ([a, b, times]): Mutation =>
        (bytes) => {
          const [from, to] = two(a, b, bytes);
          const again = bytes.subarray(from, Math.min(to, from + 200));
          return Buffer.concat([
            bytes.subarray(0, from),
            ...Array(times).fill(again),
            bytes.subarray(to),
          ]);
        },
    ),
    fc.tuple(place, place, fc.nat()).map(
      ([a, b, which]): Mutation =>
        (bytes, seeds) => {
          const other = seeds[which % seeds.length];
          return Buffer.concat([bytes.subarray(0, at(a, bytes)), other.subarray(at(b, other))]);
        },
    ),
    fc.tuple(place, fc.constantFrom(...TOKENS), fc.integer({ min: 1, max: 20 })).map(
      ([where, token, times]): Mutation =>
        (bytes) => {
          const from = at(where, bytes);
          return Buffer.concat([
            bytes.subarray(0, from),
            ...Array(times).fill(token),
            bytes.subarray(from),
          ]);
        },
    ),
  );
}

async function fuzz(
  seeds: readonly Buffer[],
  refusals: readonly string[],
  { runs = 1_000_000_000, seconds, seed }: FuzzLimits,
  use: (bytes: Buffer) => Promise<void>,
): Promise<FuzzResult> {
  const counts = { runs: 0, read: 0, refused: 0 };
  const inputs = fc
    .tuple(fc.nat(), fc.array(mutations(), { minLength: 0, maxLength: 5 }))
    .map(([which, changes]) =>
      changes.reduce<Buffer>((bytes, change) => change(bytes, seeds), seeds[which % seeds.length]),
    );
  const property = fc.asyncProperty(inputs, async (bytes) => {
    const begin = performance.now();
    counts.runs++;
    try {
      await use(bytes);
      counts.read++;
    } catch (error) {
      if (!(error instanceof HyperslabError && refusals.includes(error.tag)))
        throw told(bytes, error);
      counts.refused++;
    }
    const took = performance.now() - begin;
    if (took > LONGEST_MS) throw told(bytes, new Error(`It took ${Math.round(took)} ms`));
  });
  await fc.assert(property, {
    numRuns: runs,
    ...(seed !== undefined && { seed }),
    ...(seconds !== undefined && {
      interruptAfterTimeLimit: seconds * 1000,
      markInterruptAsFailure: false,
    }),
  });
  return counts;
}

/** Prints the whole input, so that it can be turned into a test case. */
function told(bytes: Buffer, cause: unknown): Error {
  const text = JSON.stringify(bytes.toString('latin1'));
  return new Error(`Expected a refusal of ${text} but received ${String(cause)}`, { cause });
}

async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'hyperslab-fuzz-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
